"""Carino's logarithmic linking: what a day's part is worth in the return of a whole period.

Parts of returns do not add over time. Each day's part is scaled by a factor k_t / K, so that the
scaled parts of all days add up to the compounded return (D. Carino, "Combining Attribution Effects
Over Time", Journal of Performance Measurement, 1999).
"""

from collections.abc import Sequence

import numpy as np

from portfolios.performance.daily import wealth

# Below it ln(1 + r) / r loses more digits than its series r → 1 − r/2 leaves out.
_SMALL = 1e-9


def total_return(returns: Sequence[float]) -> float:
    """The returns compounded; 0 without any."""
    return wealth(returns)[-1] - 1.0 if returns else 0.0


def factors(returns: Sequence[float]) -> list[float] | None:
    """k_t / K of each day with k = ln(1 + r) / r, for parts that sum to each day's return.

    None after a total loss: it has no logarithm.
    """
    return active_factors(returns, [0.0] * len(returns))


def active_factors(returns: Sequence[float], benchmark: Sequence[float]) -> list[float] | None:
    """k_t / K of each day with k = (ln(1 + p) − ln(1 + b)) / (p − b), for parts of active returns.

    None after a total loss of either.
    """
    if len(returns) != len(benchmark):
        raise ValueError("A day has a return on either side.")
    if min((*returns, *benchmark), default=0.0) <= -1.0:
        return None
    whole = _smoothed(np.array([total_return(returns)]), np.array([total_return(benchmark)]))
    each = _smoothed(np.array(returns), np.array(benchmark))
    factors: list[float] = (each / whole).tolist()
    return factors


def _smoothed(mine: np.ndarray, index: np.ndarray) -> np.ndarray:
    """(ln(1 + p) − ln(1 + b)) / (p − b), and its limit where both are the same."""
    relative = (mine - index) / (1.0 + index)
    is_small = np.abs(relative) < _SMALL
    safe = np.where(is_small, 1.0, relative)
    smoothed: np.ndarray = np.where(is_small, 1.0 - relative / 2.0, np.log1p(safe) / safe)
    return smoothed / (1.0 + index)
