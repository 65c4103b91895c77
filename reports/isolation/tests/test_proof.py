"""The differential proof at a small size, and leaks planted for it to find."""

from collections.abc import Callable
from itertools import count
from random import Random

import psycopg
import pytest

from helio.testing import databases
from reports.isolation import addresses, cast, truth
from reports.isolation.relations import RelationReader
from reports.isolation.run import Size, prove
from reports.isolation.tally import Tally

Connect = Callable[..., psycopg.Connection]
SMALL = Size(
    reads=600,
    people=24,
    sessions=6,
    pages=150,
    rounds=0,
    deaths=4,
    readers=1,
    seconds_between_failures=4.0,
)
# Each of several statements.
READS = 40
SEEDS = count(11)
WATCHED = {"figures.portfolio_day", "public.transaction", "public.holding_state"}


@pytest.fixture
def superuser(alpha: str, connect_as: Connect) -> psycopg.Connection:
    """For what no role of ours may do."""
    return connect_as("superuser", autocommit=True)


def read_relations(alpha: str, superuser: psycopg.Connection, plant: Callable[[], None]) -> Tally:
    """What reading relations finds, with something planted after the truth was read."""
    rng, tally = Random(next(SEEDS)), Tally()
    there = truth.read(superuser, rng)
    there.relations = [one for one in there.relations if one.name in WATCHED]
    people = cast.enrol(superuser, 12, list(there.codes), rng)
    plant()
    reader = RelationReader(databases.dsn("web", alpha), there, people.access, tally)
    for _ in range(READS):
        reader.read(rng.choice(people.members), rng)
    reader.close()
    return tally


def test_every_address_is_read_or_said_not_to_be() -> None:
    assert addresses.forgotten() == set()


def test_nobody_sees_a_row_too_many_or_too_few(alpha: str) -> None:
    tally = prove(alpha, SMALL, seed=5)
    assert tally.passed, "\n".join(tally.wrong)
    assert tally.total >= SMALL.reads
    assert set(tally.reads) == {"relation", "page", "export", "push"}
    assert tally.rows > 10_000
    assert {"web process", "all connections", "cache server"} < set(tally.deaths)
    assert {"worker at work", "idle worker"} & set(tally.deaths)


def test_without_a_plant_nothing_is_found(alpha: str, superuser: psycopg.Connection) -> None:
    assert read_relations(alpha, superuser, lambda: None).passed


def test_a_view_that_forgets_the_perimeter_is_found(
    alpha: str, superuser: psycopg.Connection
) -> None:
    row = superuser.execute("SELECT pg_get_viewdef('figures.portfolio_day'::regclass)").fetchone()
    assert row is not None
    cut, _, _ = row[0].partition("WHERE")

    def plant() -> None:
        superuser.execute(
            f"CREATE OR REPLACE VIEW figures.portfolio_day WITH (security_barrier) AS {cut}"
        )

    try:
        tally = read_relations(alpha, superuser, plant)
    finally:
        superuser.execute(
            f"CREATE OR REPLACE VIEW figures.portfolio_day WITH (security_barrier) AS {row[0]}"
        )
    assert tally.foreign_rows > 0
    assert not tally.passed
    assert any("figures.portfolio_day" in words for words in tally.wrong)


def test_a_policy_that_opens_a_table_is_found(alpha: str, superuser: psycopg.Connection) -> None:
    def plant() -> None:
        superuser.execute("DROP POLICY perimeter_floor ON transaction")
        superuser.execute("CREATE POLICY planted ON transaction TO helio_web USING (true)")

    tally = read_relations(alpha, superuser, plant)
    superuser.execute("DROP POLICY planted ON transaction")
    assert any("public.transaction" in words and "foreign" in words for words in tally.wrong)


def test_rows_that_are_hidden_or_altered_are_found(
    alpha: str, superuser: psycopg.Connection
) -> None:
    def plant() -> None:
        superuser.execute(
            "UPDATE holding_state SET fifo_cost = fifo_cost + 1 WHERE listing_id % 7 = 0"
        )
        superuser.execute(
            "CREATE POLICY planted ON transaction AS RESTRICTIVE TO helio_web USING (id % 2 = 0)"
        )

    tally = read_relations(alpha, superuser, plant)
    assert tally.foreign_rows == 0
    told = " ".join(tally.wrong)
    assert "missing" in told
    assert "public.transaction" in told
    assert "public.holding_state" in told
