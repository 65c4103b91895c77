"""Brinson-Fachler attribution of the active return, by day and linked over a period.

Two effects a group (finance.md § 8): allocation (w − W)(B_s − B), and selection with interaction
w(R_s − B_s) = contribution − w·B_s, so that a group that was bought and sold inside a day needs no
return of its own. The benchmark's return B is that of its basket, Σ W·B_s.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter

from portfolios.performance import linking


@dataclass(frozen=True, slots=True)
class GroupDay:
    """One group on one day: opening weights and what both sides made of them, as fractions.

    ``contribution`` is to the portfolio's return, ``index_return`` the group's own in the
    benchmark, 0 where the benchmark has none of it.
    """

    valued_on: date
    group: str
    weight: float
    contribution: float
    index_weight: float
    index_return: float


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


def day_effects(groups: Iterable[GroupDay]) -> list[Effects]:
    """The effects of one day, one for each of its groups."""
    held = list(groups)
    basket = sum(one.index_weight * one.index_return for one in held)
    return [
        Effects(
            group=one.group,
            weight=one.weight,
            index_weight=one.index_weight,
            contribution=one.contribution,
            index_contribution=one.index_weight * one.index_return,
            allocation=(one.weight - one.index_weight) * (one.index_return - basket),
            selection=one.contribution - one.weight * one.index_return,
        )
        for one in held
    ]


def attribution(groups: Iterable[GroupDay]) -> Attribution | None:
    """The effects of all days linked, groups by name; None after a total loss of either side.

    Each day's groups must hold weights that sum to 1 on the portfolio's side.
    """
    ordered = sorted(groups, key=attrgetter("valued_on"))
    days = [day_effects(day) for _, day in groupby(ordered, key=attrgetter("valued_on"))]
    mine = [sum(one.contribution for one in day) for day in days]
    index = [sum(one.index_contribution for one in day) for day in days]
    active = linking.active_factors(mine, index)
    alone, index_alone = linking.factors(mine), linking.factors(index)
    if active is None or alone is None or index_alone is None:
        return None
    return Attribution(
        groups=_linked(days, active, alone, index_alone),
        portfolio_return=linking.total_return(mine),
        index_return=linking.total_return(index),
    )


def _linked(
    days: Sequence[Sequence[Effects]],
    active: Sequence[float],
    mine: Sequence[float],
    index: Sequence[float],
) -> list[Effects]:
    sums: dict[str, list[float]] = {}
    for day, k, k_mine, k_index in zip(days, active, mine, index, strict=True):
        for one in day:
            parts = (
                one.weight / len(days),
                one.index_weight / len(days),
                one.contribution * k_mine,
                one.index_contribution * k_index,
                one.allocation * k,
                one.selection * k,
            )
            before = sums.get(one.group, [0.0] * len(parts))
            sums[one.group] = [total + part for total, part in zip(before, parts, strict=True)]
    return [Effects(group, *parts) for group, parts in sorted(sums.items())]
