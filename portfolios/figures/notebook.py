"""What was read for a page already: the same question, or a part of it, is not asked twice."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any, Final, Self, TypeVar

from helio.rls import identity

Rows = list[dict[str, Any]]
T = TypeVar("T")

_PLACE: Final = "portfolios.figures"
# Statements with one row a day from ``start`` to ``until``: a part of the days is in the whole.
_BY_DAY: Final = frozenset({"aggregate_day", "index_level", "firm_series"})
_day = itemgetter("valued_on")


@dataclass(frozen=True, slots=True)
class _Reading:
    """The rows of one question, and for which days it was asked."""

    start: date
    until: date
    rows: Rows

    def part(self, start: date, until: date) -> Rows | None:
        """The rows of these days; None where some of them were not asked for."""
        if start < self.start or until > self.until:
            return None
        first = bisect_left(self.rows, start, key=_day)
        return self.rows[first : bisect_right(self.rows, until, key=_day)]


@dataclass
class Notebook:
    """Rows by what was asked, under one identity in one state of the database."""

    _readings: dict[Any, list[_Reading]] = field(default_factory=dict)
    _others: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def in_force(cls) -> Self | None:
        """The notebook of the identity in force; None where an answer may become another."""
        notes = identity.notes()
        if notes is None:
            return None
        found: Self = notes.setdefault(_PLACE, cls())
        return found

    def find(self, name: str, asked: Mapping[str, Any]) -> Rows | None:
        """The rows of this question as read before; None when it was not asked yet."""
        for reading in self._readings.get(_key(name, asked), ()):
            if name not in _BY_DAY:
                return list(reading.rows)
            part = reading.part(asked["start"], asked["until"])
            if part is not None:
                return part
        return None

    def keep(self, name: str, asked: Mapping[str, Any], rows: Rows) -> None:
        """Keep the answer to a question."""
        reading = _Reading(*_span(name, asked), rows)
        self._readings.setdefault(_key(name, asked), []).append(reading)

    def once(self, name: str, read: Callable[[], Any]) -> Any:
        """What ``read`` returned the first time."""
        if name not in self._others:
            self._others[name] = read()
        return self._others[name]


def once(name: str, read: Callable[[], T]) -> T:
    """What ``read`` returns, read once where the answer cannot become another."""
    notebook = Notebook.in_force()
    if notebook is None:
        return read()
    found: T = notebook.once(name, read)
    return found


def _span(name: str, asked: Mapping[str, Any]) -> tuple[date, date]:
    """The days asked for; all of them for what is not read by day."""
    return (asked["start"], asked["until"]) if name in _BY_DAY else (date.min, date.max)


def _key(name: str, asked: Mapping[str, Any]) -> Any:
    by_day = ("start", "until") if name in _BY_DAY else ()
    return name, tuple(
        (one, tuple(value) if isinstance(value, list) else value)
        for one, value in sorted(asked.items())
        if one not in by_day
    )
