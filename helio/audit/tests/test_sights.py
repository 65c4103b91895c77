"""Who saw which portfolio stands in the trail, once a session, and only what was seen."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.test import Client

from helio.testing import firm

Connect = Callable[..., psycopg.Connection]
SEEN = (
    "SELECT actor, object, portfolio_id, detail->>'page' FROM audit_event"
    " WHERE action = 'portfolio viewed' ORDER BY id"
)


@pytest.fixture(scope="module")
def cast(fresh_database: str) -> firm.Firm:
    return firm.found(fresh_database)


def signed_in(name: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"username": name, "password": firm.PASSWORD})
    return client


def rows(connect_as: Connect, statement: str) -> list[Any]:
    return connect_as("superuser").execute(statement).fetchall()


def test_a_portfolio_is_noted_once_a_session(cast: firm.Firm, connect_as: Connect):
    first = signed_in("ann")
    for address in ("", "positions/", "transactions/", ""):
        first.get(f"/portfolios/L-1/{address}")
    seen = [("ann", "L-1", cast.portfolios["L-1"], "portfolio")]
    assert rows(connect_as, SEEN) == seen
    signed_in("ann").get("/portfolios/L-1/")
    assert rows(connect_as, SEEN) == seen * 2


def test_what_was_refused_was_not_seen(cast: firm.Firm, connect_as: Connect):
    before = rows(connect_as, SEEN)
    stranger = signed_in("abe")
    assert stranger.get("/portfolios/L-1/").status_code == 404
    Client().get("/portfolios/L-1/")
    assert rows(connect_as, SEEN) == before


def test_nobody_notes_a_sight_outside_their_perimeter_or_without_an_identity(
    cast: firm.Firm, connect_as: Connect
):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect_as("web").execute("SELECT security.note_sight('x', 'page', 'L-1')")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect_as("web").execute("SELECT * FROM session_sight")


def test_the_trail_that_left_as_a_file_is_an_event(cast: firm.Firm, connect_as: Connect):
    auditor = signed_in("ada")
    assert auditor.get("/audit/trail.csv?person=ann").status_code == 200
    last = "SELECT actor, action, object FROM audit_event ORDER BY id DESC LIMIT 1"
    assert rows(connect_as, last) == [("ada", "audit trail exported", "person=ann")]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?object=ANN", 200),
        ("?action=sign-in", 200),
        ("?action=sabotage", 400),
        ("?object=%00", 400),
        ("?from=yesterday", 400),
        ("?colour=red", 400),
    ],
)
def test_the_search_refuses_what_it_does_not_know(cast: firm.Firm, query: str, status: int):
    answer = signed_in("ada").get(f"/audit/{query}")
    assert answer.status_code == status
    if status == 200:
        assert "sign-in" in answer.content.decode()


def test_the_trail_is_for_auditors(cast: firm.Firm):
    for name in ("ann", "mia", "root", "otto"):
        assert signed_in(name).get("/audit/").status_code == 403
