"""What was compared, and what was wrong."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

TOLD: Final = 20


@dataclass
class Tally:
    """Counts of reads and rows, and the first wrong ones in words; safe from several threads.

    A read is one answer that was compared: of a statement, a page or partial, an exported file, or
    a frame pushed over a socket.
    """

    reads: Counter[str] = field(default_factory=Counter)
    deaths: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    foreign_rows: int = 0
    missing_rows: int = 0
    undecided: int = 0
    retried: int = 0
    errors: int = 0
    wrong: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def read(self, kind: str, rows: int) -> None:
        """A read of this kind was compared row by row."""
        with self._lock:
            self.reads[kind] += 1
            self.rows += rows

    def foreign(self, rows: int, words: str) -> None:
        """Somebody was shown rows that are not theirs to see."""
        with self._lock:
            self.foreign_rows += rows
            self._tell("foreign", rows, words)

    def missing(self, rows: int, words: str) -> None:
        """Somebody was not shown rows that are theirs to see, or shown them altered."""
        with self._lock:
            self.missing_rows += rows
            self._tell("missing", rows, words)

    def undecided_rows(self, rows: int) -> None:
        """Access to them changed while they were read: both answers are right."""
        with self._lock:
            self.undecided += rows

    def died(self, what: str) -> None:
        """Something that serves was killed."""
        with self._lock:
            self.deaths[what] += 1

    def again(self) -> None:
        """A server died under a read, which is asked again."""
        with self._lock:
            self.retried += 1

    def failed(self, words: str) -> None:
        """A read was answered by an error of ours, which proves nothing: the run fails."""
        with self._lock:
            self.errors += 1
            self._tell("error", 1, words)

    @property
    def total(self) -> int:
        """All reads compared."""
        with self._lock:
            return sum(self.reads.values())

    @property
    def passed(self) -> bool:
        """True when something was compared and nothing was wrong."""
        return self.total > 0 and not (self.foreign_rows or self.missing_rows or self.errors)

    def as_dict(self) -> dict[str, Any]:
        """The result for a machine to read."""
        return {
            "reads_compared": self.total,
            "reads": dict(self.reads),
            "rows_compared": self.rows,
            "foreign_rows": self.foreign_rows,
            "missing_rows": self.missing_rows,
            "rows_undecided_by_a_change": self.undecided,
            "reads_asked_again": self.retried,
            "killed": dict(self.deaths),
            "errors": self.errors,
            "passed": self.passed,
            "wrong": self.wrong,
        }

    def _tell(self, what: str, rows: int, words: str) -> None:
        if len(self.wrong) < TOLD:
            self.wrong.append(f"{rows} {what}: {words}")
