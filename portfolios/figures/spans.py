"""A span of days that figures are told over: where it opens, and what was invested each day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from portfolios.figures import courses
from portfolios.figures.aggregates import AggregateDay, aggregate_series
from portfolios.figures.axis import Axis
from portfolios.figures.days import eve_of, last_until, valuation_days
from portfolios.figures.then.cut import Cut
from portfolios.performance.linking import total_return


@dataclass(frozen=True)
class Span:
    """The days of one period over some portfolios taken as one, in a reporting currency.

    ``opens_on`` is the session whose close opens it: the eve of the first day with figures.
    ``days`` are those on which something was invested or held, in order; never empty.
    """

    opens_on: date
    currency: str
    portfolio_ids: Sequence[int] | None
    days: Sequence[AggregateDay]
    cut: Cut | None = None

    @property
    def closes_on(self) -> date:
        """The last day."""
        return self.days[-1].valued_on

    @property
    def returns(self) -> list[float]:
        """Net return of each day; a day on which nothing was invested earned nothing."""
        return [day.return_net or 0.0 for day in self.days]

    @property
    def net(self) -> float:
        """Net return of the whole span."""
        return total_return(self.returns)

    @property
    def gross(self) -> float:
        """Return of the whole span before the management fee."""
        return self.days[-1].wealth_gross - 1.0

    @property
    def net_asset_values(self) -> list[Decimal]:
        """Value at the close of each day."""
        return [day.net_asset_value for day in self.days]

    @cached_property
    def axis(self) -> Axis:
        """The day whose close opens the span, and its days."""
        return Axis([self.opens_on, *(day.valued_on for day in self.days)])

    @cached_property
    def courses(self) -> list[courses.Course]:
        """Every holding day by day, read once for all that is told of the span."""
        return courses.courses(self.axis, self.currency, self.portfolio_ids, self.cut)

    def asked(self) -> dict[str, Any]:
        """The span as the statements of sql/figures take it."""
        ids = None if self.portfolio_ids is None else list(self.portfolio_ids)
        return {
            "start": self.opens_on,
            "until": self.closes_on,
            "currency": self.currency,
            "portfolio_ids": ids,
        }


def opening_day(anchor: date | None, as_of: date, cut: Cut | None = None) -> date:
    """The session whose close opens a period: the last valuation day until its anchor.

    Without an anchor, or with one before all valuation days, it is the eve of the first.
    """
    days = valuation_days(as_of, cut)
    found = last_until(days, anchor) if anchor else None
    return found or eve_of(days[0]) or days[0]


def span(
    opens_on: date,
    closes_on: date,
    currency: str,
    portfolio_ids: Sequence[int] | None = None,
    cut: Cut | None = None,
) -> Span | None:
    """The span after ``opens_on`` up to ``closes_on``; None when nothing was held in it.

    It begins later where the portfolios do, and ends earlier where they ended.
    """
    series = [
        day
        for day in aggregate_series(portfolio_ids, opens_on, closes_on, currency, cut)
        if day.valued_on > opens_on
    ]
    if not series:
        return None
    eve = eve_of(series[0].valued_on)
    return Span(eve or opens_on, currency, portfolio_ids, series, cut)
