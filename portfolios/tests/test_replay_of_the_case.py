"""The pure engine on the case's ledger: every row of every expected file."""

import pandas as pd
import pytest

from portfolios.tests.support import answers, pandas_route
from portfolios.tests.support.compare import CENT, EXACT, RATIO, assert_rows

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
