"""A firm of any size: 500 portfolios of 20 securities each, valued as far back as it takes.

Made by numpy from a fixed seed and copied in as facts; every figure then comes from the product's
own refresh, so that the benchmark measures what users have.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
import psycopg

from portfolios.valuation.calendar import sessions

PORTFOLIOS: Final = 500
HELD: Final = 20
LISTINGS: Final = 400
DESKS: Final = 5
CURRENCIES: Final = ("USD", "EUR", "GBP")
LAST_DAY: Final = date(2025, 12, 31)
SEED: Final = 20251231
LINEAGE: Final = (1, 1, 1)


@dataclass(frozen=True)
class Firm:
    """What was made: valuation days, the market's days (one more, the eve), and ids."""

    days: Sequence[date]
    market_days: Sequence[date]
    portfolio_ids: Sequence[int]
    listing_ids: Sequence[int]


def make(connection: psycopg.Connection, position_days: int) -> Firm:
    """A firm whose positions, cash included, add up to about ``position_days``."""
    wanted = round(position_days / (PORTFOLIOS * (HELD + 1)))
    days = sessions("XLON", LAST_DAY - timedelta(days=wanted * 8 // 5 + 30), LAST_DAY)[
        -wanted - 1 :
    ]
    firm = Firm(days[1:], days, range(1, PORTFOLIOS + 1), range(1, LISTINGS + 1))
    rng = np.random.default_rng(SEED)
    with connection.transaction():
        _reference(connection, firm)
        _market(connection, firm, rng)
        _ledger(connection, firm, rng)
        copy(
            connection,
            "affected",
            ("from_on", "currency", "cause", "noted_at"),
            [(firm.days[0], "", "bench: the firm", known(firm.days[0]))],
        )
    return firm


def copy(
    connection: psycopg.Connection, table: str, columns: Sequence[str], rows: Iterable[tuple]
) -> None:
    """Copy ``rows`` into the table, with a mark on standard error for every million."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor().copy(statement) as sink:
        for number, row in enumerate(rows, start=1):
            sink.write_row(row)
            if number % 1_000_000 == 0:
                sys.stderr.write(f"  {table}: {number:,} rows\n")


def known(day: date) -> datetime:
    """When a fact of that day became known: the same evening."""
    return datetime.combine(day, time(22), tzinfo=UTC)


def _reference(connection: psycopg.Connection, firm: Firm) -> None:
    copy(connection, "desk", DESK, _desks())
    copy(connection, "portfolio", PORTFOLIO, _portfolios(firm))
    copy(connection, "instrument", INSTRUMENT, _instruments(firm))
    copy(connection, "listing", LISTING, _listings(firm))


def _desks() -> Iterable[tuple[Any, ...]]:
    for number in range(1, DESKS + 1):
        yield number, f"Desk {number}", "Europe/London"


def _portfolios(firm: Firm) -> Iterable[tuple[Any, ...]]:
    for number in firm.portfolio_ids:
        code, name, client = f"BP-{number:03d}", f"Portfolio {number}", f"CL-{number:03d}"
        yield number, code, name, client, _currency(number), number % DESKS + 1, "", firm.days[0]


def _instruments(firm: Firm) -> Iterable[tuple[Any, ...]]:
    for number in firm.listing_ids:
        yield number, f"Issuer {number}", "Equity", f"Sector {number % 11}", "GB"
    yield LISTINGS + 1, "Cash", "Cash", "Cash", ""


def _listings(firm: Firm) -> Iterable[tuple[Any, ...]]:
    for number in firm.listing_ids:
        unit = _currency(number)
        yield number, f"B{number:03d}@XLON", number, "XLON", "XLON", unit, unit
    for at, code in enumerate(CURRENCIES):
        yield LISTINGS + 1 + at, f"CASH:{code}", LISTINGS + 1, "", "", code, code


def _currency(number: int) -> str:
    return CURRENCIES[number % len(CURRENCIES)]


def _market(connection: psycopg.Connection, firm: Firm, rng: np.random.Generator) -> None:
    copy(connection, "price", PRICE, _prices(firm, rng))
    copy(connection, "fx_fixing", FIXING, _fixings(firm, rng))
    copy(connection, "benchmark", ("id", "code", "currency"), [(1, "BENCH", "USD")])
    copy(connection, "index_level", LEVEL, _levels(firm, rng))


def _prices(firm: Firm, rng: np.random.Generator) -> Iterable[tuple[Any, ...]]:
    shape = (len(firm.market_days), LISTINGS)
    prices = 100 * np.exp(np.cumsum(rng.normal(0.0002, 0.01, shape), axis=0))
    for at, day in enumerate(firm.market_days):
        for listing in firm.listing_ids:
            price = f"{prices[at, listing - 1]:.4f}"
            yield listing, day, price, _currency(listing), 0, known(day), *LINEAGE


def _fixings(firm: Firm, rng: np.random.Generator) -> Iterable[tuple[Any, ...]]:
    start = np.array([1.1, 1.3])
    rates = start + np.cumsum(rng.normal(0, 0.002, (len(firm.market_days), 2)), axis=0)
    for at, day in enumerate(firm.market_days):
        for which, base in enumerate(("EUR", "GBP")):
            yield day, base, "USD", f"{rates[at, which]:.6f}", known(day), *LINEAGE


def _levels(firm: Firm, rng: np.random.Generator) -> Iterable[tuple[Any, ...]]:
    levels = 1000 * np.exp(np.cumsum(rng.normal(0.0002, 0.008, len(firm.market_days))))
    for at, day in enumerate(firm.market_days):
        yield 1, day, f"{levels[at]:.4f}", known(day), *LINEAGE


DESK: Final = ("id", "name", "time_zone")
PORTFOLIO: Final = (
    "id", "code", "name", "client", "base_currency", "desk_id", "team", "opened_on",
)  # fmt: skip
INSTRUMENT: Final = ("id", "name", "security_type", "sector", "domicile")
LISTING: Final = (
    "id", "key", "instrument_id", "segment_mic", "operating_mic", "quote_unit", "price_currency",
)  # fmt: skip
LINES: Final = ("batch_id", "file_id", "line_no")
PRICE: Final = ("listing_id", "priced_on", "price", "unit", "revision", "known_from", *LINES)
FIXING: Final = ("fixed_on", "base_currency", "quote_currency", "rate", "known_from", *LINES)
LEVEL: Final = ("benchmark_id", "level_on", "level", "known_from", *LINES)
LEDGER: Final = (
    "portfolio_id",
    "kind",
    "effective_on",
    "settles_on",
    "executed_at",
    "listing_id",
    "units",
    "unit_price",
    "price_unit",
    "currency",
    "gross_amount",
    "charges",
    "cash_effect",
    "second_currency",
    "remark",
    "source",
    "source_reference",
    "source_version",
    "known_from",
    *LINES,
)


def _ledger(connection: psycopg.Connection, firm: Firm, rng: np.random.Generator) -> None:
    copy(connection, "transaction", LEDGER, _events(firm, rng))


def _events(firm: Firm, rng: np.random.Generator) -> Iterable[tuple[Any, ...]]:
    first = firm.days[0]
    for portfolio in firm.portfolio_ids:
        # Twenty holdings of the portfolio's own currency, so that one cash line stays.
        own = [one for one in firm.listing_ids if _currency(one) == _currency(portfolio)]
        currency = _currency(portfolio)
        money = 1_000_000 * int(rng.integers(5, 50))
        yield event(portfolio, "SUBSCRIPTION", first, currency, cash=money, reference="S")
        for listing in rng.choice(own, HELD, replace=False):
            units = money * 0.9 / HELD // 100
            yield event(
                portfolio,
                "BUY",
                first,
                currency,
                cash=-units * 100,
                listing=int(listing),
                units=units,
                reference=f"B{listing}",
            )


def event(
    portfolio: int,
    kind: str,
    day: date,
    currency: str,
    *,
    cash: float,
    reference: str,
    listing: int | None = None,
    units: float | None = None,
) -> tuple[Any, ...]:
    """One ledger row in the columns of ``LEDGER``; purchases at 100 a unit."""
    price = 100 if listing else None
    gross = abs(cash) if listing else None
    return (
        portfolio,
        kind,
        day,
        day,
        known(day),
        listing,
        units,
        price,
        currency if listing else "",
        currency,
        gross,
        0 if listing else None,
        cash,
        "",
        "bench",
        "bench",
        f"{portfolio}-{reference}",
        1,
        known(day),
        *LINEAGE,
    )
