"""The firm and its desks over every named period and calendar year, in the firm's currency.

Returns come from summed flows and values of each day, linked; never from averages of returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from portfolios.figures import ground
from portfolios.figures.days import last_until, valuation_days
from portfolios.figures.firm import FIRM
from portfolios.figures.then.cut import Cut
from portfolios.performance.figures import PeriodReturns
from portfolios.performance.periods import PERIODS, WealthIndex


@dataclass(frozen=True, slots=True)
class CompositePeriods:
    """The firm (without a desk) or a desk: net and gross returns, the benchmark's, and risk.

    Gross is before the management fee. ``years`` are by calendar year, the first and last possibly
    partial.
    """

    desk_id: int | None
    name: str
    first_on: date
    periods: list[PeriodReturns]
    years: list[PeriodReturns]
    volatility: float | None
    max_drawdown: float


def composite_periods(as_of: date, cut: Cut | None = None) -> list[CompositePeriods]:
    """The firm and then its desks that have figures on ``as_of``; nothing for who may not see."""
    known = valuation_days(as_of, cut)
    lives = {row["desk_id"]: row for row in ground.rows("composite_risk", cut, as_of=as_of)}
    if not lives:
        return []
    anchors = [last_until(known, period.anchor(as_of)) for period in PERIODS]
    ends = [last_until(known, date(year, 12, 31)) for year in range(known[0].year, as_of.year)]
    firsts = [life["first_on"] for life in lives.values()]
    days = sorted({as_of, *firsts, *(day for day in (*anchors, *ends) if day)})
    rows = ground.rows("composite_row", cut, days=days)
    found = [list(run) for _, run in groupby(rows, key=itemgetter("desk_id"))]
    return [
        _told(history, lives[history[0]["desk_id"] or 0], as_of)
        for history in found
        if history[-1]["valued_on"] == as_of
    ]


def _told(history: Sequence[dict[str, Any]], life: dict[str, Any], as_of: date) -> CompositePeriods:
    dates = [row["valued_on"] for row in history]
    net = WealthIndex(dates, [row["wealth_net"] for row in history])
    gross = WealthIndex(dates, [row["wealth_gross"] for row in history])
    index = WealthIndex(dates, [row["benchmark_wealth"] for row in history])
    sides = (net, gross, index)
    periods = [
        PeriodReturns(p.key, p.label, *(side.period(p, as_of) for side in sides)) for p in PERIODS
    ]
    for key, label, of in (
        ("inception", "Since inception", WealthIndex.inception),
        ("inception_annualised", "Since inception a year", WealthIndex.annualised),
    ):
        periods.append(PeriodReturns(key, label, *(of(side, as_of) for side in sides)))
    return CompositePeriods(
        desk_id=history[0]["desk_id"],
        name=history[0]["name"] or FIRM,
        first_on=life["first_on"],
        periods=periods,
        years=[_year(year, sides, as_of) for year in range(dates[0].year, as_of.year + 1)],
        volatility=life["volatility"],
        max_drawdown=life["max_drawdown"],
    )


def _year(year: int, sides: Sequence[WealthIndex], as_of: date) -> PeriodReturns:
    before, end = date(year - 1, 12, 31), min(date(year, 12, 31), as_of)
    return PeriodReturns(str(year), str(year), *(side.since(before, end) for side in sides))
