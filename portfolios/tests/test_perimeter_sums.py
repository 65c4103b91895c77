"""The sums kept of perimeters in use: the digits of adding up, for who sees exactly the set."""

from collections.abc import Callable
from datetime import date
from random import Random

import psycopg
import pytest
from django.db import connection, transaction

from helio.rls.identity import acting_as
from helio.rls.middleware import one_state
from helio.testing import databases
from portfolios.figures import ground
from portfolios.models import Portfolio
from portfolios.refresh import mark_affected, refresh
from portfolios.tests.conftest import Reader
from portfolios.tests.support import disturbances, people

pytestmark = pytest.mark.usefixtures("figures", "as_worker")

KEPT = "SELECT portfolio_ids FROM rollup.perimeter ORDER BY portfolio_ids"
SEEN = "SELECT count(*) FROM figures.perimeter_day"
SPAN = {"start": date(1970, 1, 1), "until": date(2030, 1, 1)}


@pytest.fixture
def owner(connect_as: Callable[..., psycopg.Connection]) -> psycopg.Connection:
    """A superuser's connection, autocommitting, for what no role of ours may do."""
    return connect_as("superuser", autocommit=True)


def _person(owner: psycopg.Connection, name: str, *codes: str) -> Reader:
    """An analyst of these portfolios who has just signed in."""
    person = people.enter(owner, name, roles=("analyst",), portfolios=codes)
    owner.execute("UPDATE person SET last_login = now() WHERE id = %s", [person])
    return Reader(person)


def _refreshed(**marks: object) -> None:
    with transaction.atomic():
        mark_affected(**{"batch_id": 1, "cause": "test", "from_on": date(2025, 12, 30), **marks})
    refresh(cause="test")


def _ids(owner: psycopg.Connection, *codes: str) -> list[int]:
    found = owner.execute(
        "SELECT id FROM portfolio WHERE code = ANY (%s) ORDER BY id", [list(codes)]
    )
    return [row[0] for row in found]


def _kept(owner: psycopg.Connection) -> list[list[int]]:
    return [row[0] for row in owner.execute(KEPT)]


def _as(person: Reader) -> tuple[int, list[object], list[object]]:
    """How many kept days a person finds, the sums over all they see, and the same added up."""
    with databases.django_connected_to(role="web"), one_state(), acting_as(person):
        with connection.cursor() as cursor:
            cursor.execute(SEEN)
            [count] = cursor.fetchone()
        ids = list(Portfolio.objects.values_list("pk", flat=True))
        sums, added = (
            ground.rows("aggregate_day", None, currency="GBP", portfolio_ids=asked, **SPAN)
            for asked in (None, ids)
        )
    return count, sums, added


@pytest.mark.parametrize("seed", [4, 5])
def test_kept_sums_are_what_adding_up_gives(owner: psycopg.Connection, seed: int) -> None:
    person = _person(owner, f"sums-{seed}", "HA-01", "HA-05", "HA-14")
    _refreshed()
    rng = Random(seed)
    for disturb in disturbances.ALL:
        _refreshed(**disturb(owner, rng))
        count, sums, added = _as(person)
        assert count == len(sums) > 250
        assert sums == added, disturb.__name__


def test_one_portfolio_less_and_nothing_of_the_set_is_seen(owner: psycopg.Connection) -> None:
    both = _person(owner, "both", "HA-01", "HA-05")
    one = _person(owner, "one", "HA-01")
    _refreshed()
    assert _ids(owner, "HA-01", "HA-05") in _kept(owner)
    assert _as(both)[0] > 250
    count, sums, added = _as(one)
    assert count == 0
    assert sums == added != []
    # The grant ends: what was kept is of no use any more, from this moment on.
    owner.execute(
        "UPDATE portfolio_user_grant SET valid_until = now() WHERE user_id = %s"
        " AND content_object_id = (SELECT id FROM portfolio WHERE code = 'HA-05')",
        [both.pk],
    )
    ended, sums, mine = _as(both)
    assert ended == 0
    assert sums == mine == added
    _refreshed()
    assert _ids(owner, "HA-01", "HA-05") not in _kept(owner)


def test_nobody_who_has_been_away_has_sums_kept(owner: psycopg.Connection) -> None:
    away = _person(owner, "away", "HA-02", "HA-06")
    gone = _person(owner, "gone", "HA-02", "HA-07")
    owner.execute(
        "UPDATE person SET last_login = now() - interval '31 days' WHERE id = %s", [away.pk]
    )
    owner.execute("UPDATE person SET is_active = false WHERE id = %s", [gone.pk])
    _refreshed()
    kept = _kept(owner)
    assert _ids(owner, "HA-02", "HA-06") not in kept
    assert _ids(owner, "HA-02", "HA-07") not in kept
