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
FEW_RETURNS: Final = "Fewer returns than the figure needs"


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
        "rule_rows": rule_rows(told),
        "years": years(told.months),
        "calendar_years": told.years[::-1],
        "months": told.months[::-1],
        **book.value_chart(request, as_of, currency, [portfolio.id], cut),
    }
    return rendering.page(request, "portfolios/performance.html", context, ("value-panel",))


def risk_rows(risk: Any) -> list[Tile]:
    """The risk figures in reading order, each with the reason when it does not apply."""

    def mark(name: str, kind: str, reason: str = FEW_RETURNS, *, signed: bool = False) -> Mark:
        value = getattr(risk, name)
        return Mark(name, NotApplicable(reason) if value is None else value, kind, 2, signed=signed)

    few_months = "Fewer than twelve full months, or none in which the benchmark went that way"
    return [
        Tile("Volatility", mark("volatility", "percent"), words="daily, a year"),
        Tile(
            "Volatility",
            mark("monthly_volatility", "percent"),
            words=f"monthly, {risk.monthly_volatility_months} months, a year",
        ),
        Tile("Sharpe ratio", mark("sharpe_ratio", "plain"), words="risk-free 0"),
        Tile(
            "Sortino ratio",
            mark("sortino_ratio", "plain", "Fewer than two returns, or none below 0"),
            words="target 0",
        ),
        Tile("Maximum drawdown", mark("maximum_drawdown", "percent"), words=drawdown_words(risk)),
        Tile("Value at risk", mark("value_at_risk", "percent"), words="historical, 1 day, 95%"),
        Tile("Tracking error", mark("tracking_error", "percent"), words="a year"),
        Tile("Information ratio", mark("information_ratio", "plain")),
        Tile("Beta", mark("beta", "plain"), words="to the benchmark"),
        Tile(
            "Up capture",
            mark("up_capture", "percent", few_months),
            words="months in which the benchmark rose",
        ),
        Tile(
            "Down capture",
            mark("down_capture", "percent", few_months),
            words="months in which it fell",
        ),
    ]


def drawdown_words(risk: Any) -> str:
    """When the deepest fall began, was deepest and was made up."""
    if risk.drawdown_trough_on is None:
        return "never below an earlier high"
    began = f"peak {day(risk.drawdown_peak_on)[4:]}" if risk.drawdown_peak_on else "from the start"
    ended = (
        f"made up {day(risk.drawdown_recovered_on)[4:]}"
        if risk.drawdown_recovered_on
        else "not made up yet"
    )
    return f"{began}, trough {day(risk.drawdown_trough_on)[4:]}, {ended}"


def rule_rows(told: Any) -> list[Tile]:
    """The return since the start by each rule for flows, and weighted by money."""
    none = NotApplicable("No day with figures")

    def mark(name: str, value: float | None, reason: NotApplicable = none) -> Mark:
        return Mark(name, reason if value is None else value, "percent", 2)

    rules, risk = told.flow_rules, told.risk
    unsolved = NotApplicable("No rate solves it")
    return [
        Tile(
            "Time-weighted, main rule",
            mark("return_net_inception", rules.main),
            words="inflows at the start of the day, outflows at its end",
        ),
        Tile(
            "Time-weighted, all at the end",
            mark("return_end_of_day", rules.end_of_day),
            words="all flows at the end of the day",
        ),
        Tile(
            "Time-weighted, all at the start",
            mark("return_start_of_day", rules.start_of_day),
            words="all flows at the start of the day",
        ),
        Tile(
            "Money-weighted",
            mark("money_weighted_return", risk.money_weighted_return, unsolved),
            words="XIRR a year, since the start",
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
