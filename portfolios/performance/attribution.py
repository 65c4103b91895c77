"""Brinson-Fachler attribution of the active return, by day and linked over a period.

Two effects a group (finance.md § 8): allocation (w − W)(B_s − B), and selection with interaction
w(R_s − B_s) = contribution − w·B_s, so that a group that was bought and sold inside a day needs no
return of its own. The benchmark's return B is that of its basket, Σ W·B_s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from portfolios.performance import linking


@dataclass(frozen=True, slots=True)
class GroupDays:
    """Groups on some days: opening weights and what both sides made of them, as fractions.

    All are arrays of days × groups. ``contributions`` are to the portfolio's return,
    ``index_returns`` the group's own in the benchmark, 0 where the benchmark has none of it.
    """

    days: Sequence[date]
    groups: Sequence[str]
    weights: np.ndarray
    contributions: np.ndarray
    index_weights: np.ndarray
    index_returns: np.ndarray

    @property
    def index_contributions(self) -> np.ndarray:
        """What each group added to the basket's return."""
        return self.index_weights * self.index_returns


@dataclass(frozen=True, slots=True)
class Effects:
    """What one group added to the active return, and what both sides held and earned in it.

    Weights are averages over the days, contributions linked over them; each sums over the groups
    to 1 and to the return of its side.
    """

    group: str
    weight: float
    index_weight: float
    contribution: float
    index_contribution: float
    allocation: float
    selection: float

    @property
    def total(self) -> float:
        """Allocation and selection together."""
        return self.allocation + self.selection


@dataclass(frozen=True, slots=True)
class Attribution:
    """The effects of every group; they sum to the active return, portfolio less basket."""

    groups: list[Effects]
    portfolio_return: float
    index_return: float

    @property
    def active_return(self) -> float:
        """Return of the portfolio less that of the basket, arithmetic."""
        return self.portfolio_return - self.index_return

    @property
    def allocation(self) -> float:
        """Allocation over all groups."""
        return sum(group.allocation for group in self.groups)

    @property
    def selection(self) -> float:
        """Selection with interaction over all groups."""
        return sum(group.selection for group in self.groups)


def day_effects(days: GroupDays) -> tuple[np.ndarray, np.ndarray]:
    """Allocation and selection of every group on each day, days × groups."""
    basket = days.index_contributions.sum(axis=1, keepdims=True)
    allocation = (days.weights - days.index_weights) * (days.index_returns - basket)
    return allocation, days.contributions - days.weights * days.index_returns


def attribution(days: GroupDays) -> Attribution | None:
    """The effects of all days linked, groups by name; None after a total loss of either side.

    Each day's groups must hold weights that sum to 1 on the portfolio's side.
    """
    mine = days.contributions.sum(axis=1).tolist()
    index = days.index_contributions.sum(axis=1).tolist()
    active = linking.active_factors(mine, index)
    alone, index_alone = linking.factors(mine), linking.factors(index)
    if active is None or alone is None or index_alone is None:
        return None
    allocation, selection = day_effects(days)
    parts = (
        days.weights.mean(axis=0),
        days.index_weights.mean(axis=0),
        np.array(alone) @ days.contributions,
        np.array(index_alone) @ days.index_contributions,
        np.array(active) @ allocation,
        np.array(active) @ selection,
    )
    groups = zip(days.groups, np.transpose(parts).tolist(), strict=True)
    return Attribution(
        groups=[Effects(group, *sums) for group, sums in sorted(groups)],
        portfolio_return=linking.total_return(mine),
        index_return=linking.total_return(index),
    )
