"""A portfolio's performance: by period, by calendar month, and the risk taken for it."""

from calendar import month_abbr
from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from helio.numbers import NotApplicable, day
from helio.pages import parameters, permits, rendering
from helio.pages.live import live_page
from portfolios.figures import queries
from reports.dashboards import book
from reports.dashboards.frame import Frame
from reports.dashboards.portfolio_pages import changed, known, visible_portfolio
from reports.dashboards.tiles import Mark, Tile

MONTHS: Final = tuple(month_abbr)[1:]


@live_page
@permits.signed_in
def performance(request: HttpRequest, code: str) -> HttpResponse:
    """Returns against the benchmark, and risk."""
    portfolio = visible_portfolio(code)
    parameters.accept_figures(request, "period")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    cut = known(frame, portfolio)
    as_of, currency = frame.as_of, portfolio.base_currency
    told = queries.performance(portfolio, as_of, cut=cut)
    context = {
        "portfolio": portfolio,
        "tab": "performance",
        "currency": currency,
        "month_names": MONTHS,
        **changed(request, portfolio, as_of),
        "period_returns": told.periods,
        "risk_rows": risk_rows(told.risk),
        "years": years(told.months),
        **book.value_chart(request, as_of, currency, [portfolio.id], cut),
    }
    return rendering.page(request, "portfolios/performance.html", context, ("value-panel",))


def risk_rows(risk: Any) -> list[Tile]:
    """The risk figures in reading order, each with the reason when it does not apply."""
    young = NotApplicable("Fewer returns than the figure needs")
    trough = f"peak {day(risk.drawdown_peak_on)[4:]}" if risk.drawdown_peak_on else "from the start"
    if risk.drawdown_trough_on:
        trough += f", trough {day(risk.drawdown_trough_on)[4:]}"

    def mark(name: str, kind: str, places: int, *, signed: bool = False) -> Mark:
        value = getattr(risk, name)
        return Mark(name, young if value is None else value, kind, places, signed=signed)

    return [
        Tile("Volatility", mark("volatility", "percent", 2), words="daily, a year"),
        Tile(
            "Volatility",
            mark("monthly_volatility", "percent", 2),
            words=f"monthly, {risk.monthly_volatility_months} months, a year",
        ),
        Tile("Sharpe ratio", mark("sharpe_ratio", "plain", 2), words="risk-free 0"),
        Tile("Maximum drawdown", mark("maximum_drawdown", "percent", 2), words=trough),
        Tile("Value at risk", mark("value_at_risk", "percent", 2), words="historical, 1 day, 95%"),
        Tile("Tracking error", mark("tracking_error", "percent", 2), words="a year"),
        Tile("Information ratio", mark("information_ratio", "plain", 2)),
        Tile("Beta", mark("beta", "plain", 2), words="to the benchmark"),
        Tile(
            "Money-weighted return",
            mark("money_weighted_return", "percent", 2, signed=True),
            words="a year, since the start",
        ),
    ]


def years(months: Sequence[Any]) -> list[dict[str, Any]]:
    """One row a calendar year, newest first: twelve (key, return) pairs and the year's return.

    ``months`` have ``year``, ``month`` and ``net``; a month without the portfolio has no key.
    """
    by_year: dict[int, dict[int, float]] = {}
    for row in months:
        by_year.setdefault(row.year, {})[row.month] = row.net
    return [
        {
            "year": year,
            "months": [
                (f"{year}-{month:02}", returns[month]) if month in returns else ("", None)
                for month in range(1, 13)
            ],
            "total": _linked(returns.values()),
        }
        for year, returns in sorted(by_year.items(), reverse=True)
    ]


def _linked(returns: Any) -> float:
    total = 1.0
    for value in returns:
        total *= 1 + value
    return total - 1
