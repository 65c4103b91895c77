"""The pure engine on the case's ledger, without a database: every row of the expected files."""

import pandas as pd
import pytest

from portfolios.tests.support import checks, pandas_route

pytestmark = pytest.mark.parametrize("portfolio", checks.PORTFOLIOS)


def test_every_holding_of_every_day(portfolio: str) -> None:
    assert checks.holdings(pandas_route.positions(portfolio), portfolio) > 500


def test_every_portfolio_day(portfolio: str) -> None:
    computed = pandas_route.portfolio_days(portfolio).reset_index()
    assert checks.portfolio_days(computed, portfolio) > 100


def test_every_period_return(portfolio: str) -> None:
    assert checks.periods(pandas_route.series(portfolio), portfolio) > 8


def test_the_summary(portfolio: str) -> None:
    assert checks.summary(pandas_route.series(portfolio), portfolio) == 1


def test_every_modified_dietz_month(portfolio: str) -> None:
    assert checks.dietz(pandas_route.series(portfolio), portfolio) > 7


def test_every_benchmark_return(portfolio: str) -> None:
    days = pandas_route.portfolio_days(portfolio).index
    returns = pandas_route.benchmark_returns(portfolio)
    computed = pd.DataFrame({"valuation_date": days, "index_return_base": returns})
    assert checks.benchmark(computed, portfolio) == len(days)
