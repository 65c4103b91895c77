"""Valuation days: the sessions of one reference exchange."""

import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import exchange_calendars
from pandas.errors import Pandas4Warning

# The longest closure of a stock exchange that a lead-in session is looked for across.
LONGEST_CLOSURE = timedelta(days=14)


@lru_cache(maxsize=8)
def _exchange(mic: str, first_year: int) -> exchange_calendars.ExchangeCalendar:
    with warnings.catch_warnings():
        # The library reads frames in a way that pandas 4 will change; its answers are not affected.
        warnings.simplefilter("ignore", Pandas4Warning)
        return exchange_calendars.get_calendar(mic, start=f"{first_year}-01-01")


def sessions(mic: str, first: date, last: date) -> list[date]:
    """Sessions of the exchange from ``first`` to ``last``, both included."""
    if first > last:
        return []
    calendar = _exchange(mic, first.year - 1)
    return [session.date() for session in calendar.sessions_in_range(str(first), str(last))]


def session_before(mic: str, day: date) -> date:
    """The last session of the exchange before ``day``."""
    return sessions(mic, day - LONGEST_CLOSURE, day - timedelta(days=1))[-1]


class ValuationCalendar:
    """The valuation days of the firm, in order, and how other days map to them."""

    def __init__(self, days: Iterable[date]) -> None:
        self.days = sorted(days)

    def effective(self, on: date) -> date | None:
        """The valuation day on which an event of ``on`` takes effect; None while it is to come."""
        position = bisect_left(self.days, on)
        return self.days[position] if position < len(self.days) else None

    def last_until(self, on: date) -> date | None:
        """The last valuation day on or before ``on``; None before the first one."""
        position = bisect_right(self.days, on)
        return self.days[position - 1] if position else None

    def before(self, day: date) -> date | None:
        """The valuation day before ``day``; None for the first one."""
        position = bisect_left(self.days, day)
        return self.days[position - 1] if position else None
