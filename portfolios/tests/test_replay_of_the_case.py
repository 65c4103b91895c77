"""The pure engine on the case's ledger: every row of every expected file."""

import pandas as pd
import pytest

from portfolios.tests.support import answers, pandas_route, period_answers
from portfolios.tests.support.compare import CENT, EXACT, RATIO, TWO_CENTS, assert_rows

NAV = "net_asset_value"
PORTFOLIOS = [f"HA-{number:02}" for number in range(1, 17)]

POSITION_TOLERANCES = {
    "units_held": EXACT,
    "unit_price": EXACT,
    "price_currency": EXACT,
    "value_price_currency": CENT,
    "base_rate": RATIO,
    "base_value": CENT,
    "average_cost_base": CENT,
    "fifo_cost_base": CENT,
}
AMOUNTS = [
    "net_asset_value",
    "securities_value",
    "cash_value",
    "external_inflow",
    "external_outflow",
    "management_fee",
    "safekeeping_fee",
    "dividend_income",
    "day_pnl",
    "average_realised",
    "fifo_realised",
    "average_unrealised",
    "fifo_unrealised",
]
RETURNS = ["return_net", "return_gross", "return_net_eod", "return_net_sod"]


def _expected_positions(portfolio: str) -> pd.DataFrame:
    expected = answers.read("holdings_daily.csv.gz")
    numbers = [name for name in POSITION_TOLERANCES if name != "price_currency"]
    return answers.decimals(expected[expected["portfolio_id"] == portfolio], numbers)


@pytest.mark.parametrize("portfolio", PORTFOLIOS)
def test_every_holding_of_every_day(portfolio: str) -> None:
    compared = assert_rows(
        pandas_route.positions(portfolio),
        _expected_positions(portfolio),
        keys=["valuation_date", "holding"],
        tolerances=POSITION_TOLERANCES,
    )
    assert compared > 500 or portfolio in ("HA-10", "HA-11", "HA-16")


@pytest.mark.parametrize("portfolio", PORTFOLIOS)
def test_every_portfolio_day(portfolio: str) -> None:
    expected = answers.read("portfolio_daily.csv.gz")
    expected = answers.decimals(expected[expected["portfolio_id"] == portfolio], AMOUNTS)
    assert_rows(
        pandas_route.portfolio_days(portfolio).reset_index(),
        answers.floats(expected, RETURNS),
        keys=["valuation_date"],
        tolerances=dict.fromkeys(AMOUNTS, CENT) | dict.fromkeys(RETURNS, RATIO),
    )


PERIOD_RETURNS = [
    *(f"net_{name}" for name in ("month", "quarter", "year", "twelve_months", "inception")),
    "net_inception_ann",
    *(f"grossfee_{name}" for name in ("month", "quarter", "year", "twelve_months", "inception")),
]
SUMMARY_RATIOS = [
    *(f"net_{name}" for name in ("month", "quarter", "year", "twelve_months", "inception")),
    "net_inception_ann",
    "grossfee_year",
    "grossfee_inception",
    "inception_eod",
    "inception_sod",
    "volatility_ann",
    "volatility_monthly24_ann",
    "sharpe_ratio",
    "maximum_drawdown",
    "benchmark_inception",
    "excess_arithmetic",
    "excess_geometric",
    "tracking_error_ann",
    "information_ratio_ann",
    "beta_to_benchmark",
    "value_at_risk_95",
]


@pytest.mark.parametrize("portfolio", PORTFOLIOS)
def test_every_period_return(portfolio: str) -> None:
    expected = answers.read("returns_by_period.csv")
    expected = answers.decimals(expected[expected["portfolio_id"] == portfolio], [NAV])
    assert_rows(
        pd.DataFrame(period_answers.returns_by_period(portfolio, pandas_route.series(portfolio))),
        answers.floats(expected, PERIOD_RETURNS),
        keys=["period_end"],
        tolerances={"last_valuation_day": EXACT, NAV: CENT} | dict.fromkeys(PERIOD_RETURNS, RATIO),
    )


@pytest.mark.parametrize("portfolio", PORTFOLIOS)
def test_the_summary(portfolio: str) -> None:
    expected = answers.read("portfolio_summary.csv")
    expected = answers.decimals(
        expected[expected["portfolio_id"] == portfolio],
        [NAV, "valuation_days", "net_external_flow"],
    )
    expected = answers.floats(expected, [*SUMMARY_RATIOS, "money_weighted_return"])
    assert_rows(
        pd.DataFrame([period_answers.summary(portfolio, pandas_route.series(portfolio))]),
        expected,
        keys=["portfolio_id"],
        tolerances={
            "valued_on": EXACT,
            "first_valued_on": EXACT,
            "drawdown_trough_day": EXACT,
            "valuation_days": EXACT,
            NAV: CENT,
            "net_external_flow": TWO_CENTS,
            "money_weighted_return": 1e-6,
        }
        | dict.fromkeys(SUMMARY_RATIOS, RATIO),
    )


@pytest.mark.parametrize("portfolio", PORTFOLIOS)
def test_every_modified_dietz_month(portfolio: str) -> None:
    amounts = ["days_in_month", "opening_value", "closing_value", "net_external_flow"]
    ratios = ["modified_dietz_return", "time_weighted_return"]
    expected = answers.read("modified_dietz.csv")
    expected = answers.decimals(expected[expected["portfolio_id"] == portfolio], amounts)
    assert_rows(
        pd.DataFrame(period_answers.modified_dietz(portfolio, pandas_route.series(portfolio))),
        answers.floats(expected, ratios),
        keys=["period_end"],
        tolerances=dict.fromkeys(amounts, TWO_CENTS) | dict.fromkeys(ratios, RATIO),
    )


@pytest.mark.parametrize("portfolio", PORTFOLIOS)
def test_every_benchmark_return(portfolio: str) -> None:
    expected = answers.read("benchmark_returns.csv.gz")
    computed = pd.DataFrame(
        {
            "valuation_date": pandas_route.portfolio_days(portfolio).index,
            "index_return_base": pandas_route.benchmark_returns(portfolio),
        }
    )
    assert_rows(
        computed,
        answers.floats(expected[expected["portfolio_id"] == portfolio], ["index_return_base"]),
        keys=["valuation_date"],
        tolerances={"index_return_base": 1e-10},
    )
