"""Query parameters are read strictly and refused in a sentence."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import BadRequest
from django.test import RequestFactory

from helio.pages import parameters


def request(query):
    return RequestFactory().get(f"/?{query}")


def test_an_unknown_parameter_is_refused_by_name():
    with pytest.raises(BadRequest, match=r"takes no “sort_by”\. It takes as_of, sort"):
        parameters.accept(request("sort_by=name"), "sort")


def test_an_unknown_column_is_refused_with_the_known_ones():
    with pytest.raises(BadRequest, match=r"cannot be sorted by “-colour”\. It can by name, value"):
        parameters.sorting(request("sort=-colour"), ("name", "value"), "name")
    assert parameters.sorting(request("sort=-name"), ("name",), "name") == "-name"


@pytest.mark.parametrize("text", ["2025-02-30", "31.10.2025", "yesterday", "2025-10-31T00:00"])
def test_a_date_that_is_none_is_refused(text):
    with pytest.raises(BadRequest, match="is no date for from"):
        parameters.day(request(f"from={text}"), "from")


def test_dates_and_times_are_read():
    assert parameters.day(request("from=2025-10-31"), "from") == date(2025, 10, 31)
    assert parameters.day(request(""), "from") is None
    moment = parameters.instant(request("known_at=2025-10-31T18:00%2B02:00"), "known_at")
    assert moment == datetime(2025, 10, 31, 16, tzinfo=UTC)
    assert parameters.instant(request("known_at=2025-10-31T18:00"), "known_at").tzinfo is UTC


@pytest.mark.parametrize("text", ["0", "-1", "x", "3", "9" * 12])
def test_a_page_that_is_not_there_is_refused(text):
    with pytest.raises(BadRequest):
        parameters.paged(request(f"page={text}"), 60)


def test_pages_share_their_rows_out():
    page = parameters.paged(request("page=2"), 60)
    assert (page.window, page.shown) == (slice(50, 100), (51, 60))
    assert (page.previous, page.next) == (1, None)
    assert parameters.paged(request(""), 0).last == 1


def test_a_code_that_cannot_be_one_is_refused():
    assert parameters.codes(request("portfolio=HA-01&portfolio=HA-02")) == ["HA-01", "HA-02"]
    with pytest.raises(BadRequest, match="no portfolio code"):
        parameters.codes(request("portfolio=%27;--"))
