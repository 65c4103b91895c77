"""The benchmark's own files: a made market of listings, closes and orders, the same every time."""

import csv
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from stdnum import figi

SEED: Final = 20251231
LISTINGS: Final = 2_000
BOOKS: Final = 500
LAST_DAY: Final = date(2025, 12, 31)
VENUES: Final = {"XLON": ("Europe/London", "GBP"), "XNYS": ("America/New_York", "USD")}
ORDER_COLUMNS: Final = (
    "order_no", "version_no", "record_status", "record_kind", "book_code", "buy_sell", "symbol",
    "market_code", "cusip_no", "units", "unit_price", "price_unit", "consideration", "charges",
    "tax_withheld", "settlement_amount", "settlement_currency", "counter_amount",
    "counter_currency", "ratio", "dealt_local", "captured_local", "zone_name", "effective_on",
    "settles_on", "remark",
)  # fmt: skip
CLOSE_COLUMNS: Final = ("figi", "on", "last", "unit", "rev", "released_at")
# The number of an order that lies two years back.
LONG_AGO: Final = 729
# Of a hundred orders so many are amended later.
AMENDED_PERCENT: Final = 2


def reference(folder: Path) -> list[Path]:
    """Files of the venues and listings."""
    venues = [(mic, zone) for mic, (zone, _) in VENUES.items()]
    listings = [
        (f"L{n:05d}", figi_of(n), mic_of(n), VENUES[mic_of(n)][1], f"Issue {n}", symbol_of(n))
        for n in range(LISTINGS)
    ]
    return [
        _write(folder / "bench_venues.csv", ("mic", "zone"), venues),
        _write(
            folder / "bench_listings.csv",
            ("line", "figi", "mic", "unit", "name", "symbol"),
            listings,
        ),
    ]


def crosswalk(folder: Path) -> list[Path]:
    """Files of the portfolios and their books."""
    portfolios = [
        (f"BP-{n:03d}", f"Portfolio {n}", f"CL-{n:03d}", "USD", "London", "", "2000-01-01", "")
        for n in range(BOOKS)
    ]
    keys = [(f"BP-{n:03d}", "OMS", book_of(n), "", "") for n in range(BOOKS)]
    return [
        _write(
            folder / "portfolios.csv",
            ("portfolio_id", "portfolio_name", "client_id", "base_currency", "desk", "team",
             "opened_on", "closed_on"),
            portfolios,
        ),
        _write(
            folder / "portfolio_keys.csv",
            ("portfolio_id", "system", "system_key", "applies_from", "applies_until"),
            keys,
        ),
    ]  # fmt: skip


def closes(path: Path, rows: int) -> Path:
    """A file of closes: every listing, session by session, back from the last day."""
    random = Random(SEED)  # noqa: S311 (prices of a benchmark)
    levels = [random.randint(500, 90_000) for _ in range(LISTINGS)]

    def made() -> Iterable[tuple[object, ...]]:
        for n in range(rows):
            day = LAST_DAY - timedelta(days=n // LISTINGS)
            at = n % LISTINGS
            cents = levels[at] + random.randint(-400, 400)
            unit = VENUES[mic_of(at)][1]
            yield figi_of(at), day, f"{cents // 100}.{cents % 100:02d}", unit, 0, f"{day}T22:00:00Z"

    return _write(path, CLOSE_COLUMNS, made())


def orders(path: Path, rows: int) -> Path:
    """A file of orders, two of a hundred amended later on the same day."""
    random = Random(SEED)  # noqa: S311 (prices of a benchmark)
    amended = rows * AMENDED_PERCENT // 100

    def made() -> Iterable[tuple[object, ...]]:
        for n in range(rows - amended):
            yield _order(n, 1, random)
        for n in range(amended):
            yield _order(n * (100 // AMENDED_PERCENT) - n, 2, random)

    return _write(path, ORDER_COLUMNS, made())


def late_order(path: Path) -> Path:
    """A file that amends one order of long ago."""
    return _write(path, ORDER_COLUMNS, [_order(LONG_AGO, 3, Random(SEED))])  # noqa: S311


def restated_close(path: Path) -> Path:
    """A file that restates one close of long ago."""
    day = LAST_DAY - timedelta(days=20)
    row = (figi_of(0), day, "12.34", VENUES[mic_of(0)][1], 1, f"{LAST_DAY}T22:00:00Z")
    return _write(path, CLOSE_COLUMNS, [row])


def _order(number: int, version: int, random: Random) -> tuple[object, ...]:
    at = number % LISTINGS
    zone, currency = VENUES[mic_of(at)]
    day = LAST_DAY - timedelta(days=number % 730)
    clock = f"{9 + number % 7:02d}:{random.randint(0, 59):02d}:{random.randint(0, 59):02d}"
    units, cents = random.randint(1, 90_000), random.randint(100, 90_000)
    gross = units * cents
    charges = gross // 2500
    side = "B" if number % 3 else "S"
    net = gross + charges if side == "B" else gross - charges
    return (
        f"OR{number:08d}", version, "NEW" if version == 1 else "AMEND", "EQT",
        book_of(number % BOOKS), side, symbol_of(at), mic_of(at), "", units, _money(cents),
        currency, _money(gross), _money(charges), "", _money(net), currency, "", "", "",
        f"{day} {clock}", f"{day} {18 + version}:{clock[3:]}", zone, "", day + timedelta(days=2),
        "",
    )  # fmt: skip


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _cached(make: Callable[[int], str]) -> Callable[[int], str]:
    known: dict[int, str] = {}

    def get(number: int) -> str:
        if number not in known:
            known[number] = make(number)
        return known[number]

    return get


def _figi(number: int) -> str:
    letters = "BCDFGHJKLMNPQRSTVWXYZ"
    tail = ""
    for _ in range(4):
        tail = letters[number % len(letters)] + tail
        number //= len(letters)
    stem = f"ZZG0000{tail}"
    return stem + str(figi.calc_check_digit(stem))


figi_of = _cached(_figi)
symbol_of = _cached(lambda n: f"S{n:04d}")
book_of = _cached(lambda n: f"BK/{n:03d}")
mic_of = _cached(lambda n: "XLON" if n % 2 else "XNYS")


def _write(path: Path, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    return path
