"""The oracle of access: who may see which portfolio in a span of time, by books of its own."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from threading import Lock
from time import time


@dataclass(slots=True)
class Moment:
    """A point in time known to lie between two readings of the clock (seconds since 1970)."""

    earliest: float
    latest: float

    @classmethod
    def at(cls, time: float) -> "Moment":
        """Known exactly: what the database judges by its own clock."""
        return cls(time, time)


@contextmanager
def happening() -> Iterator[Moment]:
    """The moment of what is done in the block: not before it begins, not after it ends.

    It is to be entered into the books inside the block, before it is done: whoever reads meanwhile
    must find it there, undecided.
    """
    moment = Moment(time(), inf)
    yield moment
    moment.latest = time()


@dataclass(slots=True)
class Way:
    """A span in which a portfolio is open to a person, and the things it hangs on.

    It begins when the last of ``begins`` has happened and ends with the first of ``ends``.
    """

    portfolio: int
    begins: tuple[Moment, ...]
    ends: list[Moment]
    because: frozenset[Hashable]

    def is_sure(self, start: float, end: float) -> bool:
        """True when it is open all the time from ``start`` to ``end``."""
        return all(one.latest < start for one in self.begins) and all(
            one.earliest > end for one in self.ends
        )

    def is_possible(self, start: float, end: float) -> bool:
        """True when it may be open at some moment from ``start`` to ``end``."""
        return all(one.earliest <= end for one in self.begins) and all(
            one.latest >= start for one in self.ends
        )


@dataclass
class Access:
    """The ways of every person; safe to use from several threads.

    A portfolio *must* be seen by a read from ``start`` to ``end`` if one way was surely open all
    that time, and *may* be seen if one was possibly open at any moment of it. Between them lies
    what a change during the read leaves undecided.
    """

    _ways: dict[int, list[Way]] = field(default_factory=lambda: defaultdict(list))
    # The same by what they hang on, so that an end finds its own among all of a long run.
    _because: dict[Hashable, list[Way]] = field(default_factory=lambda: defaultdict(list))
    _lock: Lock = field(default_factory=Lock)

    def open(
        self,
        person: int,
        portfolios: Iterable[int],
        because: Iterable[Hashable],
        *,
        begins: Iterable[Moment] = (),
        ends: Iterable[Moment] = (),
    ) -> None:
        """The portfolios are open to the person as long as all named in ``because`` holds."""
        reasons, since, until = frozenset(because), tuple(begins), list(ends)
        with self._lock:
            opened = [Way(one, since, [*until], reasons) for one in portfolios]
            self._ways[person] += opened
            for reason in reasons:
                self._because[reason] += opened

    def close(self, because: Hashable, moment: Moment) -> None:
        """Something that ways hang on ends."""
        with self._lock:
            for way in self._because[because]:
                way.ends.append(moment)

    def must(self, person: int, start: float, end: float) -> set[int]:
        """Portfolios that a read in this span has to show."""
        with self._lock:
            return {way.portfolio for way in self._ways[person] if way.is_sure(start, end)}

    def may(self, person: int, start: float, end: float) -> set[int]:
        """Portfolios that a read in this span can show."""
        with self._lock:
            return {way.portfolio for way in self._ways[person] if way.is_possible(start, end)}
