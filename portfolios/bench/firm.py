"""A firm of any size: 500 portfolios of 20 securities each, valued as far back as it takes.

Made by numpy from a fixed seed and copied in as facts, a block at a time; every figure then comes
from the product's own refresh, so that the benchmark measures what users have.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
import psycopg

from portfolios.bench.ledgers import HELD, Event, Ledger
from portfolios.bench.progress import shown
from portfolios.valuation.calendar import sessions

PORTFOLIOS: Final = 500
LISTINGS: Final = 400
DESKS: Final = 5
CURRENCIES: Final = ("USD", "EUR", "GBP")
LAST_DAY: Final = date(2025, 12, 31)
SEED: Final = 20251231
# Batch, file and line of every fact.
LINEAGE: Final = (1, 1, 1)
NULL: Final = "\\N"
# What a portfolio does in a year, for the length of the bar.
EVENTS_A_YEAR: Final = 36


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
    closes = _closes(firm, rng)
    with connection.transaction():
        _reference(connection, firm)
        _market(connection, firm, closes, rng)
        _ledger(connection, firm, closes, rng)
        note = (firm.days[0], "", "bench: the firm", known(firm.days[0]))
        copy(connection, "affected", NOTE, lines([note]))
    connection.execute("VACUUM (ANALYZE) price, transaction, fx_fixing, index_level")
    return firm


def firm_in(connection: psycopg.Connection) -> Firm:
    """The firm that was made in this database."""
    rows = connection.execute("SELECT DISTINCT priced_on FROM price ORDER BY 1").fetchall()
    days = [day for (day,) in rows]
    return Firm(days[1:], days, range(1, PORTFOLIOS + 1), range(1, LISTINGS + 1))


def copy(
    connection: psycopg.Connection, table: str, columns: Sequence[str], blocks: Iterable[str]
) -> None:
    """Copy blocks of lines in COPY's text format into the table."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor().copy(statement) as sink:
        for block in blocks:
            sink.write(block)


def lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """Rows in COPY's text format; None is empty."""
    for row in rows:
        yield "\t".join(NULL if value is None else str(value) for value in row) + "\n"


def known(day: date) -> datetime:
    """When a fact of that day became known: the same evening."""
    return datetime.combine(day, time(22), tzinfo=UTC)


def currency(number: int) -> str:
    """The currency of a portfolio or listing: they take turns."""
    return CURRENCIES[number % len(CURRENCIES)]


def _reference(connection: psycopg.Connection, firm: Firm) -> None:
    copy(connection, "desk", DESK, lines(_desks()))
    copy(connection, "portfolio", PORTFOLIO, lines(_portfolios(firm)))
    copy(connection, "instrument", INSTRUMENT, lines(_instruments(firm)))
    copy(connection, "listing", LISTING, lines(_listings(firm)))


def _desks() -> Iterator[tuple[Any, ...]]:
    for number in range(1, DESKS + 1):
        yield number, f"Desk {number}", "Europe/London"


def _portfolios(firm: Firm) -> Iterator[tuple[Any, ...]]:
    for number in firm.portfolio_ids:
        code, name, client = f"BP-{number:03d}", f"Portfolio {number}", f"CL-{number:03d}"
        yield number, code, name, client, currency(number), number % DESKS + 1, "", firm.days[0]


def _instruments(firm: Firm) -> Iterator[tuple[Any, ...]]:
    for number in firm.listing_ids:
        yield number, f"Issuer {number}", "Equity", f"Sector {number % 11}", "GB"
    yield LISTINGS + 1, "Cash", "Cash", "Cash", ""


def _listings(firm: Firm) -> Iterator[tuple[Any, ...]]:
    for number in firm.listing_ids:
        unit = currency(number)
        yield number, f"B{number:03d}@XLON", number, "XLON", "XLON", unit, unit
    for at, code in enumerate(CURRENCIES):
        yield LISTINGS + 1 + at, f"CASH:{code}", LISTINGS + 1, "", "", code, code


def _closes(firm: Firm, rng: np.random.Generator) -> np.ndarray:
    """Closes by market day and listing."""
    shape = (len(firm.market_days), LISTINGS)
    return 100 * np.exp(np.cumsum(rng.normal(0.0002, 0.01, shape), axis=0))


def _market(
    connection: psycopg.Connection, firm: Firm, closes: np.ndarray, rng: np.random.Generator
) -> None:
    copy(connection, "price", PRICE, shown(_prices(firm, closes), "price", closes.size))
    copy(connection, "fx_fixing", FIXING, lines(_fixings(firm, rng)))
    copy(connection, "benchmark", ("id", "code", "currency"), lines([(1, "BENCH", "USD")]))
    copy(connection, "index_level", LEVEL, lines(_levels(firm, rng)))


def _prices(firm: Firm, closes: np.ndarray) -> Iterator[str]:
    """A block a day."""
    units = [currency(one) for one in firm.listing_ids]
    lineage = "\t".join(map(str, LINEAGE))
    for at, day in enumerate(firm.market_days):
        end = f"0\t{known(day)}\t{lineage}\n"
        yield "".join(
            f"{listing}\t{day}\t{close:.4f}\t{unit}\t{end}"
            for listing, close, unit in zip(firm.listing_ids, closes[at], units, strict=True)
        )


def _fixings(firm: Firm, rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    start = np.array([1.1, 1.3])
    rates = start * np.exp(np.cumsum(rng.normal(0, 0.002, (len(firm.market_days), 2)), axis=0))
    for at, day in enumerate(firm.market_days):
        for which, base in enumerate(("EUR", "GBP")):
            yield day, base, "USD", f"{rates[at, which]:.6f}", known(day), *LINEAGE


def _levels(firm: Firm, rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    levels = 1000 * np.exp(np.cumsum(rng.normal(0.0002, 0.008, len(firm.market_days))))
    for at, day in enumerate(firm.market_days):
        yield 1, day, f"{levels[at]:.4f}", known(day), *LINEAGE


NOTE: Final = ("from_on", "currency", "cause", "noted_at")
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
    "portfolio_id", "kind", "effective_on", "settles_on", "executed_at", "listing_id", "units",
    "unit_price", "price_unit", "currency", "gross_amount", "charges", "cash_effect",
    "second_currency", "remark", "source", "source_reference", "source_version", "known_from",
    *LINES,
)  # fmt: skip


def _ledger(
    connection: psycopg.Connection, firm: Firm, closes: np.ndarray, rng: np.random.Generator
) -> None:
    years = len(firm.days) / 252
    expected = round(PORTFOLIOS * (HELD + 1 + EVENTS_A_YEAR * years))
    blocks = shown(_ledgers(firm, closes, rng), "transaction", expected)
    copy(connection, "transaction", LEDGER, blocks)


def _ledgers(firm: Firm, closes: np.ndarray, rng: np.random.Generator) -> Iterator[str]:
    """A block a portfolio; it holds its own currency, so that one cash line stays."""
    for portfolio in firm.portfolio_ids:
        own = [one for one in firm.listing_ids if currency(one) == currency(portfolio)]
        ledger = Ledger(firm.days, closes, own, rng, 1_000_000 * int(rng.integers(5, 50)))
        yield "".join(
            lines(
                entry(portfolio, event, f"{portfolio}-{number}")
                for number, event in enumerate(ledger.events())
            )
        )


def entry(portfolio: int, event: Event, reference: str) -> tuple[Any, ...]:
    """One ledger row in the columns of ``LEDGER``."""
    is_trade = event.units is not None
    code = currency(portfolio)
    return (
        portfolio, event.kind, event.on, event.on, known(event.on), event.listing, event.units,
        event.price, code if is_trade else "", code, abs(event.cash) if is_trade else None,
        0 if is_trade else None, event.cash, "", "bench", "bench", reference, 1, known(event.on),
        *LINEAGE,
    )  # fmt: skip
