"""The price and the fixings that a position's value rests on, down to the line as received."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from portfolios.figures.holdings import PositionRow
from portfolios.models import FxFixing, Price
from portfolios.valuation.market import PIVOT

_LINE: Final = "SELECT * FROM figures.market_line WHERE record = %s AND id = %s"


@dataclass(frozen=True)
class Input:
    """One price or fixing that a value rests on, and the line it came in."""

    name: str
    of_day: date
    said: str
    line: dict[str, Any] | None
    others: tuple[tuple[str, str], ...] = ()


def inputs_of(
    position: PositionRow, currency: str, as_of: date, known_at: datetime | None
) -> list[Input]:
    """The close of a position and the fixings that take it into the currency."""
    believed = _believed(known_at)
    return [*_close(position, believed, known_at), *_fixings(position, currency, as_of, believed)]


def _close(position: PositionRow, believed: Q, known_at: datetime | None) -> Iterator[Input]:
    if not position.priced_on:
        return
    prices = Price.objects.filter(
        believed, listing_id=position.listing_id, priced_on=position.priced_on
    )
    for price in prices.order_by("-revision")[:1]:
        said = f"{price.price.normalize():f} {price.unit}"
        line = _line("price", price.pk)
        others = _said_by_others(price, line, known_at)
        yield Input(f"Close of {position.listing_key}", price.priced_on, said, line, others)


def _said_by_others(
    price: Price, line: dict[str, Any] | None, known_at: datetime | None
) -> tuple[tuple[str, str], ...]:
    """What sources that do not decide said of the same close: source and price."""
    stated = Price.objects.filter(
        listing=price.listing_id, priced_on=price.priced_on, copy_of=None, ended_at=None
    )
    if known_at is not None:
        stated = stated.filter(known_from__lte=known_at)
    said: dict[str, str] = {}
    for other in stated.exclude(pk=price.copy_of or price.pk).order_by("revision", "known_from"):
        theirs = _line("price", other.pk)
        if theirs and line and theirs["source_title"] != line["source_title"]:
            said[theirs["source_title"]] = f"{other.price.normalize():f} {other.unit}"
    return tuple(said.items())


def _fixings(position: PositionRow, into: str, as_of: date, believed: Q) -> Iterator[Input]:
    """The last fixing of each currency against the pivot on or before the day."""
    if position.price_currency == into:
        return
    for currency in sorted({position.price_currency, into} - {PIVOT}):
        pair = Q(base_currency=currency, quote_currency=PIVOT)
        pair |= Q(base_currency=PIVOT, quote_currency=currency)
        fixings = FxFixing.objects.filter(believed, pair, fixed_on__lte=as_of)
        for one in fixings.order_by("-fixed_on", "-known_from")[:1]:
            yield Input(
                f"Fixing {one.base_currency}{one.quote_currency}",
                one.fixed_on,
                f"{one.rate.normalize():f} {one.quote_currency} for one {one.base_currency}",
                _line("fixing", one.pk),
            )


def _believed(known_at: datetime | None) -> Q:
    if known_at is None:
        return Q(known_to=None)
    return Q(known_from__lte=known_at) & (Q(known_to=None) | Q(known_to__gt=known_at))


def _line(record: str, fact_id: int) -> dict[str, Any] | None:
    """The line behind a price or fixing with its file; market data is for everyone signed in."""
    with connection.cursor() as cursor:
        cursor.execute(_LINE, [record, fact_id])
        row = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    return dict(zip(names, row, strict=True)) if row else None
