"""Concentration, active share, turnover, and the value bridge's arithmetic."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolios.performance.concentration import active_share, concentration
from portfolios.performance.turnover import turnover
from portfolios.performance.value_bridge import ValueBridge

D = Decimal
amounts = st.decimals(-1_000_000, 1_000_000, places=2)
NAMES = tuple(ValueBridge.__dataclass_fields__)


@given(st.integers(1, 40))
def test_equal_positions_count_as_many_as_they_are(count: int) -> None:
    told = concentration([0.9 / count] * count)
    assert told.effective_number == pytest.approx(count)
    assert told.herfindahl == pytest.approx(0.81 / count)
    assert told.top_5 == pytest.approx(0.9 * min(5, count) / count)
    assert told.top_10 == pytest.approx(0.9 * min(10, count) / count)
    assert told.holdings == count


def test_nothing_held_has_no_concentration() -> None:
    told = concentration([])
    assert (told.holdings, told.top_5, told.herfindahl, told.effective_number) == (0,) + (None,) * 3


def test_active_share_is_half_of_what_differs() -> None:
    index = {"a": 0.5, "b": 0.5}
    assert active_share(index, index) == 0.0
    assert active_share({"c": 1.0}, index) == 1.0
    assert active_share({"a": 0.5, "cash": 0.5}, index) == 0.5
    assert active_share({"a": 1.0}, {}) is None


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=12), st.integers(0, 8))
def test_active_share_lies_between_none_and_all(weights: list[float], split: int) -> None:
    total = sum(weights)
    mine = {number: weight / total for number, weight in enumerate(weights)}
    index = {number: weight for number, weight in mine.items() if number >= split} or {"x": 1.0}
    whole = sum(index.values())
    index = {key: weight / whole for key, weight in index.items()}
    share = active_share(mine, index)
    assert share is not None
    assert -1e-12 <= share <= 1 + 1e-12


def test_turnover_is_the_lesser_side_over_the_average_value() -> None:
    values = [D(100), D(300)]
    assert turnover(D(50), D(20), values) == pytest.approx(0.1)
    assert turnover(D(50), D(0), values) == 0.0
    assert turnover(D(0), D(0), []) is None
    assert turnover(D(1), D(1), [D(0)]) is None


@given(st.lists(amounts, min_size=len(NAMES), max_size=len(NAMES)))
def test_every_split_of_a_bridge_closes(parts: list[Decimal]) -> None:
    bridge = ValueBridge(**dict(zip(NAMES, parts, strict=True)))
    flows = bridge.opening_value + bridge.inflow - bridge.outflow
    income = bridge.dividend_income - bridge.fees
    average = bridge.average_realised + bridge.average_unrealised + bridge.translation
    fifo = bridge.fifo_realised + bridge.fifo_unrealised + bridge.translation
    cause = bridge.price_effect + bridge.all_currency_effect
    for named, rest in (
        (average, bridge.average_rest),
        (fifo, bridge.fifo_rest),
        (cause, bridge.dealing_effect),
    ):
        assert flows + named + income + rest == bridge.closing_value
