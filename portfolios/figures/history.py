"""Performance of a portfolio, or of many as one: periods, calendar months and years, and risk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.conf import settings

from portfolios.figures import ground
from portfolios.figures.aggregates import aggregate_series
from portfolios.figures.days import valuation_days
from portfolios.figures.then.cut import Cut
from portfolios.models import Portfolio
from portfolios.performance import linking
from portfolios.performance.calendar_table import MonthReturn, YearReturn, month_table, year_table
from portfolios.performance.figures import (
    FULL_MONTHS,
    History,
    PeriodReturns,
    RiskFigures,
    period_returns,
    risk_figures,
)
from portfolios.valuation.calendar import LONGEST_CLOSURE, sessions

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class FlowRules:
    """Net return since inception by each rule for the time of flows inside a day."""

    main: float | None
    end_of_day: float | None
    start_of_day: float | None


@dataclass(frozen=True, slots=True)
class Performance:
    """Returns by period against the benchmark, by month and year, and risk; in one currency."""

    periods: list[PeriodReturns]
    months: list[MonthReturn]
    years: list[YearReturn]
    flow_rules: FlowRules
    risk: RiskFigures


def performance(
    portfolio: Portfolio, as_of: date, months: int = FULL_MONTHS, cut: Cut | None = None
) -> Performance:
    """The portfolio's performance up to ``as_of``, in its base currency.

    ``months`` is how many full calendar months the monthly volatility takes.
    """
    told = _told(portfolio, as_of, cut)
    rules = FlowRules(
        *(_compounded(told[f"return_{rule}"]) for rule in ("net", "net_eod", "net_sod"))
    )
    return _performance(_history(told), rules, as_of, months, cut)


def book_performance(
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None = None,
    months: int = FULL_MONTHS,
    cut: Cut | None = None,
) -> Performance:
    """The performance of portfolios taken as one: returns from flows and values, never averages."""
    series = aggregate_series(portfolio_ids, date.min, as_of, currency, cut)
    rules = FlowRules(
        main=series[-1].wealth - 1.0 if series else None,
        end_of_day=_compounded([day.return_eod for day in series]),
        start_of_day=_compounded([day.return_sod for day in series]),
    )
    return _performance(_together(series), rules, as_of, months, cut)


def history(portfolio: Portfolio, as_of: date, cut: Cut | None = None) -> History:
    """The portfolio's days since inception up to ``as_of``."""
    return _history(_told(portfolio, as_of, cut))


def _told(portfolio: Portfolio, as_of: date, cut: Cut | None) -> dict[str, Any]:
    """The columns of the portfolio's days."""
    (told,) = ground.rows("history", cut, portfolio_id=portfolio.pk, as_of=as_of)
    return told


def _performance(
    known: History, rules: FlowRules, as_of: date, months: int, cut: Cut | None
) -> Performance:
    calendar = days_and_next(known.days, cut)
    return Performance(
        periods=period_returns(known, as_of),
        months=month_table(known, calendar),
        years=year_table(known),
        flow_rules=rules,
        risk=risk_figures(known, calendar, months),
    )


def _history(told: Mapping[str, Any]) -> History:
    days = told["days"]
    flows = dict(zip(told["flow_days"] or (), told["net_flow"] or (), strict=True))
    return History(
        days=days,
        # A day on which nothing was invested earned nothing.
        returns=[earned or 0.0 for earned in told["return_net"]],
        wealth_net=told["wealth_net"],
        wealth_gross=told["wealth_gross"],
        wealth_benchmark=[grown or 1.0 for grown in _on(days, told, "benchmark_wealth")],
        benchmark_returns=_on(days, told, "benchmark_return"),
        net_asset_values=told["net_asset_value"],
        net_flows=[flows.get(day, ZERO) for day in days],
    )


def _on(days: Sequence[date], told: Mapping[str, Any], column: str) -> list[float | None]:
    """A column of the benchmark on the portfolio's days; None on those that it lacks."""
    if told["benchmark_days"] == days:
        return list(told[column])
    by_day = dict(zip(told["benchmark_days"], told[column], strict=True))
    return [by_day.get(day) for day in days]


def _together(series: Sequence[Any]) -> History:
    return History(
        days=[day.valued_on for day in series],
        returns=[day.return_net or 0.0 for day in series],
        wealth_net=[day.wealth for day in series],
        wealth_gross=[day.wealth_gross for day in series],
        wealth_benchmark=[day.benchmark_wealth or 1.0 for day in series],
        benchmark_returns=_returns([day.benchmark_wealth for day in series]),
        net_asset_values=[day.net_asset_value for day in series],
        net_flows=[day.inflow - day.outflow for day in series],
    )


def _returns(wealth: Sequence[float | None]) -> list[float | None]:
    """Daily returns of a wealth that starts at 1 before its first day."""
    return [
        None if now is None or before is None else now / before - 1.0
        for before, now in pairwise([1.0, *wealth])
    ]


def _compounded(returns: Sequence[float | None]) -> float | None:
    return linking.total_return([one or 0.0 for one in returns]) if returns else None


def days_and_next(days: Sequence[date], cut: Cut | None) -> list[date]:
    """The firm's valuation days and the session after: it tells whether a last month is full."""
    if not days:
        return []
    known = valuation_days(cut=cut)
    exchange = settings.HELIO_REFERENCE_EXCHANGE
    following = sessions(exchange, known[-1] + timedelta(days=1), known[-1] + LONGEST_CLOSURE)
    return known + following[:1]
