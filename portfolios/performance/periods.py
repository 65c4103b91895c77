"""Anchors of the named periods, and returns between them by linking a wealth index."""

import calendar as month_lengths
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_A_YEAR = 365.25
SHORTEST_ANNUALISED = 365


def month_anchor(as_of: date) -> date:
    """Last calendar day of the month before."""
    return as_of.replace(day=1) - timedelta(days=1)


def quarter_anchor(as_of: date) -> date:
    """Last calendar day of the quarter before."""
    return date(as_of.year, (as_of.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)


def year_anchor(as_of: date) -> date:
    """Last calendar day of the year before."""
    return date(as_of.year - 1, 12, 31)


def years_anchor(as_of: date, years: int) -> date:
    """The same calendar day ``years`` earlier, month end for month end."""
    year = as_of.year - years
    last_day = month_lengths.monthrange(year, as_of.month)[1]
    is_month_end = as_of.day == month_lengths.monthrange(as_of.year, as_of.month)[1]
    return date(year, as_of.month, last_day if is_month_end else min(as_of.day, last_day))


def twelve_months_anchor(as_of: date) -> date:
    """The same calendar day a year earlier, month end for month end."""
    return years_anchor(as_of, 1)


@dataclass(frozen=True)
class Period:
    """A named period: its anchor for an as-of date, and whether a late start leaves it empty."""

    key: str
    label: str
    anchor: Callable[[date], date]
    empty_if_begun_after: bool = False
    years: int | None = None


PERIODS = (
    Period("month", "Month to date", month_anchor),
    Period("quarter", "Quarter to date", quarter_anchor),
    Period("year", "Year to date", year_anchor),
    Period("twelve_months", "Twelve months", twelve_months_anchor, empty_if_begun_after=True),
    Period(
        "three_years",
        "Three years a year",
        lambda as_of: years_anchor(as_of, 3),
        empty_if_begun_after=True,
        years=3,
    ),
)


@dataclass(frozen=True)
class WealthIndex:
    """Growth of one unit by valuation day; it starts at 1 before the first day."""

    days: Sequence[date]
    wealth: Sequence[float]

    def at(self, on: date) -> float | None:
        """Wealth at the close of the last valuation day on or before ``on``; None before it."""
        position = bisect_right(self.days, on)
        return self.wealth[position - 1] if position else None

    def since(self, anchor: date, as_of: date) -> float | None:
        """Linked return over the valuation days after ``anchor`` up to ``as_of``."""
        end = self.at(as_of)
        if end is None:
            return None
        start = self.at(anchor)
        return end / (1.0 if start is None else start) - 1.0

    def period(self, period: Period, as_of: date) -> float | None:
        """Return of a named period; None where the convention leaves it empty."""
        anchor = period.anchor(as_of)
        if period.empty_if_begun_after and (not self.days or self.days[0] > anchor):
            return None
        linked = self.since(anchor, as_of)
        if linked is None or period.years is None:
            return linked
        return (1.0 + linked) ** (1.0 / period.years) - 1.0

    def inception(self, as_of: date) -> float | None:
        """Return since inception."""
        end = self.at(as_of)
        return None if end is None else end - 1.0

    def annualised(self, as_of: date) -> float | None:
        """Return since inception a year, (1 + R)^(365.25/days) − 1; None under 365 days."""
        total = self.inception(as_of)
        if total is None:
            return None
        days = (as_of - self.days[0]).days + 1
        if days < SHORTEST_ANNUALISED:
            return None
        return float((1.0 + total) ** (DAYS_A_YEAR / days) - 1.0)
