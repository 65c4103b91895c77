"""The read functions under an analyst's perimeter: what they return, and only theirs."""

from datetime import date
from decimal import Decimal

import pytest

from portfolios.figures import models, queries
from portfolios.figures.models import FiguresAreReadOnly, PortfolioDay
from portfolios.models import Portfolio
from portfolios.tests.support.compare import CENT

pytestmark = pytest.mark.usefixtures("read_two")
DAY = date(2025, 12, 31)
START = date(2024, 12, 31)


def test_head_and_days() -> None:
    version = queries.head()
    assert version is not None
    assert version.as_of == DAY
    days = queries.valuation_days(DAY)
    assert (len(days), days[0], days[-1]) == (526, date(2023, 12, 1), DAY)


def test_an_as_of_is_the_last_valuation_day_until_then() -> None:
    assert queries.resolve_as_of(None) == DAY
    assert queries.resolve_as_of("2025-12-27") == date(2025, 12, 24)
    for wrong in ("yesterday", "2023-11-30"):
        with pytest.raises(queries.NoSuchDay):
            queries.resolve_as_of(wrong)


def test_the_table_has_the_perimeter_and_the_expected_returns() -> None:
    rows = queries.portfolio_table(DAY, "USD")
    assert [row.code for row in rows] == ["HA-01", "HA-05"]
    first = rows[0]
    assert abs(first.net_asset_value - Decimal("16624598.42")) <= CENT
    assert first.year == pytest.approx(0.0455451415, abs=1e-8)
    assert first.volatility == pytest.approx(0.1364806099, abs=1e-8)
    assert first.max_drawdown == pytest.approx(-0.1888185322, abs=1e-8)
    assert len(first.sparkline) == 30


def test_a_sum_over_currencies_uses_the_fixings_of_each_day() -> None:
    rows = queries.portfolio_table(DAY, "EUR")
    series = queries.aggregate_series(None, START, DAY, "EUR")
    assert abs(series[-1].net_asset_value - sum(row.net_asset_value for row in rows)) <= CENT
    opening, closing = series[-2], series[-1]
    earned = (closing.net_asset_value + closing.outflow) / (
        opening.net_asset_value + closing.inflow
    ) - 1
    assert closing.return_net == pytest.approx(float(earned), abs=1e-12)
    assert series[0].wealth == 1.0
    assert series[0].benchmark_wealth == 1.0


def test_one_portfolio_in_its_own_currency_has_its_own_returns() -> None:
    [row] = queries.portfolio_table(DAY, "GBP", queries.portfolio_ids(["HA-05"]))
    series = queries.aggregate_series([row.id], START, DAY, "GBP")
    assert series[-1].wealth - 1 == pytest.approx(row.year, abs=1e-10)
    whole = queries.aggregate_series([row.id], date(2023, 12, 1), DAY, "GBP")
    assert whole[-1].wealth - 1 == pytest.approx(row.inception, abs=1e-10)
    benchmark = queries.performance(Portfolio.objects.get(pk=row.id), DAY).periods[-2].benchmark
    assert whole[-1].benchmark_wealth == pytest.approx(1 + benchmark, abs=1e-10)


def test_tiles_agree_with_the_series() -> None:
    tiles = queries.tiles(DAY, "USD")
    series = queries.aggregate_series(None, START, DAY, "USD")
    assert tiles.year == pytest.approx(series[-1].wealth - 1, abs=1e-12)
    assert tiles.benchmark_year == pytest.approx(series[-1].benchmark_wealth - 1, abs=1e-12)
    assert tiles.day_pnl == series[-1].pnl
    assert set(tiles.sparklines) == {
        "net_asset_value", "day_pnl", "month", "year", "active_year", "cash_share"
    }  # fmt: skip


def test_positions_and_exposures_sum_to_the_value() -> None:
    value = queries.tiles(DAY, "JPY").net_asset_value
    positions = queries.positions(DAY, "JPY")
    assert abs(sum(row.value for row in positions) - value) <= CENT
    assert sum(row.share for row in positions) == pytest.approx(1)
    for breakdown in ("currency", "sector", "security_type", "domicile"):
        buckets = queries.exposure(DAY, "JPY", breakdown)
        assert abs(sum(row.value for row in buckets) - value) <= CENT
        assert sum(row.share for row in buckets) == pytest.approx(1)


def test_movers_add_up_to_the_day_but_for_cash_and_fees() -> None:
    portfolio = Portfolio.objects.get(code="HA-01")
    moved = queries.contributions(DAY, "USD", [portfolio.pk])
    by_listing = {
        row.listing_key: row.change for row in queries.positions(DAY, "USD", [portfolio.pk])
    }
    assert all(by_listing[mover.listing_key] == mover.change for mover in moved)
    movers = queries.movers(DAY, "USD", top=3)
    assert len(movers.contributors) == 3
    assert movers.contributors[0].change >= movers.contributors[1].change
    assert all(mover.change < 0 for mover in movers.detractors)


def test_transactions_in_order_and_by_listing() -> None:
    portfolio = Portfolio.objects.get(code="HA-01")
    rows = queries.transactions(portfolio, date(2023, 12, 1), date(2023, 12, 31))
    assert [row.effective_on for row in rows] == sorted(row.effective_on for row in rows)
    assert {row.kind for row in rows} >= {"BUY", "FX", "SUBSCRIPTION", "DIVIDEND"}


def test_a_foreign_portfolio_shows_nothing() -> None:
    assert queries.portfolio_ids(["HA-02"]) == []
    assert queries.portfolio_ids([]) is None
    everything = range(1, 100)
    assert len(queries.portfolio_table(DAY, "USD", list(everything))) == 2


def test_firm_figures_need_the_role() -> None:
    assert queries.firm(DAY) is None
    assert queries.desks(DAY) == []
    assert queries.firm_movers(DAY) == []
    assert queries.firm_series(START, DAY) == []
    assert queries.risks_firm() == []


def test_figures_cannot_be_saved() -> None:
    row = PortfolioDay.objects.filter(valued_on=DAY).first()
    assert row is not None
    with pytest.raises(FiguresAreReadOnly, match="load the fact behind it"):
        row.save()
    with pytest.raises(FiguresAreReadOnly):
        row.delete()


@pytest.mark.parametrize(
    "model",
    [models.PortfolioDay, models.ExposureDay, models.BenchmarkDay],
)
def test_the_models_fit_the_views(model: type[models.Figure]) -> None:
    assert model.objects.filter(valued_on=DAY).count() >= 2


@pytest.mark.parametrize("model", [models.FirmDay, models.DeskDay, models.FirmMoverDay])
def test_the_models_of_the_firm_fit_too_and_are_empty(model: type[models.Figure]) -> None:
    assert not model.objects.filter(valued_on=DAY).exists()
