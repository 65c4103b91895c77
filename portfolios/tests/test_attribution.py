"""Linking and Brinson-Fachler against an independent library, and their identities."""

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import perfattr
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolios.performance import linking
from portfolios.performance.attribution import GroupDays, attribution, day_effects

CLOSE = 1e-12
START = date(2025, 1, 6)
daily_returns = st.lists(st.floats(-0.3, 0.3), min_size=1, max_size=30)
LINKED = (
    "allocation_effect",
    "selection_effect",
    "portfolio_contribution",
    "benchmark_contribution",
)
GROUPS = ("Cash", "Energy", "Health Care", "Utilities")


def _days(dice: np.random.Generator, days: int = 25) -> GroupDays:
    """Random weights that sum to 1 on both sides; the benchmark has no cash."""
    weights = dice.dirichlet(np.ones(4), size=days)
    nothing = np.zeros((days, 1))
    return GroupDays(
        days=[START + timedelta(number) for number in range(days)],
        groups=GROUPS,
        weights=weights,
        contributions=weights * dice.normal(0, 0.02, (days, 4)),
        index_weights=np.hstack([nothing, dice.dirichlet(np.ones(3), size=days)]),
        index_returns=np.hstack([nothing, dice.normal(0, 0.015, (days, 3))]),
    )


def _one_day(*groups: tuple[str, float, float, float, float]) -> GroupDays:
    """Name, weight, contribution, weight in the index and return in it of the groups of one day."""
    names, *parts = zip(*groups, strict=True)
    return GroupDays([START], names, *(np.array([part]) for part in parts))


def _frame(days: GroupDays, weights: np.ndarray, earned: np.ndarray) -> pd.DataFrame:
    dates = np.repeat([str(day) for day in days.days], len(days.groups))
    return pd.DataFrame(
        {
            "from_date": dates,
            "thru_date": dates,
            "identifier": list(days.groups) * len(days.days),
            "weight": weights.ravel(),
            "return": earned.ravel(),
        }
    )


@pytest.mark.parametrize("seed", range(5))
def test_the_effects_are_those_of_perfattr(seed: int) -> None:
    rows = _days(np.random.default_rng(seed))
    portfolio = _frame(rows, rows.weights, rows.contributions / rows.weights)
    benchmark = _frame(rows, rows.index_weights, rows.index_returns)
    prepared = perfattr.prepare_attribution(portfolio, benchmark)
    theirs = perfattr.calculate_attribution(
        prepared.portfolio, prepared.benchmark
    ).overall_detail.set_index("identifier")
    mine = attribution(rows)
    assert mine is not None
    for group in mine.groups:
        their = theirs.loc[group.group]
        told = (group.allocation, group.selection, group.contribution, group.index_contribution)
        wanted = [float(their[f"linked_{name}"]) for name in LINKED]
        assert told == pytest.approx(wanted, abs=CLOSE)


@pytest.mark.parametrize("seed", range(20))
def test_effects_sum_to_the_active_return(seed: int) -> None:
    rows = _days(np.random.default_rng(seed), days=seed + 1)
    whole = attribution(rows)
    assert whole is not None
    assert sum(group.total for group in whole.groups) == pytest.approx(
        whole.active_return, abs=CLOSE
    )
    assert whole.allocation + whole.selection == pytest.approx(whole.active_return, abs=CLOSE)
    assert sum(group.contribution for group in whole.groups) == pytest.approx(
        whole.portfolio_return, abs=CLOSE
    )
    assert sum(group.index_contribution for group in whole.groups) == pytest.approx(
        whole.index_return, abs=CLOSE
    )


def test_a_group_bought_and_sold_inside_a_day_is_selection() -> None:
    day = _one_day(("Energy", 0.0, 0.003, 0.0, 0.0), ("Cash", 1.0, 0.0, 1.0, 0.01))
    allocation, selection = day_effects(day)
    assert (allocation[0, 0], selection[0, 0]) == (0.0, 0.003)


@given(daily_returns)
def test_linked_parts_sum_to_the_compounded_return(returns: list[float]) -> None:
    factors = linking.factors(returns)
    assert factors is not None
    linked = sum(r * k for r, k in zip(returns, factors, strict=True))
    assert linked == pytest.approx(linking.total_return(returns), abs=CLOSE)


@given(daily_returns, st.randoms(use_true_random=False))
def test_linked_active_parts_sum_to_the_active_return(returns: list[float], dice: object) -> None:
    index = [dice.uniform(-0.3, 0.3) for _ in returns]  # type: ignore[attr-defined]
    factors = linking.active_factors(returns, index)
    assert factors is not None
    linked = sum((p - b) * k for p, b, k in zip(returns, index, factors, strict=True))
    active = linking.total_return(returns) - linking.total_return(index)
    assert linked == pytest.approx(active, abs=1e-11)


@given(st.floats(-0.3, 0.3), st.floats(-1e-8, 1e-8))
def test_nearly_equal_returns_lose_no_digits(index: float, difference: float) -> None:
    mine = index + difference
    [factor] = linking.active_factors([mine], [index]) or [math.nan]
    assert factor == pytest.approx(1.0, abs=1e-9)


def test_a_total_loss_cannot_be_linked() -> None:
    assert linking.factors([0.1, -1.0]) is None
    assert attribution(_one_day(("Energy", 1.0, -1.0, 1.0, 0.01))) is None
