"""``/``: the signed-in person's dashboard, by role."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from helio.accounts import roles
from helio.pages import parameters, permits, rendering
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
    cut, as_of = frame.cut, frame.as_of
    currency = request.user.reporting_currency  # type: ignore[union-attr]
    ids = queries.portfolio_ids(parameters.codes(request))
    sort = parameters.sorting(request, SORTS, "-net_asset_value")
    holdings = queries.positions(as_of, currency, ids, cut)
    context = {
        "heading": "My desk" if is_manager else "My portfolios",
        "currency": currency,
        "tiles": book.tiles(as_of, currency, ids, cut),
        "sort": sort,
        "positions": book.ordered(holdings, "-value")[: book.TOP_POSITIONS],
        "positions_total": len(holdings),
        "people": people_by_portfolio() if is_manager else None,
        **book.changed_since(as_of, cut, ids),
        **table(as_of, currency, ids, sort, cut),
        **book.value_chart(request, as_of, currency, ids, cut),
        **book.exposure(request, as_of, currency, ids, cut),
        **findings.panel(ids),
        **book.movers(as_of, currency, ids, cut),
    }
    return rendering.page(request, "dashboards/book.html", context, _PARTS)
