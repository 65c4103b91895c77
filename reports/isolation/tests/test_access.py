"""The oracle's books: what surely and what possibly was open while somebody read."""

from reports.isolation.access import NEVER, Access, Moment

ANN, L1, L2 = 1, 11, 12


def test_what_was_open_all_the_time_must_be_seen() -> None:
    access = Access()
    access.open(ANN, [L1], ["grant"], begins=Moment(10, 11), ends=Moment.at(20))
    assert access.must(ANN, 12, 15) == {L1} == access.may(ANN, 12, 15)


def test_while_it_begins_or_ends_both_answers_are_right() -> None:
    access = Access()
    access.open(ANN, [L1], ["grant"], begins=Moment(10, 11), ends=Moment.at(20))
    for start, end in ((10.5, 12), (9, 10), (19, 21), (20, 22)):
        assert access.must(ANN, start, end) == set()
        assert access.may(ANN, start, end) == {L1}


def test_before_and_after_it_must_not_be_seen() -> None:
    access = Access()
    access.open(ANN, [L1], ["grant"], begins=Moment(10, 11), ends=Moment.at(20))
    assert access.may(ANN, 5, 9.9) == set() == access.may(ANN, 20.1, 30)


def test_a_way_ends_with_the_first_thing_it_hangs_on() -> None:
    access = Access()
    access.open(ANN, [L1, L2], ["grant", "member"], begins=Moment.at(0), ends=NEVER)
    access.open(ANN, [L2], ["another grant"], begins=Moment.at(0), ends=NEVER)
    access.close("member", Moment(5, 6))
    assert access.may(ANN, 4, 4.5) == {L1, L2}
    assert access.may(ANN, 7, 8) == {L2} == access.must(ANN, 7, 8)


def test_what_a_stranger_may_see_is_nothing() -> None:
    assert Access().may(ANN, 0, 1) == set()
