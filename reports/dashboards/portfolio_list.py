"""``/portfolios/``: all that the person may see."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from helio.audit.sights import lists_portfolios
from helio.pages import parameters, permits, rendering
from helio.pages.later import later_each
from helio.pages.live import live_page
from portfolios.figures import queries
from reports.dashboards import book
from reports.dashboards.frame import Frame

SORTS: Final = (
    "code",
    "name",
    "net_asset_value",
    "day_pnl",
    "day_return",
    "month",
    "year",
    "twelve_months",
    "volatility",
    "max_drawdown",
    "cash_share",
)


@live_page
@permits.signed_in
def portfolio_list(request: HttpRequest) -> HttpResponse:
    """The portfolios of the person's perimeter with their values and returns."""
    parameters.accept_figures(request, "portfolio", "sort")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    currency = request.user.reporting_currency  # type: ignore[union-attr]
    sort = parameters.sorting(request, SORTS, "code")
    lists_portfolios(request)
    ids = queries.portfolio_ids(parameters.codes(request))
    as_of, cut = frame.as_of, frame.cut
    frame.period = queries.period_state(as_of, ids, cut)

    def rows() -> dict[str, Any]:
        if cut is None:
            queries.read_table(as_of, currency, ids)
        return table(as_of, currency, ids, sort, cut)

    context = {
        "currency": currency,
        "sort": sort,
        **later_each(rows, "portfolios", "totals", "missing", "without_figures"),
        **book.changed_since(as_of, cut, ids),
    }
    return rendering.page(request, "portfolios/list.html", context, ("portfolios-rows",))


def table(
    as_of: date,
    currency: str,
    ids: Sequence[int] | None,
    sort: str,
    cut: queries.Cut | None = None,
) -> dict[str, Any]:
    """Context of the portfolios table: its rows in order and their total.

    The total's return is that of the sum, flows taken out; never a mean of the rows' returns.
    """
    rows = queries.portfolio_table(as_of, currency, ids, cut)
    day = queries.aggregate_series(ids, as_of, as_of, currency, cut)
    totals = {
        "net_asset_value": sum((row.net_asset_value for row in rows), Decimal(0)),
        "day_pnl": sum((row.day_pnl for row in rows), Decimal(0)),
        "day_return": day[-1].return_net if day else None,
    }
    shown = {row.id for row in rows}
    return {
        "portfolios": book.ordered(rows, sort),
        "totals": totals,
        "missing": queries.missing_figures(as_of, ids, cut),
        "without_figures": [
            portfolio
            for portfolio in queries.visible()
            if (ids is None or portfolio.pk in ids)
            and portfolio.pk not in shown
            and (cut is None or cut.knows(portfolio))
        ],
    }
