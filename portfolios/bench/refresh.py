"""What a refresh costs: the whole firm from its facts, a tick of all prices, nothing at all."""

from collections.abc import Iterator
from pathlib import Path

import psycopg

from helio.bench.line import Line
from helio.bench.place import Place
from helio.bench.timing import milliseconds
from helio.testing import databases
from portfolios.bench import firm
from portfolios.refresh.run import RefreshReport, refresh

TICK = Path(__file__).with_name("tick.sql")
BARE_WRITE = "CREATE UNLOGGED TABLE bench_floor AS SELECT * FROM rollup.portfolio_day"


def measure(place: Place) -> Iterator[Line]:
    """Lines of the full build and its steps, of a price tick and of a look that finds nothing."""
    with place.connect("superuser") as owner:
        made = firm.make(owner, place.position_days)
        yield from _build(owner)
        yield from _tick(owner, made)


def _build(owner: psycopg.Connection) -> Iterator[Line]:
    report, took = _refreshed("bench: build")
    rows = _count(owner, "rollup.position_daily")
    bare = milliseconds(lambda: owner.execute(BARE_WRITE))
    owner.execute("DROP TABLE bench_floor")
    yield Line(
        "refresh.build", rows / took * 1000, "position-days/s", rows / bare * 1000,
        f"{rows:,} position-days from facts to version {report.version}",
    )  # fmt: skip
    for step, took in report.steps.items():
        yield Line(f"refresh.build.{step}", took, "ms", None, "a step of the full build")


def _tick(owner: psycopg.Connection, made: firm.Firm) -> Iterator[Line]:
    owner.execute(TICK.read_text(encoding="utf-8"))
    report, took = _refreshed("bench: tick")
    on_last_day = f"SELECT * FROM rollup.position_daily WHERE valued_on = '{made.days[-1]}'"
    floor = milliseconds(lambda: owner.execute(on_last_day).fetchall())
    yield Line(
        "refresh.tick", took, "ms", floor,
        f"new prices of {firm.LISTINGS} listings to version {report.version}",
    )  # fmt: skip
    _, idle = _refreshed("bench: nothing new")
    yield Line("refresh.idle", idle, "ms", None, "a look that finds nothing new")


def _refreshed(cause: str) -> tuple[RefreshReport, float]:
    reports = []
    with databases.django_connected_to(role="worker"):
        took = milliseconds(lambda: reports.append(refresh(cause=cause)))
    return reports[0], took


def _count(owner: psycopg.Connection, table: str) -> int:
    row = owner.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
