"""The periods that a chart can be asked for, by the words on their buttons."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from portfolios.performance import periods


@dataclass(frozen=True, slots=True)
class ChartPeriod:
    """A button over a chart: its word, the phrase for the summary, and where it is anchored."""

    key: str
    label: str
    phrase: str
    anchor: Callable[[date], date | None]


def _months_before(months: int) -> Callable[[date], date]:
    def anchor(as_of: date) -> date:
        year, month = divmod(as_of.year * 12 + as_of.month - 1 - months, 12)
        return date(year, month + 1, min(as_of.day, monthrange(year, month + 1)[1]))

    return anchor


PERIODS: Final = {
    period.key: period
    for period in (
        ChartPeriod("1m", "1M", "over one month", _months_before(1)),
        ChartPeriod("3m", "3M", "over three months", _months_before(3)),
        ChartPeriod("ytd", "YTD", "this year", periods.year_anchor),
        ChartPeriod("1y", "1Y", "over twelve months", periods.twelve_months_anchor),
        ChartPeriod("all", "All", "since the start", lambda as_of: None),
    )
}


def start_of(period: ChartPeriod, as_of: date, days: Sequence[date]) -> date:
    """The valuation day whose close the period starts from; the first day when none is before."""
    anchor = period.anchor(as_of)
    if anchor is None:
        return days[0]
    return max((day for day in days if day <= anchor), default=days[0])
