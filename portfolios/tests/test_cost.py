"""Cost bases: both methods share one total, splits keep it, and nothing oversold has a value."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portfolios.valuation.cost import CostBasis

D = Decimal
amounts = st.decimals(min_value=1, max_value=10_000, places=2)
trades = st.lists(st.tuples(st.booleans(), amounts, amounts), max_size=20)


def _held() -> CostBasis:
    held = CostBasis()
    held.acquire(D(100), D(1000))
    held.acquire(D(100), D(2000))
    return held


def test_average_and_first_in_first_out_give_up_their_own_cost() -> None:
    held = _held()
    held.dispose(D(100), D(1800))
    assert (held.average_realised, held.average_cost) == (D(300), D(1500))
    assert (held.fifo_realised, held.fifo_cost) == (D(800), D(2000))


def test_a_split_multiplies_units_and_keeps_the_cost() -> None:
    held = _held()
    held.split(D(1), D(10))
    assert held.units == D(20)
    assert (held.average_cost, held.fifo_cost) == (D(3000), D(3000))
    assert [lot.units for lot in held.lots] == [D(10), D(10)]


def test_what_is_oversold_has_no_cost_and_its_cover_is_realised() -> None:
    held = CostBasis()
    held.acquire(D(10), D(100))
    held.dispose(D(30), D(600))
    assert held.units == D(-20)
    assert held.average_cost == held.fifo_cost == 0
    assert held.average_realised == held.fifo_realised == D(500)
    held.acquire(D(25), D(250))
    assert held.units == D(5)
    assert held.average_cost == held.fifo_cost == D(50)
    assert held.average_realised == held.fifo_realised == D(300)


@given(trades)
def test_realised_less_cost_is_the_same_by_both_methods(
    orders: list[tuple[bool, Decimal, Decimal]],
) -> None:
    held = CostBasis()
    for buys, units, amount in orders:
        if buys:
            held.acquire(units, amount)
        else:
            held.dispose(units, amount)
    average = held.average_realised - held.average_cost
    fifo = held.fifo_realised - held.fifo_cost
    assert abs(average - fifo) < D("1e-12")
    assert held.units > 0 or held.average_cost == held.fifo_cost == 0
