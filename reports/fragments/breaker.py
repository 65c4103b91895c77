"""A breaker: after a failure nobody tries for a while, so that waiting is paid for once."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

FIRST_PAUSE: Final = 2.0
LONGEST_PAUSE: Final = 60.0


@dataclass
class Breaker:
    """Closed while things work. A failure opens it for a pause that doubles up to a minute.

    When the pause is over one caller may try; the others go on without until that one succeeded.
    """

    clock: Callable[[], float] = time.monotonic

    def __post_init__(self) -> None:
        self._lock = Lock()
        self._pause = 0.0
        self._closed_again_at = 0.0

    @property
    def is_open(self) -> bool:
        """True while nobody may try."""
        return self._pause > 0

    def may_try(self) -> bool:
        """True for everybody while closed; after a pause for one caller, who must then report."""
        with self._lock:
            if not self._pause:
                return True
            if self.clock() < self._closed_again_at:
                return False
            self._closed_again_at = self.clock() + self._pause
            return True

    def worked(self) -> None:
        """Close: the others may try again."""
        with self._lock:
            self._pause = 0.0

    def failed(self) -> None:
        """Open, for twice as long as the last time in a row."""
        with self._lock:
            self._pause = min(self._pause * 2 or FIRST_PAUSE, LONGEST_PAUSE)
            self._closed_again_at = self.clock() + self._pause
