"""Risk figures on the daily main return since inception. All are statistics: floats."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

TRADING_DAYS = 252
MONTHS = 12
VAR_DAYS = 250
VAR_TAIL = 0.05


def volatility(returns: ArrayLike, periods: int = TRADING_DAYS) -> float | None:
    """Sample deviation (n − 1) a year; None under two returns."""
    values = np.asarray(returns, dtype=float)
    return float(np.std(values, ddof=1) * math.sqrt(periods)) if len(values) > 1 else None


def sharpe_ratio(returns: ArrayLike, periods: int = TRADING_DAYS) -> float | None:
    """Mean over deviation a year, risk-free rate 0; None without variation."""
    values = np.asarray(returns, dtype=float)
    if len(values) < 2:
        return None
    deviation = float(np.std(values, ddof=1))
    return float(np.mean(values)) / deviation * math.sqrt(periods) if deviation else None


def sortino_ratio(returns: ArrayLike, periods: int = TRADING_DAYS) -> float | None:
    """Mean over downside deviation a year, target 0; None without any loss.

    The downside deviation is the root of the mean squared loss over all days, those without a
    loss counted as 0 (F. Sortino and R. van der Meer, "Downside Risk", 1991).
    """
    values = np.asarray(returns, dtype=float)
    if len(values) < 2:
        return None
    downside = float(np.sqrt(np.mean(np.minimum(values, 0.0) ** 2)))
    return float(np.mean(values)) / downside * math.sqrt(periods) if downside else None


@dataclass(frozen=True)
class Drawdown:
    """The deepest loss from a peak, as a negative fraction, when it was deepest and when made up.

    Without a peak it fell from the start; ``recovered_on`` is None while it lasts.
    """

    depth: float
    peak_on: date | None
    trough_on: date | None
    recovered_on: date | None = None


def maximum_drawdown(days: Sequence[date], wealth: Sequence[float]) -> Drawdown:
    """Deepest drawdown of a wealth index that starts at 1 before its first day."""
    peak, peak_on = 1.0, None
    deepest, lost = Drawdown(0.0, None, None), 0.0
    for day, value in zip(days, wealth, strict=True):
        if lost and value >= lost:
            deepest, lost = replace(deepest, recovered_on=day), 0.0
        if value > peak:
            peak, peak_on = value, day
        elif value / peak - 1.0 < deepest.depth:
            deepest, lost = Drawdown(value / peak - 1.0, peak_on, day), peak
    return deepest


def monthly_returns(days: Sequence[date], wealth: Sequence[float]) -> dict[tuple[int, int], float]:
    """Linked return by (year, month), the last month possibly partial."""
    last: dict[tuple[int, int], float] = {}
    for day, value in zip(days, wealth, strict=True):
        last[(day.year, day.month)] = value
    returns, before = {}, 1.0
    for month, value in last.items():
        returns[month] = value / before - 1.0
        before = value
    return returns


def full_months(
    days: Sequence[date], wealth: Sequence[float], calendar: Sequence[date]
) -> list[float]:
    """Returns of the full calendar months, in order.

    A first month without its first valuation day, or a last one without its last, does not count.
    ``calendar`` holds the valuation days of the firm, past the portfolio's last where there are.
    """
    if not days:
        return []
    returns = monthly_returns(days, wealth)
    months = list(returns)
    if not _begins_month(days[0], calendar):
        returns.pop(months[0])
    if not ends_month(days[-1], calendar):
        returns.pop(months[-1], None)
    return list(returns.values())


def _begins_month(day: date, calendar: Sequence[date]) -> bool:
    position = bisect_left(calendar, day)
    return position == 0 or calendar[position - 1].month != day.month


def ends_month(day: date, calendar: Sequence[date]) -> bool:
    """True when the valuation day after ``day`` is in another month; false while none is known."""
    position = bisect_left(calendar, day) + 1
    return position < len(calendar) and calendar[position].month != day.month


def monthly_volatility(months: Sequence[float], count: int) -> float | None:
    """Deviation of the last ``count`` full months × √12; None where there are fewer."""
    return volatility(months[-count:], MONTHS) if len(months) >= count else None


def value_at_risk(returns: ArrayLike, days: int = VAR_DAYS) -> float | None:
    """Historical one-day 95 % loss of the last ``days`` returns, positive; None under them."""
    values = np.asarray(returns, dtype=float)
    if len(values) < days:
        return None
    return float(-np.quantile(values[-days:], VAR_TAIL, method="linear"))


def tracking_error(returns: ArrayLike, benchmark: ArrayLike) -> float | None:
    """Deviation of the arithmetic daily differences a year."""
    return volatility(np.asarray(returns, dtype=float) - np.asarray(benchmark, dtype=float))


def information_ratio(returns: ArrayLike, benchmark: ArrayLike) -> float | None:
    """Mean over deviation of the arithmetic daily differences a year."""
    return sharpe_ratio(np.asarray(returns, dtype=float) - np.asarray(benchmark, dtype=float))


def beta(returns: ArrayLike, benchmark: ArrayLike) -> float | None:
    """Covariance with the benchmark over its variance, both n − 1."""
    mine, index = np.asarray(returns, dtype=float), np.asarray(benchmark, dtype=float)
    if len(mine) < 2:
        return None
    variance = float(np.var(index, ddof=1))
    return float(np.cov(mine, index, ddof=1)[0, 1]) / variance if variance else None


@dataclass(frozen=True)
class Capture:
    """How much of the benchmark's rises and falls a portfolio took part in; 1 is all of it."""

    up: float | None
    down: float | None


def capture(months: Sequence[float], benchmark: Sequence[float]) -> Capture:
    """Up and down capture, from the returns of the same full calendar months.

    The return a year compounded over the months in which the benchmark rose (fell), over the
    benchmark's own: the rule of fund rating agencies. None under twelve months, and without a
    month of the kind.
    """
    mine, index = np.asarray(months, dtype=float), np.asarray(benchmark, dtype=float)
    if len(mine) < MONTHS:
        return Capture(None, None)
    return Capture(_captured(mine, index, index > 0), _captured(mine, index, index < 0))


def _captured(mine: np.ndarray, index: np.ndarray, chosen: np.ndarray) -> float | None:
    if not chosen.any():
        return None
    return _a_year(mine[chosen]) / _a_year(index[chosen])


def _a_year(months: np.ndarray) -> float:
    return float(np.prod(1.0 + months) ** (MONTHS / len(months)) - 1.0)
