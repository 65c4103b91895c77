"""Rows a second from files to facts, floor: COPY and merge of the same rows and nothing else."""

import csv
import json
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import psycopg

from helio.bench.line import Line
from helio.bench.place import Place, bench_place
from helio.bench.timing import milliseconds
from helio.testing import databases
from ingestion.landing.delivery import Delivery
from ingestion.management.commands.demo import ALPHA
from ingestion.models import Source
from ingestion.pipeline.definitions import SHIPPED, definition_of, load_definitions
from ingestion.pipeline.gather import gather
from ingestion.pipeline.run import ingest

# Records and prices of each size.
ROWS: Final = {"S": (50_000, 200_000), "M": (250_000, 1_000_000), "L": (1_000_000, 5_000_000)}
QUOTES_EACH: Final = 50_000
FIRST_PRICE: Final = date(1990, 1, 1)
TRADE: Final = {
    "version_no": 1, "record_status": "NEW", "record_kind": "EQT", "book_code": "NYC/GRW/02",
    "buy_sell": "B", "symbol": "ZGRL", "market_code": "XNYS", "units": 100, "unit_price": "4.00",
    "price_unit": "USD", "consideration": "400.00", "charges": "0.16",
    "settlement_amount": "400.16", "settlement_currency": "USD",
    "dealt_local": "2024-01-05 12:00:00", "captured_local": "2024-01-05 12:05:00",
    "zone_name": "America/New_York", "settles_on": "2024-01-09",
}  # fmt: skip


def measure(place: Place) -> Iterator[Line]:
    """Lines for order records and for prices, each first delivered and sent again."""
    records, prices = ROWS[place.size]
    with (
        tempfile.TemporaryDirectory(prefix="helio-bench-") as folder,
        # A place of its own: the books of the shipped case are not those of the made firm.
        bench_place(place.size) as own,
        own.connect("worker") as worker,
        databases.django_connected_to(role="worker"),
    ):
        _reference_data()
        trades = [_blotter(Path(folder), records)]
        yield from _measured("blotter", "transaction", trades, records, worker)
        quotes = _quotes(Path(folder), prices)
        yield from _measured("vendor", "price", quotes, prices, worker)


def _measured(
    source: str, table: str, files: list[Path], rows: int, worker: psycopg.Connection
) -> Iterator[Line]:
    taken = milliseconds(lambda: _ingest(source, files))
    floor = _bare(worker, table, rows)
    name = f"ingest.{source}"
    work = f"{rows:,} rows in {len(files)} files"
    yield Line(name, rows / taken * 1000, "rows/s", floor, work)
    for file in files:
        file.write_bytes(file.read_bytes() + b"\n")
    again = milliseconds(lambda: _ingest(source, files))
    yield Line(f"{name}.again", rows / again * 1000, "rows/s", floor, f"{work}, sent again")


def _ingest(source: str, files: list[Path]) -> None:
    deliveries = [Delivery(file.name, file, "bench", "bench") for file in files]
    batch = ingest(Source.objects.get(name=source), deliveries, by="bench")
    if batch is None or batch.quarantined or batch.rejected or batch.files_rejected:
        raise RuntimeError(f"The benchmark's own {source} files were not taken whole.")


def _reference_data() -> None:
    load_definitions(SHIPPED, by="bench")
    for name, folder in (("crosswalk", "crosswalk"), ("reference", "sources/vendor")):
        source = Source.objects.get(name=name)
        found = gather(ALPHA / folder, [definition_of(source)], by="bench")
        ingest(source, found[name], by="bench")


def _bare(worker: psycopg.Connection, table: str, rows: int) -> float:
    """Rows a second of COPY into a bare table and a merge into one with the fact's indexes."""
    worker.execute(f"CREATE TEMP TABLE bare AS SELECT * FROM {table} LIMIT 0")
    worker.execute(f"CREATE TEMP TABLE merged (LIKE {table} INCLUDING INDEXES)")
    columns = [
        row[0] for row in worker.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'bare'::regclass AND attnum > 0"
        ).fetchall()
    ]  # fmt: skip
    listed = ", ".join(columns)
    with worker.cursor().copy(
        f"COPY (SELECT {listed} FROM {table} ORDER BY id DESC LIMIT {rows}) TO STDOUT"
    ) as out:
        data = b"".join(out)

    def copy_and_merge() -> None:
        with worker.cursor().copy(f"COPY bare ({listed}) FROM STDIN") as sink:
            sink.write(data)
        worker.execute(f"INSERT INTO merged SELECT {listed} FROM bare ON CONFLICT DO NOTHING")

    took = milliseconds(copy_and_merge)
    worker.execute("DROP TABLE bare, merged")
    return rows / took * 1000


def _blotter(folder: Path, records: int) -> Path:
    path = folder / "bench_blotter.csv"
    with (ALPHA / "sources/blotter/blotter_2024-Q1.csv").open(encoding="utf-8") as sample:
        header = next(csv.reader(sample))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows({"order_no": f"BENCH{number}"} | TRADE for number in range(records))
    return path


def _quotes(folder: Path, prices: int) -> list[Path]:
    figis = [row["figi"] for row in _first_page()["results"]]
    paths = []
    for page, start in enumerate(range(0, prices, QUOTES_EACH), start=1):
        results = [
            _quote(figis[at % len(figis)], FIRST_PRICE + timedelta(days=at // len(figis)))
            for at in range(start, min(start + QUOTES_EACH, prices))
        ]
        body = {
            "resource": "quotes", "retrieved_at": "2026-01-02T04:10:00Z", "page_no": 1,
            "page_count": 1, "next": None, "results": results,
        }  # fmt: skip
        lines = json.dumps(body, separators=(",", ":")).replace("},{", "},\n{")
        paths.append(folder / f"quotes-bench-{page:04d}.json")
        paths[-1].write_text(lines, encoding="utf-8")
    return paths


def _quote(figi: str, day: date) -> dict[str, object]:
    return {
        "figi": figi, "on": day.isoformat(), "last": "64.20", "unit": "USD", "rev": 0,
        "released_at": f"{day.isoformat()}T22:00:00Z",
    }  # fmt: skip


def _first_page() -> dict[str, list[dict[str, str]]]:
    page = json.loads((ALPHA / "sources/vendor/quotes/page-0001.json").read_text("utf-8"))
    unique = {row["figi"]: row for row in page["results"]}
    return {"results": list(unique.values())}
