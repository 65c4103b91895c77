"""Rows a second from CSV to facts, floor: COPY and merge of the same rows and nothing else."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import psycopg
from django.conf import settings
from psycopg import sql

from helio.bench.line import Line
from helio.bench.place import Place, bench_place
from helio.bench.timing import milliseconds
from helio.testing import databases
from ingestion.bench import feed
from ingestion.landing.delivery import Delivery
from ingestion.models import Batch, Source
from ingestion.pipeline.definitions import SHIPPED, load_definitions
from ingestion.pipeline.run import ingest

# Orders and closes of each size.
ROWS: Final = {"S": (50_000, 200_000), "M": (250_000, 1_000_000), "L": (1_000_000, 5_000_000)}
DEFINITION: Final = Path(__file__).parent / "bench.toml"
KILOBYTE: Final = 1024
FLOOR_RUNS: Final = 3


def measure(place: Place) -> Iterator[Line]:
    """Lines for orders and closes: delivered, sent again, corrected late; and peak memory."""
    orders, closes = ROWS[place.size]
    with (
        tempfile.TemporaryDirectory(prefix="helio-bench-") as name,
        # A place of its own: the books of the shipped case are not those of the made firm.
        bench_place(place.size) as own,
        own.connect("superuser") as owner,
        databases.django_connected_to(role="worker"),
    ):
        folder = Path(name)
        _reference(folder)
        yield from _memory(own, folder, closes // 50)
        path = feed.orders(folder / "bench_blotter.csv", orders)
        yield from _measured("blotter", "transaction", path, orders, owner)
        path = feed.closes(folder / "bench_closes.csv", closes)
        yield from _measured("bench", "price", path, closes, owner)
        yield from _corrected(folder)


def _measured(
    source: str, table: str, path: Path, rows: int, owner: psycopg.Connection
) -> Iterator[Line]:
    taken = milliseconds(lambda: _ingest(source, path))
    floor = _bare(owner, table)
    name, work = f"ingest.{table}", f"{rows:,} rows from one CSV"
    yield Line(name, rows / taken * 1000, "rows/s", floor, work)
    with path.open("ab") as file:
        file.write(b"\n")  # other bytes, the same records
    again = milliseconds(lambda: _ingest(source, path))
    yield Line(f"{name}.again", rows / again * 1000, "rows/s", floor, f"{work}, sent again")


def _corrected(folder: Path) -> Iterator[Line]:
    """One order amended and one close restated, both of long ago; floor: nothing new to take."""
    order = feed.late_order(folder / "bench_late_blotter.csv")
    close = feed.restated_close(folder / "bench_closes_late.csv")
    idle = folder / "bench_venues_again.csv"
    idle.write_bytes((folder / "bench_venues.csv").read_bytes() + b"\n")
    floor = milliseconds(lambda: _ingest("bench", idle))
    for source, path in (("blotter", order), ("bench", close)):
        took = milliseconds(partial(_ingest, source, path))
        work = "one record of an old month; floor: two records known before"
        yield Line(f"ingest.late.{source}", took, "ms", floor, work)


def _memory(own: Place, folder: Path, rows: int) -> Iterator[Line]:
    """Peak memory of a process that takes a file ten times as long; floor: the shorter one."""
    peaks = [
        _peak(own, feed.closes(folder / f"bench_closes_{times}.csv", rows * times))
        for times in (1, 10)
    ]
    work = f"{rows * 10:,} rows in one CSV; floor: {rows:,}"
    yield Line("ingest.memory", peaks[1], "MB", peaks[0], work)


def _peak(own: Place, path: Path) -> float:
    """Megabytes at most resident in ``manage.py ingest`` of the file."""
    command = [sys.executable, "manage.py", "ingest", "bench", "--path", str(path)]
    process = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=databases.serving_environment(own.database, "worker"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"The benchmark could not ingest {path.name}.")
    return usage.ru_maxrss / KILOBYTE


def _ingest(source: str, *paths: Path) -> Batch:
    deliveries = [Delivery(path.name, path, "bench", "bench") for path in paths]
    batch = ingest(Source.objects.get(name=source), deliveries, by="bench")
    if batch is None or batch.quarantined or batch.rejected or batch.files_rejected:
        raise RuntimeError(f"The benchmark's own {source} files were not taken whole.")
    return batch


def _reference(folder: Path) -> None:
    load_definitions(SHIPPED, by="bench")
    load_definitions(DEFINITION, by="bench")
    _ingest("bench", *feed.reference(folder))
    _ingest("crosswalk", *feed.crosswalk(folder))


def _bare(owner: psycopg.Connection, table: str) -> float:
    """Rows a second of COPY into an unlogged table and a merge into one with the fact's indexes.

    The median of several runs: one alone swings by a third with what the disk is doing.
    """
    return median(_bare_once(owner, table) for _ in range(FLOOR_RUNS))


def _bare_once(owner: psycopg.Connection, table: str) -> float:
    names = {
        "bare": sql.Identifier("bare"),
        "merged": sql.Identifier("merged"),
        "table": sql.Identifier(table),
    }
    for statement in (
        "CREATE UNLOGGED TABLE {bare} AS SELECT * FROM {table} LIMIT 0",
        "CREATE TABLE {merged} (LIKE {table} INCLUDING INDEXES)",
    ):
        owner.execute(sql.SQL(statement).format(**names))
    with owner.cursor().copy(sql.SQL("COPY {table} TO STDOUT").format(**names)) as out:
        data = b"".join(out)

    def copy_and_merge() -> None:
        with owner.cursor().copy(sql.SQL("COPY {bare} FROM STDIN").format(**names)) as sink:
            sink.write(data)
        merge = "INSERT INTO {merged} SELECT * FROM {bare} ON CONFLICT DO NOTHING"
        owner.execute(sql.SQL(merge).format(**names))

    took = milliseconds(copy_and_merge)
    [(rows,)] = owner.execute(sql.SQL("SELECT count(*) FROM {merged}").format(**names)).fetchall()
    owner.execute(sql.SQL("DROP TABLE {bare}, {merged}").format(**names))
    return float(rows) / took * 1000
