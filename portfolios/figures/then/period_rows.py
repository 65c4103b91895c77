"""The rows of the statements that look over a period or at structure, from a knowledge cut.

One function per statement of sql/figures, of its name, with its parameters and its columns.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from portfolios.figures.then.book import Book, BookDay
from portfolios.figures.then.cut import Cut
from portfolios.figures.then.exact import ZERO, digits, money
from portfolios.figures.then.rows import into, listings_of, times
from portfolios.models import Listing
from portfolios.performance.value_bridge import ValueBridge

Ids = Sequence[int] | None
Rows = list[dict[str, Any]]
NAMES: Final = frozenset(
    {
        "exchanged",
        "holding_course",
        "holding_weight",
        "rate_course",
        "value_bridge",
    }
)
_BOOKED: Final = (
    "average_realised",
    "fifo_realised",
    "average_unrealised",
    "fifo_unrealised",
)
_COURSE: Final = ("offsets", "amounts", "moved_offsets", "traded", "income")
_DAILY: Final = ("inflow", "outflow", "dividend_income", "management_fee", "safekeeping_fee")


def holding_weight(cut: Cut, as_of: date, currency: str, portfolio_ids: Ids) -> Rows:
    """What is held on a day by instrument and issuer."""
    at = cut.position(as_of)
    if at is None:
        return []
    with digits():
        held = [
            (one.span, times(one.base_value, into(cut, book, currency, at)))
            for book in cut.books(portfolio_ids)
            for one in book.held(at)
        ]
    listings = listings_of({span.listing_id for span, _ in held})
    values: dict[tuple[int, bool, str], Decimal] = defaultdict(Decimal)
    for span, value in held:
        if value is not None:
            instrument = listings[span.listing_id].instrument
            values[instrument.pk, span.is_cash, issuer_name(listings[span.listing_id])] += value
    return [
        {"instrument_id": pk, "is_cash": is_cash, "issuer": issuer, "value": value}
        for (pk, is_cash, issuer), value in sorted(values.items())
    ]


def issuer_name(listing: Listing) -> str:
    """Name of the issuer of what is listed; empty where none is known."""
    issuer = listing.instrument.issuer
    return issuer.name if issuer else ""


def exchanged(cut: Cut, start: date, until: date, currency: str, portfolio_ids: Ids) -> Rows:
    """Purchases and sales of a period, gross of charges."""
    sums = {"BUY": ZERO, "SELL": ZERO}
    trades = cut.believed().filter(
        kind__in=list(sums), effective_on__gt=start, effective_on__lte=until
    )
    if portfolio_ids is not None:
        trades = trades.filter(portfolio_id__in=portfolio_ids)
    days = [day for day in cut.market.axis if day <= until]
    with digits():
        for kind, on, amount, unit in trades.values_list(
            "kind", "effective_on", "gross_amount", "currency"
        ):
            day = next((day for day in days if day >= on), None)
            rate = None if day is None else cut.market.cross(unit, currency, cut.market.at[day])
            sums[kind] += times(amount, rate) or ZERO
        return [{"purchases": money(sums["BUY"]), "sales": money(sums["SELL"])}]


def value_bridge(cut: Cut, start: date, until: date, currency: str, portfolio_ids: Ids) -> Rows:
    """Opening to closing value by booked parts, each day at its own fixings."""
    names = [name for name in ValueBridge.__dataclass_fields__ if not name.endswith("_effect")]
    sums = dict.fromkeys(names, ZERO)
    with digits():
        for book in cut.books(portfolio_ids):
            for day, before, worth, worth_before in _days(cut, book, currency, start, until):
                _add(sums, day, before, worth, worth_before)
            for name, on in (("opening_value", start), ("closing_value", until)):
                at = cut.position(on)
                told = None if at is None else book.day(at)
                if told is not None and at is not None:
                    sums[name] += told.net_asset_value * (into(cut, book, currency, at) or ZERO)
        return [{name: money(total) for name, total in sums.items()}]


def _days(
    cut: Cut, book: Book, currency: str, start: date, until: date
) -> Iterator[tuple[BookDay, BookDay | None, Decimal, Decimal]]:
    """Days of a book after the start, each with the one before and both days' rates."""
    for at in range(book.start, book.end + 1):
        if start < cut.market.axis[at] <= until:
            told = book.day(at)
            if told is not None:
                worth = into(cut, book, currency, at) or ZERO
                before = into(cut, book, currency, at - 1) or ZERO
                yield told, book.day(at - 1), worth, before


def _add(
    sums: dict[str, Decimal],
    day: BookDay,
    before: BookDay | None,
    worth: Decimal,
    worth_before: Decimal,
) -> None:
    for name in _DAILY:
        sums[name] += getattr(day, name) * worth
    for name in _BOOKED:
        sums[name] += (getattr(day, name) - (getattr(before, name) if before else ZERO)) * worth
    if day.opening_value:
        sums["translation"] += day.opening_value * (worth - worth_before)


def holding_course(cut: Cut, start: date, until: date, portfolio_ids: Ids) -> Rows:
    """What each holding was worth on each day, and the cash of its trades and its income."""
    held: dict[tuple[int, str, str], dict[str, list[Any]]] = {}
    with digits():
        for book in cut.books(portfolio_ids):
            base = book.portfolio.base_currency
            for listing, price_currency, day, amount in _values(cut, book, start, until):
                part = held.setdefault((listing, base, price_currency), defaultdict(list))
                part["offsets"].append((day - start).days)
                part["amounts"].append(amount)
            for listing, price_currency, day, traded, income in _moves(cut, book, start, until):
                part = held.setdefault((listing, base, price_currency), defaultdict(list))
                part["moved_offsets"].append((day - start).days)
                part["traded"].append(traded)
                part["income"].append(income)
    listings = listings_of({listing for listing, _, _ in held})
    rows = [
        _about(listings[listing])
        | {"base_currency": base, "price_currency": price_currency}
        | {name: " ".join(map(str, part[name])) for name in _COURSE}
        for (listing, base, price_currency), part in held.items()
    ]
    return sorted(rows, key=lambda row: row["listing_key"])


def _values(
    cut: Cut, book: Book, start: date, until: date
) -> Iterator[tuple[int, str, date, Decimal]]:
    """Listing, currency of its price, day and value in base currency of all that had one."""
    axis = cut.market.axis
    for span in book.spans:
        if not span.units:
            continue
        for at in range(span.start, span.end + 1):
            if start <= axis[at] <= until:
                one = book.valued(span, at)
                if one.base_value is not None and one.close is not None:
                    yield span.listing_id, one.close.currency, axis[at], one.base_value


def _moves(
    cut: Cut, book: Book, start: date, until: date
) -> Iterator[tuple[int, str, date, Decimal, Decimal]]:
    """Listing, currency of its price, day, cash of its trades and income."""
    for at, listing, traded, income in book.listing_days():
        day, close = cut.market.axis[at], cut.market.close(listing, at)
        if start < day <= until:
            # Without a close there is no rate of its currency that it could have gained by.
            base = book.portfolio.base_currency
            yield listing, close.currency if close else base, day, traded, income


def rate_course(cut: Cut, start: date, until: date, currencies: Sequence[str]) -> Rows:
    """What one unit of some currencies was worth in the pivot on each day."""
    found: Rows = []
    for currency in currencies:
        worths = [
            (day, cut.market.usd_on(currency, at))
            for at, day in enumerate(cut.market.axis)
            if start <= day <= until
        ]
        known = [((day - start).days, worth) for day, worth in worths if worth is not None]
        if known:
            offsets, rates = (" ".join(map(str, column)) for column in zip(*known, strict=True))
            found.append({"currency": currency, "offsets": offsets, "rates": rates})
    return found


def _about(listing: Listing) -> dict[str, Any]:
    instrument = listing.instrument
    return {
        "listing_id": listing.pk,
        "listing_key": listing.key,
        "name": instrument.name,
        "security_type": instrument.security_type,
        "sector": instrument.sector,
        "domicile": instrument.domicile,
        "issuer": issuer_name(listing),
        "currency": listing.price_currency,
        "is_cash": listing.key.startswith("CASH:"),
    }
