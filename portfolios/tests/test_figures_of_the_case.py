"""The figures in the database, read as the web role: every row of the expected files."""

from datetime import date

import pytest

from portfolios.figures import queries
from portfolios.tests.support import answers, checks, database_route, period_route

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


def test_every_contribution_to_a_day_and_its_rest() -> None:
    assert checks.contributions(period_route.daily_contributions()) == 2346


def test_every_linked_contribution_of_the_month() -> None:
    assert checks.linked_contributions(period_route.linked_contributions()) == 102


def test_every_effect_of_every_day_and_sector() -> None:
    assert checks.daily_effects(period_route.daily_effects()) == 230


def test_every_linked_effect_and_their_total() -> None:
    assert checks.linked_effects(period_route.linked_effects()) == 11


def test_the_movers_of_a_day_are_its_contributions() -> None:
    october = answers.read("contribution_day.csv")
    for code, day in {(row.portfolio_id, row.valuation_date) for row in october.itertuples()}:
        portfolio = database_route.portfolio(code)
        told = queries.contributions(day, portfolio.base_currency, [portfolio.pk])
        expected = october[(october["portfolio_id"] == code) & (october["valuation_date"] == day)]
        wanted = dict(zip(expected["holding"], expected["contribution_to_return"], strict=True))
        wanted.pop(period_route.REST)
        assert {mover.listing_key for mover in told} == wanted.keys()
        for mover in told:
            assert mover.contribution == pytest.approx(float(wanted[mover.listing_key]), abs=1e-8)
