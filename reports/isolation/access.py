"""The oracle of access: who may see which portfolio in a span of time, by books of its own."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from math import inf
from threading import Lock
from typing import Final


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time known to lie between two readings of the clock (seconds since 1970)."""

    earliest: float
    latest: float

    @classmethod
    def at(cls, time: float) -> "Moment":
        """Known exactly: what the database judges by its own clock."""
        return cls(time, time)


ALWAYS: Final = Moment.at(-inf)
NEVER: Final = Moment.at(inf)


def later(one: Moment, other: Moment) -> Moment:
    """When both have happened."""
    return Moment(max(one.earliest, other.earliest), max(one.latest, other.latest))


def sooner(one: Moment, other: Moment) -> Moment:
    """When the first of them has happened."""
    return Moment(min(one.earliest, other.earliest), min(one.latest, other.latest))


@dataclass(slots=True)
class Way:
    """A span in which a portfolio is open to a person, and the things it hangs on."""

    portfolio: int
    begins: Moment
    ends: Moment
    because: frozenset[Hashable]


@dataclass
class Access:
    """The ways of every person; safe to use from several threads.

    A portfolio *must* be seen by a read from ``start`` to ``end`` if one way was surely open all
    that time, and *may* be seen if one was possibly open at any moment of it. Between them lies
    what a change during the read leaves undecided.
    """

    _ways: dict[int, list[Way]] = field(default_factory=lambda: defaultdict(list))
    _lock: Lock = field(default_factory=Lock)

    def open(
        self,
        person: int,
        portfolios: Iterable[int],
        because: Iterable[Hashable],
        *,
        begins: Moment = ALWAYS,
        ends: Moment = NEVER,
    ) -> None:
        """The portfolios are open to the person as long as all named in ``because`` holds."""
        reasons = frozenset(because)
        with self._lock:
            self._ways[person] += [Way(one, begins, ends, reasons) for one in portfolios]

    def close(self, because: Hashable, moment: Moment) -> None:
        """Something that ways hang on ends."""
        with self._lock:
            for ways in self._ways.values():
                for way in ways:
                    if because in way.because:
                        way.ends = sooner(way.ends, moment)

    def must(self, person: int, start: float, end: float) -> set[int]:
        """Portfolios that a read in this span has to show."""
        with self._lock:
            return {
                way.portfolio
                for way in self._ways[person]
                if way.begins.latest < start and way.ends.earliest > end
            }

    def may(self, person: int, start: float, end: float) -> set[int]:
        """Portfolios that a read in this span can show."""
        with self._lock:
            return {
                way.portfolio
                for way in self._ways[person]
                if way.begins.earliest <= end and way.ends.latest >= start
            }
