"""Measures the steps of a refresh."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Clock:
    """Milliseconds by step, and in all."""

    def __init__(self) -> None:
        self._started = perf_counter()
        self.steps: dict[str, int] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure one step."""
        started = perf_counter()
        yield
        self.steps[name] = _milliseconds(started)

    @property
    def total(self) -> int:
        """Milliseconds since the start."""
        return _milliseconds(self._started)


def _milliseconds(started: float) -> int:
    return round((perf_counter() - started) * 1000)
