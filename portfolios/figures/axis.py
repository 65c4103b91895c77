"""The days of a span in order, and the numbers that statements send for them as one text."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Axis:
    """Days in order, never empty; the first is the one whose close opens a span."""

    days: Sequence[date]

    def __len__(self) -> int:
        return len(self.days)

    @property
    def start(self) -> date:
        """The first day."""
        return self.days[0]

    @property
    def until(self) -> date:
        """The last day."""
        return self.days[-1]

    @cached_property
    def offsets(self) -> np.ndarray:
        """Calendar days since the first one."""
        return np.array([(day - self.start).days for day in self.days])

    def places(self, offsets: Sequence[int] | Sequence[str] | np.ndarray) -> np.ndarray:
        """Where days are on the axis, told by their offsets from the first; −1 for others."""
        found: np.ndarray = self._table[np.array(offsets, dtype=np.int64)]
        return found

    @cached_property
    def _table(self) -> np.ndarray:
        table = np.full(self.offsets[-1] + 1, -1, dtype=np.int64)
        table[self.offsets] = np.arange(len(self))
        return table


def floats(texts: Sequence[str]) -> np.ndarray:
    """Numbers in texts as an array of floats."""
    return np.array(list(map(float, texts)))
