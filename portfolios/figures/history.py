"""A portfolio's performance: periods, calendar months and risk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from portfolios.figures import ground
from portfolios.figures.days import valuation_days
from portfolios.figures.then.cut import Cut
from portfolios.models import Portfolio
from portfolios.performance.figures import (
    FULL_MONTHS,
    History,
    PeriodReturns,
    RiskFigures,
    period_returns,
    risk_figures,
)
from portfolios.performance.risk import monthly_returns
from portfolios.valuation.calendar import LONGEST_CLOSURE, sessions


@dataclass(frozen=True, slots=True)
class MonthReturn:
    """Net return of a calendar month, the first and last possibly partial."""

    year: int
    month: int
    net: float


@dataclass(frozen=True, slots=True)
class Performance:
    """Returns by period against the benchmark, by month, and risk; all in base currency."""

    periods: list[PeriodReturns]
    months: list[MonthReturn]
    risk: RiskFigures


def performance(
    portfolio: Portfolio, as_of: date, months: int = FULL_MONTHS, cut: Cut | None = None
) -> Performance:
    """The portfolio's performance up to ``as_of``.

    ``months`` is how many full calendar months the monthly volatility takes.
    """
    known = history(portfolio, as_of, cut)
    by_month = monthly_returns(known.days, known.wealth_net)
    return Performance(
        periods=period_returns(known, as_of),
        months=[MonthReturn(year, month, net) for (year, month), net in by_month.items()],
        risk=risk_figures(known, _days_and_next(known.days, cut), months),
    )


def history(portfolio: Portfolio, as_of: date, cut: Cut | None = None) -> History:
    """The portfolio's days since inception up to ``as_of``."""
    rows = ground.rows("history", cut, portfolio_id=portfolio.pk, as_of=as_of)
    return History(
        days=[row["valued_on"] for row in rows],
        # A day on which nothing was invested earned nothing.
        returns=[row["return_net"] or 0.0 for row in rows],
        wealth_net=[row["wealth_net"] for row in rows],
        wealth_gross=[row["wealth_gross"] for row in rows],
        wealth_benchmark=[row["benchmark_wealth"] or 1.0 for row in rows],
        benchmark_returns=[row["benchmark_return"] for row in rows],
        net_asset_values=[row["net_asset_value"] for row in rows],
        net_flows=[row["net_flow"] for row in rows],
    )


def _days_and_next(days: Sequence[date], cut: Cut | None) -> list[date]:
    """The firm's valuation days and the session after: it tells whether a last month is full."""
    if not days:
        return []
    known = valuation_days(cut=cut)
    exchange = settings.HELIO_REFERENCE_EXCHANGE
    following = sessions(exchange, known[-1] + timedelta(days=1), known[-1] + LONGEST_CLOSURE)
    return known + following[:1]
