"""What a refresh costs: the whole firm from its facts, a tick, late facts, nothing at all."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import psycopg
from django.conf import settings

from helio.bench.line import Line
from helio.bench.place import Place
from helio.bench.timing import milliseconds
from helio.testing import databases
from portfolios.bench import arrivals, firm
from portfolios.refresh.run import RefreshReport, refresh

# What a build writes, written bare: once, without key or check.
DERIVED: Final = (
    "price_daily",
    "base_price_daily",
    "rollup.portfolio_day",
    "rollup.firm_mover_day",
)
TICKS: Final = 5


def measure(place: Place) -> Iterator[Line]:
    """Lines of the full build and its steps, of what arrives later, of nothing, and of memory."""
    with place.connect("superuser") as owner:
        made = firm.make(owner, place.position_days)
        yield from _build(owner)
        yield from _arrivals(owner, made)
    yield _memory(place)


def _build(owner: psycopg.Connection) -> Iterator[Line]:
    report, took = _timed("build")
    rows = _count(owner, "rollup.position_daily")
    bare = sum(milliseconds(partial(_write_bare, owner, table)) for table in DERIVED)
    yield Line(
        "refresh.build", rows / took * 1000, "position-days/s", rows / bare * 1000,
        f"{rows:,} position-days from facts to version {report.version}",
    )  # fmt: skip
    for step, spent in report.steps.items():
        yield Line(f"refresh.build.{step}", spent, "ms", None, "a step of the full build")


def _write_bare(owner: psycopg.Connection, table: str) -> None:
    owner.execute(f"CREATE UNLOGGED TABLE bench_floor AS SELECT * FROM {table}")
    owner.execute("DROP TABLE bench_floor")


def _arrivals(owner: psycopg.Connection, made: firm.Firm) -> Iterator[Line]:
    last_day = f"SELECT * FROM rollup.position_daily WHERE valued_on = '{made.days[-1]}'"
    floor = milliseconds(lambda: owner.execute(last_day).fetchall())
    ticks = [_timed("tick", partial(arrivals.tick, made)) for _ in range(TICKS)]
    report, took = sorted(ticks, key=lambda one: one[1])[TICKS // 2]
    yield Line(
        "refresh.tick", took, "ms", floor,
        f"new prices of {firm.LISTINGS} listings to a version; the median of {TICKS}, floor: the"
        " positions of the day read",
    )  # fmt: skip
    for step, spent in report.steps.items():
        yield Line(f"refresh.tick.{step}", spent, "ms", None, "a step of the tick")
    late = {
        "backdated_trade": (arrivals.backdated_trade, "a purchase of 60 days ago"),
        "restated_price": (arrivals.restated_price, "a price of two years ago"),
    }
    for name, (arrive, work) in late.items():
        report, took = _timed(name, partial(arrive, made))
        yield Line(f"refresh.{name}", took, "ms", None, f"{work} to version {report.version}")
    _, idle = _timed("nothing new")
    yield Line("refresh.idle", idle, "ms", None, "a look that finds nothing new")


def _timed(cause: str, arrive: Callable[[], None] = lambda: None) -> tuple[RefreshReport, float]:
    """A refresh with what arrives before it, and the milliseconds from arrival to version."""
    reports = []

    def work() -> None:
        arrive()
        reports.append(refresh(cause=f"bench: {cause}"))

    with databases.django_connected_to(role="worker"):
        took = milliseconds(work)
    return reports[0], took


def _memory(place: Place) -> Line:
    """Peak of a worker that values everything again, from its own books to the last figure."""
    command = [sys.executable, "manage.py", "refresh", "--all"]
    environment = databases.serving_environment(place.database, "worker")
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Line(
        "refresh.memory", usage.ru_maxrss / 1024, "MB", None,
        "peak of a worker that values everything again",
    )  # fmt: skip


def _count(owner: psycopg.Connection, table: str) -> int:
    row = owner.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0
