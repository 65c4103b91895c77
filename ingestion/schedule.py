"""When a source's next input is expected: every so often, or at a local time, on which days."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

EVERY_DAY: Final = "days"
WEEKDAYS: Final = "weekdays"
DAY: Final = timedelta(days=1)
# Longer than any closure of an exchange; a rule that opens on no day is refused when it is loaded.
LOOK_AHEAD_DAYS: Final = 60


@dataclass(frozen=True)
class Schedule:
    """A rule of time: ``every`` so often, or daily ``at`` a local time, on some days only."""

    every: timedelta = DAY
    grace: timedelta = timedelta(minutes=5)
    at: time | None = None
    zone: str = "UTC"
    on: str = EVERY_DAY

    def after(self, moment: datetime) -> datetime:
        """The first due time after the moment, in UTC."""
        if self.at is not None:
            return next(due for due in self._daily(moment, forward=True) if due > moment)
        due = (moment + self.every).astimezone(ZoneInfo(self.zone))
        if self.is_open(due.date()):
            return due.astimezone(UTC)
        day = next(day for day in days(due.date(), forward=True) if self.is_open(day))
        # A daily rhythm keeps its hour; a quicker one goes on as the day begins.
        hour = due.time() if self.every >= DAY else time()
        return self._instant(day, hour)

    def due_after_input(self, received: datetime) -> datetime:
        """When the next input is expected, given when the newest came.

        What comes shortly before its hour counts for that hour: a file due at 07:00 that comes
        at 06:12 is not missing at 07:05.
        """
        due = self.after(received)
        if self.at is None:
            return due
        before = next(each for each in self._daily(received, forward=False) if each <= received)
        return self.after(due) if due - received < received - before else due

    def is_open(self, day: date) -> bool:
        """True when input is expected on that day at all."""
        if self.on == EVERY_DAY:
            return True
        if self.on == WEEKDAYS:
            return day.weekday() < 5
        return is_session(self.on, day)

    @property
    def words(self) -> str:
        """The rule as a person would say it."""
        days_on = {EVERY_DAY: "", WEEKDAYS: " on weekdays"}.get(self.on, f" on {self.on} sessions")
        if self.at is not None:
            return f"at {self.at:%H:%M} {self.zone}" + (days_on or " every day")
        return span_in_words(self.every) + days_on

    def _daily(self, moment: datetime, *, forward: bool) -> Iterator[datetime]:
        start = moment.astimezone(ZoneInfo(self.zone)).date()
        for day in days(start, forward=forward):
            if self.is_open(day) and self.at is not None:
                yield self._instant(day, self.at)

    def _instant(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, ZoneInfo(self.zone)).astimezone(UTC)


def days(start: date, *, forward: bool) -> Iterator[date]:
    """Days from the start on, or back."""
    for number in range(LOOK_AHEAD_DAYS):
        yield start + DAY * (number if forward else -number)


def span_in_words(every: timedelta) -> str:
    """A length of time as in "every 5 minutes"."""
    seconds = int(every.total_seconds())
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        number, rest = divmod(seconds, size)
        if number and not rest:
            return f"every {word}" if number == 1 else f"every {number} {word}s"
    return f"every {seconds} seconds"


def is_session(mic: str, day: date) -> bool:
    """True when the exchange trades on that day; a weekday beyond what its calendar knows."""
    calendar = exchange(mic)
    if not calendar.first_session.date() <= day <= calendar.last_session.date():
        return day.weekday() < 5
    return bool(calendar.is_session(day.isoformat()))


def is_exchange(mic: str) -> bool:
    """True when there is a calendar for that market identifier code."""
    from exchange_calendars import get_calendar_names

    return mic in get_calendar_names(include_aliases=True)


@lru_cache(maxsize=16)
def _exchange(mic: str, year: int) -> Any:
    # Imported late: it brings pandas, which most processes that ask for a due time never need.
    import exchange_calendars
    from pandas.errors import Pandas4Warning

    with warnings.catch_warnings():
        # The library reads frames in a way that pandas 4 will change; its answers are the same.
        warnings.simplefilter("ignore", Pandas4Warning)
        return exchange_calendars.get_calendar(mic, f"{year - 1}-01-01", f"{year + 1}-12-31")


def exchange(mic: str) -> Any:
    """The exchange's calendar, from last year to the end of the next."""
    return _exchange(mic, datetime.now(UTC).year)
