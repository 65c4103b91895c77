"""The vendor's market data of the case, read apart from the pipeline: a second reader."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from portfolios.tests.support.answers import ALPHA, read
from portfolios.valuation.market import Closes, Rates
from portfolios.valuation.units import to_major


class Quote(NamedTuple):
    """One released version of a close."""

    listing: str
    on: date
    price: Decimal
    unit: str
    revision: int
    released_at: str


@cache
def keys_by_figi() -> dict[str, str]:
    """Listing key by FIGI."""
    listings = read("listings.csv")
    return dict(zip(listings["figi_code"], listings["listing_key"], strict=True))


def quotes() -> Iterator[Quote]:
    """Every quote of every page, repeated lines included."""
    for page in sorted((ALPHA / "sources/vendor/quotes").glob("page-*.json")):
        for row in json.loads(page.read_text(encoding="utf-8"))["results"]:
            yield Quote(
                keys_by_figi()[row["figi"]],
                date.fromisoformat(row["on"]),
                Decimal(row["last"]),
                row["unit"],
                row["rev"],
                row["released_at"],
            )


def events() -> Iterator[dict[str, Any]]:
    """Every corporate action of every page, repeated lines once."""
    seen = set()
    for page in sorted((ALPHA / "sources/vendor/events").glob("page-*.json")):
        for row in json.loads(page.read_text(encoding="utf-8"))["results"]:
            identity = (row["figi"], row["event_type"], row["effective"])
            if identity not in seen:
                seen.add(identity)
                yield row


@cache
def _reference() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    text = (ALPHA / "sources/vendor/reference_dump.sql").read_text(encoding="utf-8")
    # SQLite would turn the decimals into floats: keep them as they are written.
    connection.executescript(
        text.replace("rate numeric", "rate text")
        .replace("level numeric", "level text")
        .replace("target_weight numeric", "target_weight text")
    )
    return connection


def rows(sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query on the vendor's reference dump."""
    with closing(_reference().cursor()) as cursor:
        return cursor.execute(sql).fetchall()


@cache
def rates() -> Rates:
    """Rates from the latest released fixing of each day and pair."""
    latest: dict[tuple[str, str], str] = {}
    for day, pair, rate in rows(
        "SELECT fixing_day, pair, rate FROM fx_fixing ORDER BY released_at"
    ):
        latest[day, pair] = rate
    return Rates(
        (pair[:3], pair[3:], date.fromisoformat(day), Decimal(rate))
        for (day, pair), rate in latest.items()
    )


@cache
def closes() -> Closes:
    """Closes from the highest revision of each listing and day."""
    latest: dict[tuple[str, date], Quote] = {}
    for quote in quotes():
        known = latest.get((quote.listing, quote.on))
        if known is None or known.revision <= quote.revision:
            latest[quote.listing, quote.on] = quote
    currencies: dict[Any, str] = {}
    prices = []
    for quote in latest.values():
        price, currency = to_major(quote.price, quote.unit)
        currencies[quote.listing] = currency
        prices.append((quote.listing, quote.on, price))
    return Closes(prices, currencies)


def index_levels() -> dict[date, Decimal]:
    """Level of the case's index by day."""
    return {
        date.fromisoformat(day): Decimal(level)
        for day, level in rows("SELECT level_day, level FROM index_level")
    }
