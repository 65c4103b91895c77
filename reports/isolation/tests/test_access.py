"""The oracle's books: what surely and what possibly was open while somebody read."""

import pytest

from reports.isolation.access import Access, Moment, happening

ANN, L1, L2 = 1, 11, 12


@pytest.fixture
def access() -> Access:
    """One portfolio is open to Ann from 10 or 11 until 20."""
    books = Access()
    books.open(ANN, [L1], ["grant"], begins=[Moment(10, 11)], ends=[Moment.at(20)])
    return books


def test_what_was_open_all_the_time_must_be_seen(access: Access) -> None:
    assert access.must(ANN, 12, 15) == {L1} == access.may(ANN, 12, 15)


@pytest.mark.parametrize("span", [(10.5, 12), (9, 10), (19, 21), (20, 22)])
def test_while_it_begins_or_ends_both_answers_are_right(access: Access, span) -> None:
    assert access.must(ANN, *span) == set()
    assert access.may(ANN, *span) == {L1}


def test_before_and_after_it_must_not_be_seen(access: Access) -> None:
    assert access.may(ANN, 5, 9.9) == set() == access.may(ANN, 20.1, 30)


def test_a_way_ends_with_the_first_thing_it_hangs_on() -> None:
    access = Access()
    access.open(ANN, [L1, L2], ["grant", "member"])
    access.open(ANN, [L2], ["another grant"])
    access.close("member", Moment(5, 6))
    assert access.may(ANN, 4, 4.5) == {L1, L2}
    assert access.may(ANN, 7, 8) == {L2} == access.must(ANN, 7, 8)


def test_what_is_being_done_is_undecided_until_it_is_done() -> None:
    access = Access()
    with happening() as moment:
        access.open(ANN, [L1], ["grant"], begins=[moment])
        start = moment.earliest
        assert access.may(ANN, start, start + 1000) == {L1}
        assert access.must(ANN, start, start + 1000) == set()
    assert access.must(ANN, moment.latest + 1, moment.latest + 2) == {L1}
    assert access.may(ANN, start - 2, start - 1) == set()


def test_what_a_stranger_may_see_is_nothing() -> None:
    assert Access().may(ANN, 0, 1) == set()
