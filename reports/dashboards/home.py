"""``/``: the signed-in person's dashboard, by role."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from helio.accounts import roles
from helio.audit.sights import lists_portfolios
from helio.pages import parameters, permits, rendering
from helio.pages.later import later_each
from helio.pages.live import live_page
from portfolios.figures import queries
from reports.dashboards import book, findings
from reports.dashboards.frame import Frame
from reports.dashboards.people import people_by_portfolio
from reports.dashboards.portfolio_list import SORTS, table
from reports.dashboards.staff import administrator, auditor

_PARTS: Final = ("value-panel", "exposure-panel", "portfolios-rows")


@live_page
@permits.signed_in
def home(request: HttpRequest) -> HttpResponse:
    """The page that greets this person; executives and operations have one of their own."""
    role = request.user.dashboard_role  # type: ignore[union-attr]
    if role == roles.EXECUTIVE:
        query = request.GET.urlencode()
        return redirect(f"{reverse('firm')}?{query}" if query else "firm")
    if role == roles.OPERATIONS:
        return redirect("/operations/")
    if role == roles.AUDITOR:
        return auditor(request)
    if role == roles.ADMINISTRATOR:
        return administrator(request)
    return _book(request, is_manager=role == roles.MANAGER)


def _book(request: HttpRequest, *, is_manager: bool) -> HttpResponse:
    """The analyst's page; a manager's has the people beside the portfolios."""
    parameters.accept_figures(request, "portfolio", "sort", "period", "breakdown")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    lists_portfolios(request)
    ids = queries.portfolio_ids(parameters.codes(request))
    context = {
        "heading": "My desk" if is_manager else "My portfolios",
        "has_access": bool(queries.visible()),
        "people": people_by_portfolio() if is_manager else None,
        **book.changed_since(frame.as_of, frame.cut, ids),
        **_figures(request, frame.as_of, ids, frame.cut),
        **findings.panel(ids),
    }
    return rendering.page(request, "dashboards/book.html", context, _PARTS)


def _figures(
    request: HttpRequest, as_of: date, ids: list[int] | None, cut: queries.Cut | None
) -> dict[str, Any]:
    """Context of the panels that an audience shares: read when the first of them is rendered."""
    currency = request.user.reporting_currency  # type: ignore[union-attr]
    sort = parameters.sorting(request, SORTS, "-net_asset_value")
    period, breakdown = book.period(request), book.breakdown(request)
    of = (as_of, currency, ids, cut)

    @cache
    def ahead() -> None:
        if cut is None and rendering.part_asked(request, _PARTS) is None:
            chart_from = book.chart_from(period, as_of, cut)
            queries.read_book(as_of, currency, ids, chart_from=chart_from, breakdown=breakdown)

    def shown(read: Callable[[], Mapping[str, Any]], *names: str) -> dict[str, Any]:
        return later_each(read, *names, after=ahead)

    return {
        "currency": currency,
        "sort": sort,
        **shown(lambda: {"tiles": book.tiles(*of)}, "tiles"),
        **shown(lambda: book.largest(*of), "positions", "positions_total"),
        **shown(
            lambda: table(as_of, currency, ids, sort, cut),
            *("portfolios", "totals", "missing", "without_figures"),
        ),
        **shown(lambda: book.value_chart(request, *of), "periods", "period", "chart"),
        **shown(
            lambda: book.exposure(request, *of),
            *("breakdowns", "breakdown", "exposure", "exposure_total"),
        ),
        **shown(lambda: book.movers(*of), "movers"),
    }
