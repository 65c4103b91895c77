"""What a refresh costs those who read meanwhile: an analyst's dashboard, idle and under ticks."""

import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Final

import psycopg
from psycopg import IsolationLevel

from helio.accounts.models import User
from helio.bench.line import Line
from helio.bench.place import Place
from helio.bench.timing import milliseconds, percentile
from helio.testing import databases
from portfolios.bench import arrivals, reads
from portfolios.refresh import refresh

IDLE_SECONDS: Final = 8.0
TICKS: Final = 8
PAUSE_SECONDS: Final = 0.02

Sample = tuple[float, float]


def measure(place: Place) -> Iterator[Line]:
    """p95 of a dashboard's reads while ticks are refreshed; floor: of the same reads when idle."""
    person = reads.reader(place)
    as_of, traded = reads.as_of(person), reads.traded_listing(place)
    sent = [
        query
        for read in reads.dashboard(as_of, traded).values()
        for query in reads.recorded(person, read)
    ]
    # A process of its own: threads would share the refresh's interpreter, which readers never do.
    mine, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(
        target=_read_on, args=(theirs, databases.dsn("web", place.database), person, sent)
    )
    process.start()
    try:
        time.sleep(IDLE_SECONDS)
        busy = _ticks(place)
        mine.send("enough")
        samples: list[Sample] = mine.recv()
    finally:
        process.join()
    idle = [took for at, took in samples if at < busy[0][0]]
    during = [took for at, took in samples if any(start <= at <= end for start, end in busy)]
    yield Line(
        "refresh.reader.p95", percentile(during, 0.95), "ms", percentile(idle, 0.95),
        f"{len(sent)} queries of a dashboard, {len(during)} times under {TICKS} ticks",
    )  # fmt: skip


def _ticks(place: Place) -> list[tuple[float, float]]:
    """Refreshes one tick after the other; when each began and ended."""
    spans = []
    firm = arrivals.firm_there(place)
    with databases.django_connected_to(role="worker"):
        for _ in range(TICKS):
            arrivals.tick(firm)
            start = time.monotonic()
            refresh(cause="bench: tick under readers")
            spans.append((start, time.monotonic()))
    return spans


def _read_on(told: Connection, dsn: str, person: User, sent: list[reads.Query]) -> None:
    """Read the dashboard again and again until told that it is enough; send the samples."""
    samples: list[Sample] = []
    with psycopg.connect(dsn, autocommit=True) as web:
        web.isolation_level = IsolationLevel.REPEATABLE_READ
        while not told.poll():
            at = time.monotonic()
            samples.append((at, milliseconds(lambda: _dashboard(web, person, sent))))
            time.sleep(PAUSE_SECONDS)
    told.send(samples)


def _dashboard(web: psycopg.Connection, person: User, sent: list[reads.Query]) -> None:
    with web.transaction():
        reads.identify(web, person)
        reads.replay(web, sent)
