"""The rows that the statements of sql/figures give, computed from a knowledge cut.

One function per statement, of its name, with its parameters and its columns.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from portfolios.figures.then.book import Book, BookDay, Valued
from portfolios.figures.then.cut import Cut
from portfolios.figures.then.exact import ONE, ZERO, digits, money, rate
from portfolios.models import Instrument, Listing

Ids = Sequence[int] | None
Rows = list[dict[str, Any]]

_CASH = "Cash"
_UNCLASSIFIED = "Unclassified"


def aggregate_day(cut: Cut, start: date, until: date, currency: str, portfolio_ids: Ids) -> Rows:
    """Sums over portfolios in one currency, one row per valuation day."""
    books, found = cut.books(portfolio_ids), []
    with digits():
        for position, day in enumerate(cut.market.axis):
            if not start <= day <= until:
                continue
            days = [(book, told) for book in books if (told := book.day(position))]
            rated = [(told, into(cut, book, currency, position)) for book, told in days]
            if days and cut.market.usd_on(currency, position) is not None:
                found.append({"valued_on": day, **_sums(rated)})
    return found


def _sums(days: Iterable[tuple[BookDay, Decimal | None]]) -> dict[str, Decimal]:
    sums = [ZERO] * 5
    for day, worth in days:
        if worth is None:
            continue
        amounts = (
            day.net_asset_value,
            day.cash_value,
            day.inflow,
            day.outflow,
            day.management_fee,
        )
        sums = [total + amount * worth for total, amount in zip(sums, amounts, strict=True)]
    names = (
        "net_asset_value",
        "cash_value",
        "external_inflow",
        "external_outflow",
        "management_fee",
    )
    return dict(zip(names, map(money, sums), strict=True))


def index_level(cut: Cut, currency: str, start: date, until: date) -> Rows:
    """The benchmark in a currency, one row per valuation day that has a level."""
    levels = zip(cut.market.axis, cut.market.index_in(currency), strict=True)
    return [
        {"valued_on": day, "value": value}
        for day, value in levels
        if value is not None and start <= day <= until
    ]


def portfolio_rows(cut: Cut, as_of: date, days: Sequence[date], portfolio_ids: Ids) -> Rows:
    """Portfolios on a day with their wealth on some days up to it, by portfolio."""
    positions = sorted(p for day in set(days) if (p := cut.position(day)) is not None)
    found = []
    for book in cut.books(portfolio_ids):
        told = [(position, day) for position in positions if (day := book.day(position))]
        if told and told[-1][1].valued_on == as_of:
            usd_rate = cut.market.usd_on(book.portfolio.base_currency, told[-1][0])
            found.append(_portfolio_row(book, [day for _, day in told], usd_rate))
    return found


def _portfolio_row(book: Book, told: Sequence[BookDay], usd_rate: Decimal | None) -> dict[str, Any]:
    last = told[-1]
    return {
        "portfolio_id": book.portfolio.pk,
        "base_currency": book.portfolio.base_currency,
        "days": [day.valued_on for day in told],
        "wealth": [day.wealth_net for day in told],
        "usd_rate": usd_rate,
        "day_pnl": last.day_pnl,
        **{name: getattr(last, name) for name in _PORTFOLIO_ROW},
    }


_PORTFOLIO_ROW = (
    "net_asset_value",
    "cash_value",
    "return_net",
    "max_drawdown",
    "return_count",
    "return_sum",
    "return_square_sum",
)


def history(cut: Cut, portfolio_id: int, as_of: date) -> Rows:
    """A portfolio's days since inception with its benchmark: one row of columns, in order."""
    told: list[BookDay] = []
    index: list[tuple[float | None, float | None]] = []
    for book in cut.books([portfolio_id]):
        levels = cut.market.index_in(book.portfolio.base_currency)
        told = [day for day in book.days if day.valued_on <= as_of]
        index = [
            _benchmark(levels, book.start, place)
            for place in range(book.start, book.start + len(told))
        ]
    days = [day.valued_on for day in told]
    return [
        {
            "days": days,
            **{name: [getattr(day, name) for day in told] for name in _HISTORY},
            "flow_days": days,
            "net_flow": [day.inflow - day.outflow for day in told],
            "benchmark_days": days,
            "benchmark_return": [earned for earned, _ in index],
            "benchmark_wealth": [grown for _, grown in index],
        }
    ]


_HISTORY = (
    "return_net",
    "return_net_eod",
    "return_net_sod",
    "wealth_net",
    "wealth_gross",
    "net_asset_value",
)


def _benchmark(
    index: Sequence[Decimal | None], start: int, position: int
) -> tuple[float | None, float | None]:
    """Return against the day before, and growth since the eve of the portfolio's first day."""
    level, before, eve = index[position], index[position - 1], index[start - 1]
    if level is None or not before or not eve:
        return None, None
    return float(level / before - 1), float(level / eve)


def position(cut: Cut, as_of: date, currency: str, portfolio_ids: Ids) -> Rows:
    """What is held on a day, one row per listing, by key."""
    at = cut.position(as_of)
    if at is None:
        return []
    by_listing: dict[int, list[tuple[str, Valued, Decimal | None]]] = {}
    with digits():
        for book in cut.books(portfolio_ids):
            worth = into(cut, book, currency, at)
            for held in book.held(at):
                told = (book.portfolio.code, held, worth)
                by_listing.setdefault(held.span.listing_id, []).append(told)
        listings = listings_of(by_listing)
        rows = [_position(listings[pk], found) for pk, found in by_listing.items()]
    return sorted(rows, key=lambda row: row["listing_key"])


def _position(
    listing: Listing, found: Sequence[tuple[str, Valued, Decimal | None]]
) -> dict[str, Any]:
    closes = [held.close for _, held, _ in found if held.close]
    instrument = listing.instrument
    return {
        "listing_id": listing.pk,
        "listing_key": listing.key,
        "name": instrument.name,
        "security_type": instrument.security_type,
        "sector": instrument.sector,
        "domicile": instrument.domicile,
        "units": sum((held.span.units for _, held, _ in found), ZERO),
        "price": min((close.price for close in closes), default=None),
        "priced_on": min((close.priced_on for close in closes), default=None),
        "price_currency": min((close.currency for close in closes), default=listing.price_currency),
        "value_price_currency": _sum(held.value for _, held, _ in found),
        "value": _sum(times(held.base_value, worth) for _, held, worth in found),
        "cost": _sum(times(held.span.average_cost, worth) for _, held, worth in found),
        "fifo_cost": _sum(times(held.span.fifo_cost, worth) for _, held, worth in found),
        "portfolios": sorted(code for code, _, _ in found),
    }


def exposure(cut: Cut, as_of: date, currency: str, breakdown: str, portfolio_ids: Ids) -> Rows:
    """A breakdown of the value on a day, largest bucket first."""
    at = cut.position(as_of)
    if at is None:
        return []
    buckets: dict[str, Decimal] = {}
    with digits():
        held = [
            (one, into(cut, book, currency, at))
            for book in cut.books(portfolio_ids)
            for one in book.held(at)
        ]
        listings = listings_of({one.span.listing_id for one, _ in held})
        for one, worth in held:
            value = times(one.base_value, worth)
            if value is not None:
                bucket = bucket_of(listings[one.span.listing_id], one, breakdown)
                buckets[bucket] = buckets.get(bucket, ZERO) + value
    ordered = sorted(buckets.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"bucket": bucket, "value": value} for bucket, value in ordered]


def bucket_of(listing: Listing, held: Valued, breakdown: str) -> str:
    """The bucket of a breakdown that a holding is in."""
    if breakdown == "currency":
        return held.close.currency if held.close else listing.price_currency
    if held.span.is_cash:
        return _CASH
    instrument = listing.instrument
    if breakdown == "sector":
        return sector_of(instrument)
    return str(getattr(instrument, breakdown) or _UNCLASSIFIED)


def sector_of(instrument: Instrument) -> str:
    """The sector that an instrument counts to; funds are one of their own."""
    if instrument.security_type in ("ETF", "Fund"):
        return "Fund"
    return instrument.sector or _UNCLASSIFIED


def listing_change(
    cut: Cut, as_of: date, eve: date | None, currency: str, portfolio_ids: Ids
) -> Rows:
    """What each listing did to the value on a day, largest first; cash is left out."""
    at = cut.position(as_of)
    if at is None:
        return []
    changes: dict[int, Decimal | None] = {}
    with digits():
        for book in cut.books(portfolio_ids):
            for listing, day, amount in _parts(book, at, cut.position(eve) if eve else None):
                worth = times(amount, into(cut, book, currency, day))
                before = changes.get(listing)
                changes[listing] = worth if before is None else before + (worth or ZERO)
    listings = listings_of(changes)
    rows = [
        {
            "listing_id": pk,
            "listing_key": listings[pk].key,
            "name": listings[pk].instrument.name,
            "change": change,
        }
        for pk, change in changes.items()
    ]
    return sorted(rows, key=lambda r: (r["change"] is None, -(r["change"] or 0), r["listing_key"]))


def _parts(book: Book, at: int, eve: int | None) -> Iterable[tuple[int, int, Decimal | None]]:
    """Listing, day and amount of value now, value before, and what was traded and received."""
    for held in book.held(at):
        if not held.span.is_cash:
            yield held.span.listing_id, at, held.base_value
    for held in book.held(eve) if eve is not None else ():
        if not held.span.is_cash:
            before = held.base_value
            yield held.span.listing_id, eve or 0, None if before is None else -before
    for listing, amount in book.moved(at).items():
        yield listing, at, amount


def listing_profit(cut: Cut, portfolio_id: int, as_of: date) -> Rows:
    """Profit of every listing that a portfolio ever held, by key, in base currency."""
    at = cut.position(as_of)
    books = cut.books([portfolio_id]) if at is not None else []
    rows = []
    for book in books:
        spans = book.ever_held(at or 0)
        listings = listings_of(span.listing_id for span in spans)
        for span in spans:
            with digits():
                value = book.valued(span, at or 0).base_value if span.units else None
            costs = (span.average_cost or ZERO, span.fifo_cost or ZERO)
            average, fifo = (ZERO if value is None else value - cost for cost in costs)
            rows.append(
                {
                    "listing_key": listings[span.listing_id].key,
                    "name": listings[span.listing_id].instrument.name,
                    "units": span.units,
                    "average_realised": span.average_realised,
                    "fifo_realised": span.fifo_realised,
                    "average_unrealised": average,
                    "fifo_unrealised": fifo,
                }
            )
    return sorted(rows, key=lambda row: row["listing_key"])


def into(cut: Cut, book: Book, currency: str, at: int) -> Decimal | None:
    """Units of a reporting currency for one of the book's on a day; None without a rate."""
    base = book.portfolio.base_currency
    if base == currency:
        return ONE
    mine, theirs = cut.market.usd_on(base, at), cut.market.usd_on(currency, at)
    return rate(mine / theirs) if mine and theirs else None


def listings_of(ids: Iterable[int]) -> dict[int, Listing]:
    """Listings with their instruments and issuers by primary key."""
    return Listing.objects.select_related("instrument__issuer").in_bulk(list(ids))


def times(amount: Decimal | None, worth: Decimal | None) -> Decimal | None:
    """The product; None where either is missing."""
    return None if amount is None or worth is None else amount * worth


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    present = [amount for amount in amounts if amount is not None]
    return sum(present, ZERO) if present else None
