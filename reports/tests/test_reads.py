"""What pages ask the database: together, once; the executive's never a portfolio's series."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helio.accounts.models import User
from portfolios import statements
from reports.templatetags import fragments

pytestmark = pytest.mark.usefixtures("alpha", "_open", "_nothing_kept")

OF_PORTFOLIOS = re.compile(
    r"\b(portfolio_day|exposure_day|benchmark_day|position_daily|position_bucket|holding_state"
    r"|activity_daily|listing_activity|transaction)\b"
)


@pytest.fixture
def _open(django_db_blocker):
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def _nothing_kept(monkeypatch):
    class Nothing:
        def get(self, key):
            return None

        def set(self, key, markup):
            return None

    monkeypatch.setattr(fragments, "store", Nothing)


@pytest.fixture
def alone(monkeypatch):
    """Names of the figures' statements that were sent on their own."""
    sent = []
    rows = statements.rows

    def note(name, **asked):
        sent.append(name.removeprefix("figures/"))
        return rows(name, **asked)

    monkeypatch.setattr(statements, "rows", note)
    return sent


def signed_in(username):
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def statements_of(client, path):
    with CaptureQueriesContext(connection) as asked:
        response = client.get(path)
    assert response.status_code == 200
    return [query["sql"] for query in asked]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?period=all&breakdown=currency",
        "/?as_of=2025-06-30&portfolio=HA-01&portfolio=HA-02",
        "/portfolios/",
        "/portfolios/HA-01/",
        "/portfolios/HA-01/?period=1m",
    ],
)
def test_a_page_reads_its_figures_together(alone, path):
    client = signed_in("analyst1")
    client.get(path)
    alone.clear()
    client.get(path)
    # The days say what is to be asked, the portfolios whether there is anything to show.
    assert set(alone) <= {"valuation_day", "portfolio"}
    assert len(alone) == len(set(alone))


@pytest.mark.parametrize("path", ["/", "/portfolios/", "/portfolios/HA-01/"])
def test_a_page_asks_nothing_twice(path):
    client = signed_in("analyst1")
    client.get(path)  # the first reading in a session leaves an event, in a transaction of its own
    sent = statements_of(client, path)
    twice = {one for one in sent if sent.count(one) > 1 and "security.enter" not in one}
    assert not twice


def test_a_part_of_a_page_reads_that_part_alone():
    client = signed_in("analyst1")
    with CaptureQueriesContext(connection) as asked:
        client.get("/?breakdown=currency", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="exposure-panel")
    sent = " ".join(query["sql"] for query in asked)
    assert "figures.position_bucket" in sent
    assert "position_daily" not in sent


def test_the_executives_page_reads_aggregates_alone():
    sent = statements_of(signed_in("executive1"), "/firm/?period=all")
    read = [one for one in sent if OF_PORTFOLIOS.search(re.sub(r"--[^\n]*", "", one))]
    assert not read
    # The firm, its desks, their risk, the movers, the course; and who is missing from the sums.
    assert sum("figures." in one for one in sent) <= 6
    assert len(sent) <= 20
