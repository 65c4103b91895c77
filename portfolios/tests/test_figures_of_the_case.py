"""The figures in the database, read as the web role: every row of the expected files."""

from datetime import date

import pandas as pd
import pytest

from portfolios.figures import queries
from portfolios.tests.support import answers, checks, database_route

pytestmark = pytest.mark.usefixtures("read_everything")
each_portfolio = pytest.mark.parametrize("portfolio", checks.PORTFOLIOS)
EXPOSED_ON = [date(2024, 6, 28), date(2025, 6, 30), date(2025, 12, 31)]


@each_portfolio
def test_every_holding_of_every_day(portfolio: str) -> None:
    assert checks.holdings(database_route.positions(portfolio), portfolio) > 500


@each_portfolio
def test_every_portfolio_day(portfolio: str) -> None:
    assert checks.portfolio_days(database_route.portfolio_days(portfolio), portfolio) > 100


@each_portfolio
def test_every_benchmark_return(portfolio: str) -> None:
    assert checks.benchmark(database_route.benchmark_returns(portfolio), portfolio) > 100


@each_portfolio
def test_every_period_return(portfolio: str) -> None:
    assert checks.periods(database_route.series(portfolio), portfolio) > 8


@each_portfolio
def test_the_summary(portfolio: str) -> None:
    assert checks.summary(database_route.series(portfolio), portfolio) == 1


@each_portfolio
def test_the_parts_of_the_total_profit(portfolio: str) -> None:
    assert checks.totals(database_route.total_profit(portfolio), portfolio) == 1


@each_portfolio
def test_every_modified_dietz_month(portfolio: str) -> None:
    assert checks.dietz(database_route.series(portfolio), portfolio) > 7


@each_portfolio
def test_the_profit_of_every_listing_ever_held(portfolio: str) -> None:
    assert checks.profits(database_route.profits(portfolio), portfolio) > 2


def test_every_exposure() -> None:
    assert checks.exposures(database_route.exposures(EXPOSED_ON)) > 600


def test_every_contribution_of_a_listing_to_a_day() -> None:
    expected = answers.read("contribution_day.csv")
    rows = []
    for (code, day), _ in expected.groupby(["portfolio_id", "valuation_date"]):
        portfolio = database_route.portfolio(code)
        rows += [
            {
                "portfolio_id": code,
                "valuation_date": day,
                "holding": mover.listing_key,
                "contribution_to_return": mover.contribution,
            }
            for mover in queries.contributions(day, portfolio.base_currency, [portfolio.pk])
        ]
    assert checks.contributions(pd.DataFrame(rows)) > 1000
