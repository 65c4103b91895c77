"""How far a run is, told beside its transaction: its counts show only when they are committed.

Kept in the cache and not in the database: it may be lost without harm, it costs a load nothing,
and a run that dies leaves nothing behind. When the cache is away, nobody sees how far a run is.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from django.core.cache import cache

# Written at most so often while a stage goes on; a new stage is told at once.
EVERY_SECONDS = 1.0
KEPT = timedelta(hours=1)
STAGES = {
    "landing": ("Landing", "files"),
    "reading": ("Reading", "lines"),
    "loading": ("Loading", "kinds of record"),
    "settling": ("Settling", ""),
}


class Progress:
    """One run's progress. Without a batch (``Progress()``) it counts and tells nobody."""

    def __init__(self, batch_id: int | None = None) -> None:
        self.batch_id = batch_id
        self.rows = 0
        self._name, self._done, self._total = "landing", 0, 0
        self._began = self._told = 0.0

    def stage(self, name: str, total: int = 0) -> None:
        """The run enters a stage of ``total`` units, as ``STAGES`` names them; 0: not known."""
        self._name, self._done, self._total = name, 0, total
        self._began = time.time()
        self._tell()

    def advance(self, units: int, rows: int = 0) -> None:
        """So many more units of the stage are done, and so many more rows are staged."""
        self._done += units
        self.rows += rows
        self._tell_at_times()

    def reach(self, units: int) -> None:
        """So many units of the stage are done in all."""
        self._done = units
        self._tell_at_times()

    def done(self) -> None:
        """The run is over; from here its counts speak for it."""
        if self.batch_id is not None:
            cache.delete(_key(self.batch_id))

    def _tell_at_times(self) -> None:
        if time.time() - self._told >= EVERY_SECONDS:
            self._tell()

    def _tell(self) -> None:
        if self.batch_id is None:
            return
        self._told = time.time()
        said = Said(self._name, self._done, self._total, self.rows, self._began, self._told)
        cache.set(_key(self.batch_id), asdict(said), timeout=KEPT.total_seconds())


@dataclass(frozen=True)
class Said:
    """What a run last said of itself. Times are seconds since 1970."""

    stage: str
    done: int
    total: int
    rows: int
    began: float
    told: float

    @property
    def label(self) -> str:
        """The stage in a word."""
        return STAGES.get(self.stage, (self.stage, ""))[0]

    @property
    def units(self) -> str:
        """What the stage counts in; empty when it counts nothing."""
        return STAGES.get(self.stage, ("", ""))[1]

    @property
    def percent(self) -> int | None:
        """How much of the stage is done, None when nobody knows."""
        if not self.total:
            return None
        return min(100, 100 * self.done // self.total)

    @property
    def rate(self) -> float | None:
        """Units a second in this stage, None before there is something to tell."""
        seconds = self.told - self.began
        return self.done / seconds if seconds >= EVERY_SECONDS and self.done else None

    @property
    def seconds_left(self) -> int | None:
        """Seconds until the stage ends at this rate, None when nobody can say."""
        if not self.total or not self.rate:
            return None
        return max(0, round((self.total - self.done) / self.rate))

    @property
    def told_at(self) -> datetime:
        """When this was said."""
        return datetime.fromtimestamp(self.told, UTC)


def last_said(batch_id: int) -> Said | None:
    """What the run last said, None when it said nothing, is over, or the cache is away."""
    found = cache.get(_key(batch_id))
    return Said(**found) if found else None


def _key(batch_id: int) -> str:
    return f"batch-progress:{batch_id}"
