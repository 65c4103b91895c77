"""The pages of one portfolio: overview, positions, exposure, and what stands behind a listing."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from helio.accounts import roles
from helio.accounts.requests import person
from helio.numbers import NotApplicable
from helio.pages import parameters, permits, rendering
from helio.pages.live import live_page
from portfolios.figures import queries
from portfolios.models import Listing, Portfolio
from reports.dashboards import book
from reports.dashboards.frame import Frame
from reports.dashboards.spans import span_of
from reports.dashboards.tiles import Mark, Tile

LEARNT_ROWS: Final = 50
_PARTS: Final = ("value-panel", "exposure-panel")
PROFIT_PARTS: Final = (
    "average_realised",
    "average_unrealised",
    "fifo_realised",
    "fifo_unrealised",
    "total",
)
POSITION_SORTS: Final = (
    "listing",
    "name",
    "type",
    "sector",
    "units",
    "price",
    "value",
    "share",
    "change",
    "cost",
    "unrealised",
)


def visible_portfolio(code: str) -> Portfolio:
    """The portfolio; 404 alike when it does not exist and when it is outside the perimeter."""
    portfolio = Portfolio.objects.select_related("desk").filter(code=code).first()
    if portfolio is None:
        raise Http404("No such portfolio.")
    return portfolio


def known(frame: Frame, portfolio: Portfolio) -> queries.Cut | None:
    """The frame's knowledge cut; raises NotKnown where it knew nothing of the portfolio.

    Notes in the frame when the portfolio's figures of the day are unknown, and why; and whether
    the day's month is closed.
    """
    if frame.cut is not None and not frame.cut.knows(portfolio):
        raise queries.NotKnown(f"Nothing of {portfolio.code} was known yet at {frame.cut}.")
    if frame.as_of is not None:
        missing = queries.missing_figures(frame.as_of, [portfolio.pk], frame.cut)
        frame.unknown = next(iter(missing), None)
        frame.period = queries.period_state(frame.as_of, [portfolio.pk], frame.cut)
    return frame.cut


def changed(request: HttpRequest, portfolio: Portfolio, as_of: date) -> dict[str, Any]:
    """Context of what has changed since the cut, and the records that changed it."""
    cut = Frame.of(request).cut
    if cut is None:
        return {}
    learnt = queries.learnt_since(portfolio, as_of, cut)
    return {
        "restatement": next(iter(queries.restatements(as_of, cut, [portfolio.pk])), None),
        "learnt": learnt[:LEARNT_ROWS],
        "learnt_total": len(learnt),
        "sees_lines": person(request).has_role(roles.OPERATIONS, roles.AUDITOR),
    }


@live_page
@permits.signed_in
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """The portfolio at a glance."""
    portfolio = visible_portfolio(code)
    parameters.accept_figures(request, "period", "breakdown")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    as_of, currency, ids = frame.as_of, portfolio.base_currency, [portfolio.id]
    if frame.cut is None and rendering.part_asked(request, _PARTS) is None:
        queries.read_portfolio(
            as_of,
            currency,
            portfolio.pk,
            chart_from=book.chart_from(book.period(request), as_of),
            breakdown=book.breakdown(request),
        )
    cut = known(frame, portfolio)
    positions = book.ordered(queries.positions(as_of, currency, ids, cut), "-value")
    context = {
        "portfolio": portfolio,
        "tab": "overview",
        "currency": currency,
        **changed(request, portfolio, as_of),
        "tiles": book.tiles(as_of, currency, ids, cut),
        "positions": positions[: book.TOP_POSITIONS],
        "positions_total": len(positions),
        **book.value_chart(request, as_of, currency, ids, cut),
        **book.exposure(request, as_of, currency, ids, cut),
        **book.movers(as_of, currency, ids, cut),
    }
    return rendering.page(request, "portfolios/overview.html", context, _PARTS)


@live_page
@permits.signed_in
def positions(request: HttpRequest, code: str) -> HttpResponse:
    """All positions on the day, with totals that equal their rows."""
    portfolio = visible_portfolio(code)
    parameters.accept_figures(request, "sort")
    sort = parameters.sorting(request, POSITION_SORTS, "-value")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    cut = known(frame, portfolio)
    rows = queries.positions(frame.as_of, portfolio.base_currency, [portfolio.id], cut)
    profits = queries.listing_profits(portfolio, frame.as_of, cut)
    context = told_positions(portfolio, rows, profits, sort)
    return rendering.page(request, "portfolios/positions.html", context, ("positions-rows",))


def told_positions(
    portfolio: Portfolio,
    rows: list[queries.PositionRow],
    profits: list[queries.ListingProfit],
    sort: str,
) -> dict[str, Any]:
    """Context of a portfolio's positions and of the profit of all that it ever held."""
    return {
        "portfolio": portfolio,
        "tab": "positions",
        "currency": portfolio.base_currency,
        "sort": sort,
        "positions": book.ordered(rows, sort),
        "totals": _position_totals(rows),
        **_profits(profits),
    }


@live_page
@permits.signed_in
def exposure(request: HttpRequest, code: str) -> HttpResponse:
    """The value by sector, currency, type or country."""
    portfolio = visible_portfolio(code)
    parameters.accept_figures(request, "breakdown")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    currency = portfolio.base_currency
    context = {
        "portfolio": portfolio,
        "tab": "exposure",
        "currency": currency,
        **structure(portfolio, frame.as_of, known(frame, portfolio)),
        **book.exposure(request, frame.as_of, currency, [portfolio.id], known(frame, portfolio)),
    }
    return rendering.page(request, "portfolios/exposure.html", context, ("exposure-panel",))


def structure(portfolio: Portfolio, as_of: date, cut: queries.Cut | None) -> dict[str, Any]:
    """Context of concentration, likeness to the benchmark, and turnover of the year."""
    currency, ids = portfolio.base_currency, [portfolio.pk]
    told = queries.structure(as_of, currency, ids, cut)
    year = span_of("ytd", as_of, currency, ids, cut)
    exchanged = queries.exchanged(year) if year else None
    empty, spread = NotApplicable("No security is held"), told.concentration

    def mark(name: str, value: Any, kind: str, places: int, none: NotApplicable = empty) -> Mark:
        return Mark(name, none if value is None else value, kind, places, signed=False)

    unknown = NotApplicable("The benchmark's weights are not known, or nothing is held")
    idle = NotApplicable("No value on average this year")
    return {
        "structure": [
            Tile("Securities held", mark("holdings_count", spread.holdings, "units", 0)),
            Tile("Largest", mark("largest_share", spread.largest, "percent", 1)),
            Tile("Five largest", mark("top_5_share", spread.top_5, "percent", 1)),
            Tile("Ten largest", mark("top_10_share", spread.top_10, "percent", 1)),
            Tile(
                "Herfindahl index",
                mark("herfindahl_index", spread.herfindahl, "plain", 4),
                words="sum of squared shares",
            ),
            Tile(
                "Effective number",
                mark("effective_number", spread.effective_number, "plain", 1),
                words="of equally large securities",
            ),
            Tile(
                "Active share",
                mark("active_share", told.active_share, "percent", 1, unknown),
                words="against the benchmark's weights",
            ),
            Tile(
                "Turnover",
                mark("turnover", exchanged and exchanged.turnover, "percent", 1, idle),
                words="year to date, lesser of purchases and sales over average value",
            ),
        ]
    }


@live_page
@permits.signed_in
def listing(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """What is held of one listing and every transaction behind it."""
    portfolio = visible_portfolio(code)
    parameters.accept_figures(request)
    held = Listing.objects.select_related("instrument").filter(key=key).first()
    if held is None:
        raise Http404("No such listing.")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    cut = known(frame, portfolio)
    rows = queries.positions(frame.as_of, portfolio.base_currency, [portfolio.id], cut)
    position = next((row for row in rows if row.listing_key == key), None)
    lots = queries.open_lots(portfolio, held, frame.as_of, position, cut)
    profits = queries.listing_profits(portfolio, frame.as_of, cut)
    history = queries.transactions(
        portfolio, date.min, frame.as_of, listing=held, known_at=frame.known_at
    )
    context = {
        "portfolio": portfolio,
        "tab": "positions",
        "currency": portfolio.base_currency,
        "listing": held,
        "position": position,
        "lots": lots,
        "profit": next((row for row in profits if row.listing_key == key), None),
        "transactions": history[::-1],
    }
    return rendering.page(request, "portfolios/listing.html", context)


def _position_totals(rows: list[Any]) -> dict[str, Any]:
    """Sums of the rows shown, the missing ones left out."""
    return {
        name: sum((value for row in rows if (value := getattr(row, name)) is not None), start)
        for name, start in (
            ("value", Decimal(0)),
            ("share", 0.0),
            ("change", Decimal(0)),
            ("cost", Decimal(0)),
            ("unrealised", Decimal(0)),
            ("fifo_cost", Decimal(0)),
            ("fifo_unrealised", Decimal(0)),
        )
    }


def _profits(rows: list[queries.ListingProfit]) -> dict[str, Any]:
    """Context of the profit of every listing ever held, and its sums."""
    return {
        "profits": rows,
        "profit_totals": {
            name: sum((getattr(row, name) for row in rows), Decimal(0)) for name in PROFIT_PARTS
        },
    }
