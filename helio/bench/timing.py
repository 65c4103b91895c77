"""Clocks and percentiles of the benchmarks."""

import time
from collections.abc import Callable
from typing import Any

WARM_UP = 10


def milliseconds(work: Callable[[], Any]) -> float:
    """How long one call of ``work`` took."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def in_turns(works: list[Callable[[], Any]], rounds: int) -> list[list[float]]:
    """Milliseconds of each work over ``rounds``, taken in turns.

    In turns, so that whatever else the machine does disturbs value and floor alike.
    """
    for work in works:
        for _ in range(WARM_UP):
            work()
    samples: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for mine, work in zip(samples, works, strict=True):
            mine.append(milliseconds(work))
    return samples


def percentile(samples: list[float], share: float) -> float:
    """The sample that ``share`` of all samples do not exceed (nearest rank)."""
    ordered = sorted(samples)
    rank = max(0, -(-len(ordered) * round(share * 100) // 100) - 1)
    return ordered[rank]
