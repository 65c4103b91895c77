"""The prices and fixings behind a position's value, down to the source line as received."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from helio.pages import parameters, permits, rendering
from helio.pages.live import live_page
from portfolios.figures import queries
from portfolios.models import FxFixing, Listing, Portfolio, Price
from reports.dashboards.frame import Frame
from reports.dashboards.portfolio_pages import known, visible_portfolio

PIVOT: Final = "USD"
_LINE: Final = "SELECT * FROM figures.market_line WHERE record = %s AND id = %s"


@dataclass(frozen=True)
class Input:
    """One price or fixing that a value rests on, and the line it came in."""

    name: str
    of_day: date
    said: str
    line: dict[str, Any] | None
    others: tuple[tuple[str, str], ...] = ()


@live_page
@permits.signed_in
def market_lines(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """What a position's value rests on besides its transactions: price and exchange rates."""
    portfolio = visible_portfolio(code)
    parameters.accept_figures(request)
    held = Listing.objects.select_related("instrument").filter(key=key).first()
    if held is None:
        raise Http404("No such listing.")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    rows = queries.positions(
        frame.as_of, portfolio.base_currency, [portfolio.id], known(frame, portfolio)
    )
    position = next((row for row in rows if row.listing_key == key), None)
    context = {
        "portfolio": portfolio,
        "tab": "positions",
        "listing": held,
        "position": position,
        "inputs": _inputs(held, position, portfolio, frame) if position else [],
    }
    return rendering.page(request, "portfolios/market_lines.html", context)


def _inputs(
    held: Listing, position: queries.PositionRow, portfolio: Portfolio, frame: Frame
) -> list[Input]:
    believed = _believed(frame.known_at)
    found = []
    if position.priced_on:
        prices = Price.objects.filter(believed, listing=held, priced_on=position.priced_on)
        for price in prices.order_by("-revision")[:1]:
            said = f"{price.price.normalize():f} {price.unit}"
            line = _line("price", price.pk)
            others = _said_by_others(price, line, frame.known_at)
            found.append(Input(f"Close of {held.key}", price.priced_on, said, line, others))
    for currency in sorted({position.price_currency, portfolio.base_currency} - {PIVOT}):
        if position.price_currency != portfolio.base_currency:
            found += _fixing(currency, frame.as_of, believed)
    return found


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


def _fixing(currency: str, as_of: date | None, believed: Q) -> list[Input]:
    """The last fixing of a currency against the pivot on or before the day."""
    pair = Q(base_currency=currency, quote_currency=PIVOT)
    pair |= Q(base_currency=PIVOT, quote_currency=currency)
    fixings = FxFixing.objects.filter(believed, pair, fixed_on__lte=as_of)
    return [
        Input(
            f"Fixing {one.base_currency}{one.quote_currency}",
            one.fixed_on,
            f"{one.rate.normalize():f} {one.quote_currency} for one {one.base_currency}",
            _line("fixing", one.pk),
        )
        for one in fixings.order_by("-fixed_on", "-known_from")[:1]
    ]


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
