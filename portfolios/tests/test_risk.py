"""Risk and period figures against independent libraries, and their edges."""

import warnings
from datetime import date, timedelta

import empyrical
import ffn
import numpy as np
import pandas as pd
import pytest

from portfolios.performance import daily, risk
from portfolios.performance.money_weighted import money_weighted_return
from portfolios.performance.periods import (
    PERIODS,
    WealthIndex,
    quarter_anchor,
    twelve_months_anchor,
)
from portfolios.valuation.cost import ZERO

RANDOM = np.random.default_rng(7)
RETURNS = RANDOM.normal(0.0004, 0.011, 600)
INDEX = 0.6 * RETURNS + RANDOM.normal(0.0002, 0.006, 600)
DAYS = [date(2023, 1, 2) + timedelta(days=number) for number in range(600)]
CLOSE = 1e-12


def test_against_empyrical() -> None:
    wealth = daily.wealth(RETURNS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert risk.volatility(RETURNS) == pytest.approx(
            empyrical.annual_volatility(RETURNS), abs=CLOSE
        )
        assert risk.sharpe_ratio(RETURNS) == pytest.approx(
            empyrical.sharpe_ratio(RETURNS), abs=CLOSE
        )
        assert risk.maximum_drawdown(DAYS, wealth).depth == pytest.approx(
            empyrical.max_drawdown(pd.Series(RETURNS)), abs=CLOSE
        )
        assert risk.beta(RETURNS, INDEX) == pytest.approx(empyrical.beta(RETURNS, INDEX), abs=1e-10)
        assert risk.value_at_risk(RETURNS) == pytest.approx(
            -empyrical.value_at_risk(RETURNS[-250:]), abs=CLOSE
        )


def test_sortino_against_empyrical_and_ffn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = empyrical.sortino_ratio(RETURNS)
        assert risk.sortino_ratio(RETURNS) == pytest.approx(theirs, abs=CLOSE)
        # ffn takes the same root of mean squared losses, over n − 1 where it can.
        assert risk.sortino_ratio(RETURNS) == pytest.approx(
            ffn.calc_sortino_ratio(pd.Series(RETURNS), nperiods=252), rel=0.01
        )


def test_drawdown_and_growth_against_ffn() -> None:
    wealth = daily.wealth(RETURNS)
    eve = DAYS[0] - timedelta(days=1)
    prices = pd.Series([1.0, *wealth], index=pd.DatetimeIndex([eve, *DAYS]))
    fallen = risk.maximum_drawdown(DAYS, wealth)
    assert fallen.depth == pytest.approx(ffn.calc_max_drawdown(prices), abs=CLOSE)
    details = ffn.drawdown_details(ffn.to_drawdown_series(prices))
    deepest = details.loc[details["drawdown"].astype(float).idxmin()]
    assert deepest["Start"].date() == (fallen.peak_on or eve) + timedelta(days=1)
    if fallen.recovered_on:
        assert deepest["End"].date() == fallen.recovered_on
    # ffn counts days between, Helio the first day too: the same on a series with its eve.
    assert WealthIndex(DAYS, wealth).annualised(DAYS[-1]) == pytest.approx(
        ffn.calc_cagr(prices), abs=CLOSE
    )


def test_capture_against_empyrical() -> None:
    months = RANDOM.normal(0.01, 0.04, 40)
    index = 0.7 * months + RANDOM.normal(0.0, 0.02, 40)
    stamps = pd.date_range("2021-01-31", periods=40, freq="ME")
    mine, theirs = pd.Series(months, index=stamps), pd.Series(index, index=stamps)
    told = risk.capture(months, index)
    assert told.up == pytest.approx(empyrical.up_capture(mine, theirs, period="monthly"), abs=CLOSE)
    assert told.down == pytest.approx(
        empyrical.down_capture(mine, theirs, period="monthly"), abs=CLOSE
    )


def test_capture_needs_a_year_and_a_month_of_the_kind() -> None:
    assert risk.capture([0.01] * 11, [0.01] * 11) == risk.Capture(None, None)
    assert risk.capture([0.01] * 12, [0.02] * 12).down is None


def test_a_drawdown_ends_on_the_day_that_makes_it_up() -> None:
    days = DAYS[:6]
    fallen = risk.maximum_drawdown(days, [1.1, 0.9, 1.0, 1.1, 1.05, 1.2])
    assert (fallen.peak_on, fallen.trough_on, fallen.recovered_on) == (days[0], days[1], days[3])
    assert risk.maximum_drawdown(days[:3], [1.1, 0.9, 1.0]).recovered_on is None
    deeper = risk.maximum_drawdown(days, [0.9, 1.0, 1.2, 0.8, 1.0, 1.1])
    assert (deeper.peak_on, deeper.trough_on, deeper.recovered_on) == (days[2], days[3], None)


def test_a_loss_on_day_one_is_a_drawdown() -> None:
    fallen = risk.maximum_drawdown(DAYS[:2], [0.9, 0.95])
    assert fallen.depth == pytest.approx(-0.1)
    assert fallen.peak_on is None
    assert fallen.trough_on == DAYS[0]


def test_figures_that_need_more_returns_stay_empty() -> None:
    assert risk.volatility([0.01]) is None
    assert risk.value_at_risk(RETURNS[:249]) is None
    assert risk.monthly_volatility([0.01] * 35, 36) is None
    assert risk.sharpe_ratio([0.0, 0.0]) is None
    assert risk.sortino_ratio([0.01, 0.02]) is None
    assert risk.sortino_ratio([-0.01]) is None


def test_a_month_counts_when_its_first_and_last_valuation_day_do() -> None:
    calendar = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1)]
    assert len(risk.full_months(calendar[1:3], [1.0, 1.1], calendar)) == 1
    assert risk.full_months(calendar[2:3], [1.1], calendar) == []
    assert risk.full_months(calendar[1:2], [1.1], calendar) == []


def test_anchors() -> None:
    assert quarter_anchor(date(2025, 2, 14)) == date(2024, 12, 31)
    assert twelve_months_anchor(date(2024, 2, 29)) == date(2023, 2, 28)
    assert twelve_months_anchor(date(2025, 2, 28)) == date(2024, 2, 29)
    assert twelve_months_anchor(date(2025, 6, 13)) == date(2024, 6, 13)


def test_splitting_a_period_and_linking_gives_the_whole() -> None:
    index = WealthIndex(DAYS, daily.wealth(RETURNS))
    middle, end = DAYS[300], DAYS[-1]
    parts = (1 + (index.inception(middle) or 0)) * (1 + (index.since(middle, end) or 0)) - 1
    assert parts == pytest.approx(index.inception(end), abs=CLOSE)


def test_twelve_months_are_empty_for_a_younger_portfolio() -> None:
    young = WealthIndex(DAYS[:100], daily.wealth(RETURNS[:100]))
    periods = {period.key: young.period(period, DAYS[99]) for period in PERIODS}
    assert periods["twelve_months"] is None
    assert periods["year"] == pytest.approx(young.inception(DAYS[99]))
    assert young.annualised(DAYS[99]) is None


def test_days_without_a_usable_denominator_fall_back_or_stay_empty() -> None:
    one = ZERO + 1
    assert daily.net_main(ZERO, ZERO, ZERO, ZERO) is None
    assert daily.net_end_of_day(ZERO, one * 11, one * 10, ZERO) == one / 10
    assert daily.net_start_of_day(one * 100, ZERO, ZERO, one * 101) == one / 100


def test_money_weighted_return_without_a_solution_is_empty() -> None:
    assert money_weighted_return([], DAYS[0], ZERO) is None
