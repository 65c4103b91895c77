"""Rules of the replay that the case shows only in passing."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd

from portfolios.tests.support import frames
from portfolios.valuation.calendar import ValuationCalendar
from portfolios.valuation.market import Closes, Rates
from portfolios.valuation.replay import Gap, Replay, replay

D = Decimal
FRIDAY, MONDAY, TUESDAY = date(2024, 3, 1), date(2024, 3, 4), date(2024, 3, 5)
SATURDAY = date(2024, 3, 2)
EMPTY = dict.fromkeys(
    (
        "executed_at",
        "listing_id",
        "units",
        "currency",
        "gross_amount",
        "cash_effect",
        "second_currency",
        "second_cash_effect",
        "split_new",
        "split_old",
    )
) | {"source": "blotter", "charges": D(0)}


def _event(kind: str, on: date, reference: str, **columns: Any) -> dict[str, Any]:
    return EMPTY | {"kind": kind, "effective_on": on, "source_reference": reference} | columns


def _replay(events: Iterable[dict[str, Any]], base: str = "USD") -> Replay:
    return replay(
        pd.DataFrame(list(events), dtype=object).itertuples(index=False),
        base_currency=base,
        calendar=ValuationCalendar([FRIDAY, MONDAY, TUESDAY]),
        rates=Rates(
            [
                ("EUR", "USD", FRIDAY, D("1.10")),
                ("EUR", "USD", SATURDAY, D("1.20")),
                ("EUR", "USD", MONDAY, D("1.30")),
                ("USD", "JPY", FRIDAY, D(150)),
            ]
        ),
        closes=Closes([("X", FRIDAY, D(5)), ("X", MONDAY, D(6))], {"X": "EUR"}),
        cash_listing=lambda currency: f"CASH:{currency}",
    )


def _buy(on: date, reference: str, units: int, amount: int, hour: int = 9) -> dict[str, Any]:
    return _event(
        "BUY",
        on,
        reference,
        listing_id="X",
        units=D(units),
        currency="EUR",
        gross_amount=D(amount),
        charges=D(1),
        cash_effect=D(-amount - 1),
        executed_at=datetime(on.year, on.month, on.day, hour, tzinfo=UTC),
    )


def test_a_weekend_trade_counts_on_monday_at_the_cost_of_its_own_day() -> None:
    result = _replay([_buy(SATURDAY, "a", 10, 99)])
    held = frames.states(result)[frames.states(result)["listing_id"] == "X"].iloc[0]
    assert held["from_on"] == MONDAY
    assert held["average_cost"] == D("120")
    assert frames.listing_activity(result).iloc[0]["traded_cash"] == D("-130")


def test_flows_use_the_rate_of_the_valuation_day() -> None:
    money = {"currency": "EUR", "cash_effect": D(100)}
    result = _replay([_event("SUBSCRIPTION", SATURDAY, "a", **money)])
    assert frames.activity(result).iloc[0]["external_inflow"] == D(130)
    assert result.first_on == MONDAY


def test_a_split_comes_before_the_trades_of_its_day() -> None:
    split = _event("SPLIT", MONDAY, "z", listing_id="X", split_new=D(2), split_old=D(1))
    result = _replay([_buy(MONDAY, "b", 10, 99), split, _buy(FRIDAY, "a", 10, 99)])
    assert list(frames.states(result)[frames.states(result)["listing_id"] == "X"]["units"]) == [
        D(10),
        D(30),
    ]


def test_the_order_of_loading_changes_nothing() -> None:
    events = [
        _buy(MONDAY, name, units, 100 * units, hour=9)
        for name, units in (("a", 3), ("b", 5), ("c", 7))
    ]
    forward, backward = _replay(events), _replay(reversed(events))
    pd.testing.assert_frame_equal(
        frames.states(forward).sort_values("listing_id", ignore_index=True),
        frames.states(backward).sort_values("listing_id", ignore_index=True),
    )


def test_a_transfer_in_costs_its_value_at_the_close_of_the_day() -> None:
    result = _replay([_event("TRANSFER_IN", MONDAY, "a", listing_id="X", units=D(10))])
    assert frames.states(result).iloc[0]["average_cost"] == D(78)
    assert frames.activity(result).iloc[0]["external_inflow"] == D(78)


def test_a_transfer_of_something_without_a_price_moves_no_value() -> None:
    result = _replay([_event("TRANSFER_IN", MONDAY, "a", listing_id="Y", units=D(10))])
    assert frames.states(result).iloc[0]["units"] == D(10)
    assert frames.activity(result).iloc[0]["external_inflow"] == 0


def test_an_emptied_portfolio_ends_on_that_day() -> None:
    money = {"currency": "USD", "cash_effect": D(100)}
    back = {"currency": "USD", "cash_effect": D(-100)}
    result = _replay(
        [
            _event("SUBSCRIPTION", FRIDAY, "a", **money),
            _event("REDEMPTION", MONDAY, "b", **back),
        ]
    )
    assert (result.first_on, result.last_on) == (FRIDAY, MONDAY)


def test_an_event_after_the_last_valuation_day_is_still_to_come() -> None:
    result = _replay([_buy(date(2024, 3, 9), "a", 10, 99)])
    assert frames.states(result).empty
    assert result.first_on is None


def test_a_missing_rate_ends_what_is_known_with_a_sentence() -> None:
    result = _replay(
        [
            _event("SUBSCRIPTION", FRIDAY, "a", currency="USD", cash_effect=D(100)),
            _event("SUBSCRIPTION", MONDAY, "b", currency="CHF", cash_effect=D(1)),
        ]
    )
    assert result.gap == Gap(MONDAY, "There is no CHF fixing on or before 2024-03-04.")
    assert (result.first_on, result.last_on) == (FRIDAY, FRIDAY)
    assert list(frames.states(result)["to_on"]) == [FRIDAY]
    assert list(frames.activity(result)["valued_on"]) == [FRIDAY]


def test_what_is_unknown_from_the_first_day_on_has_no_life() -> None:
    result = _replay([_event("SUBSCRIPTION", MONDAY, "a", currency="CHF", cash_effect=D(1))])
    assert (result.first_on, result.last_on, frames.states(result).empty) == (None, None, True)
    assert result.gap is not None


def test_crosses_go_through_the_pivot_in_the_right_direction() -> None:
    rates = Rates([("EUR", "USD", FRIDAY, D("1.10")), ("USD", "JPY", FRIDAY, D(150))])
    assert rates.rate("EUR", "JPY", FRIDAY) == D(165)
    assert rates.rate("JPY", "USD", MONDAY) == D(1) / D(150)
    assert rates.rate("USD", "EUR", MONDAY) == D(1) / D("1.10")
