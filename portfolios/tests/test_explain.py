"""Explanations of the case: parts that sum, on every portfolio and many days, then and now."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from portfolios.explain import answer, firm_causes, restatement
from portfolios.explain.bridge import Bridge, Effects, bridge, bridges, effects_of
from portfolios.explain.parts import Amount, Asked, Explanation, Table
from portfolios.figures import ground, queries
from portfolios.figures.models import PortfolioDay
from portfolios.figures.then.blend import Markets
from portfolios.models import Portfolio
from portfolios.tests.conftest import Reading
from portfolios.tests.support import answers
from portfolios.tests.support.compare import CENT

FAR = datetime(2200, 1, 1, tzinfo=UTC)
DAY = date(2025, 12, 31)
# Days of splits (3:1, 1:10, 5:1) and the end of a year.
CAUSE_DAYS = (date(2024, 6, 10), date(2025, 3, 17), date(2025, 10, 6), date(2024, 12, 31))
# Of a sum of stored values, each rounded to ten decimals.
DUST = Decimal("1e-6")


@pytest.fixture
def seeing_all(reading_alpha: Reading) -> Iterator[None]:
    with reading_alpha():
        yield


@pytest.fixture
def seeing_two(reading_alpha_two: Reading) -> Iterator[None]:
    with reading_alpha_two():
        yield


def _asked(figure: str, code: str, as_of: date = DAY, **more: Any) -> Asked:
    portfolio = Portfolio.objects.get(code=code)
    return Asked(figure, as_of, portfolio.base_currency, (portfolio,), True, **more)


def _selection(figure: str, currency: str, as_of: date = DAY, **more: Any) -> Asked:
    portfolios = tuple(Portfolio.objects.order_by("code"))
    return Asked(figure, as_of, currency, portfolios, False, **more)


def _tables(told: Explanation) -> dict[str, Table]:
    return {one.key: one for one in told.sections if isinstance(one, Table)}


def _last(table: Table) -> Any:
    assert table.total is not None
    return _value(table.total.cells[-1])


def _value(cell: Amount | str) -> Any:
    assert isinstance(cell, Amount)
    return cell.value


def _summed(table: Table) -> Any:
    return sum(_value(row.cells[-1]) or 0 for row in table.rows)


# --- from one close to the next -----------------------------------------------------------------


@pytest.mark.usefixtures("seeing_all")
def test_the_parts_of_every_day_of_every_portfolio_sum_to_its_change() -> None:
    portfolios = list(Portfolio.objects.all())
    told = {
        (row.portfolio_id, row.valued_on): row
        for row in PortfolioDay.objects.only(
            "portfolio_id", "valued_on", "opening_value", "net_asset_value", "day_pnl"
        )
    }
    compared, causes = 0, set()
    for day in queries.valuation_days():
        for portfolio, one in bridges(portfolios, day):
            stored = told.get((portfolio.pk, day))
            if stored is None:
                continue
            where = (portfolio.code, day, one)
            assert abs(one.opening - stored.opening_value) <= DUST, where
            assert abs(one.closing - stored.net_asset_value) <= DUST, where
            parts = dict(one.parts)
            assert abs(parts.pop("Rounding")) <= DUST, where
            flows = one.inflow - one.outflow
            assert abs(sum(parts.values()) - flows - stored.day_pnl) <= DUST, where
            causes |= {name for name, amount in parts.items() if amount}
            compared += 1
    assert compared == len(told) > 7_000
    # Every cause there is occurs somewhere in the case.
    assert causes == {name for name, _ in Bridge().parts} - {"Rounding"}


@pytest.mark.usefixtures("seeing_all")
@pytest.mark.parametrize("currency", ["USD", "JPY"])
def test_a_selection_sums_its_portfolios_in_a_reporting_currency(currency: str) -> None:
    portfolios = list(Portfolio.objects.all())
    for day in queries.valuation_days()[::40]:
        [*_, today] = queries.aggregate_series(None, day, day, currency)
        one = bridge(portfolios, day, currency)
        assert abs(one.closing - today.net_asset_value) <= CENT
        parts = dict(one.parts)
        assert abs(parts.pop("Rounding")) <= DUST
        assert abs(sum(parts.values()) - (one.closing - one.opening)) <= CENT
        assert (
            abs(one.opening - (today.net_asset_value - today.pnl - today.inflow + today.outflow))
            <= CENT
        )


@pytest.mark.usefixtures("seeing_all")
def test_the_effects_of_a_listing_are_its_change_of_the_day() -> None:
    for day in (date(2024, 3, 28), date(2025, 6, 16), DAY):
        for portfolio in Portfolio.objects.all():
            asked = (day, portfolio.base_currency, [portfolio.pk])
            moved = {row.listing_id: row.change for row in queries.contributions(*asked)}
            told = bridge([portfolio], day, portfolio.base_currency)
            for listing, effects in told.listings.items():
                assert abs(effects.total - moved.get(listing, Decimal(0))) <= DUST


@pytest.mark.usefixtures("seeing_all")
def test_all_that_is_known_gives_the_bridge_of_now() -> None:
    cut = queries.Cut(FAR)
    portfolios = list(Portfolio.objects.all())
    for day in (date(2023, 12, 4), date(2024, 9, 30), date(2025, 6, 16), DAY):
        now, then = (dict(bridge(portfolios, day, "EUR", c).parts) for c in (None, cut))
        assert now.keys() == then.keys()
        for name, amount in now.items():
            assert abs(amount - then[name]) <= CENT, (day, name)


def _holding(
    units: str, price: str | None, rate: str = "1", currency: str = "USD"
) -> dict[str, Any]:
    value = Decimal(units) * Decimal(price) * Decimal(rate) if price else Decimal(0)
    return {
        "units": Decimal(units),
        "price": Decimal(price) if price else None,
        "base_rate": Decimal(rate),
        "price_currency": currency,
        "base_value": value,
    }


def _done(traded: str = "0", income: str = "0") -> dict[str, Decimal]:
    return {"traded_cash": Decimal(traded), "dividend_income": Decimal(income)}


ONE, NONE = Decimal(1), Decimal(0)


def test_prices_move_at_the_rate_of_before_and_rates_at_the_price_of_now() -> None:
    before, now = _holding("10", "100", "2"), _holding("10", "110", "4")
    told = effects_of(before, now, None, ONE, Decimal("0.5"))
    assert (told.price, told.currency, told.trading) == (200, 2200, 0)


def test_a_split_is_no_price_move() -> None:
    told = effects_of(_holding("10", "100"), _holding("20", "50"), None, Decimal(2), NONE)
    assert told == Effects()


def test_a_deal_at_the_close_costs_its_charges_alone() -> None:
    told = effects_of(_holding("10", "100"), _holding("15", "100"), _done("-503"), ONE, NONE)
    assert (told.price, told.trading) == (0, -3)


def test_a_first_price_is_a_price_move() -> None:
    told = effects_of(_holding("10", None), _holding("10", "5"), None, ONE, NONE)
    assert told == Effects(price=Decimal(50))


def test_what_was_bought_or_sold_out_is_trading() -> None:
    bought = effects_of(None, _holding("10", "5"), _done("-51"), ONE, NONE)
    assert bought == Effects(trading=Decimal(-1))
    sold = effects_of(_holding("10", "5"), None, _done("52", "1"), ONE, NONE)
    assert sold == Effects(trading=Decimal(2), income=Decimal(1))


@pytest.mark.usefixtures("seeing_all")
def test_a_day_has_the_currency_effects_of_the_bridge_of_its_period() -> None:
    days = queries.valuation_days()
    for eve, day in list(pairwise(days))[3::60]:
        for chosen, currency in _books():
            span = queries.span(eve, day, currency, [portfolio.pk for portfolio in chosen])
            if span is None:
                continue
            period = queries.value_bridge(queries.contributions_of(span))
            one = bridge(chosen, day, currency)
            assert abs(one.securities.currency - period.currency_effect) <= CENT, (day, chosen)
            assert abs(one.cash_currency - period.cash_currency_effect) <= CENT, (day, chosen)
            assert abs(one.deals - period.dealing_effect) <= CENT, (day, chosen)


def _books() -> list[tuple[list[Portfolio], str]]:
    """Each portfolio in its own currency, and all of them in a foreign one."""
    everything = list(Portfolio.objects.all())
    return [([one], one.base_currency) for one in everything] + [(everything, "JPY")]


# --- since a moment -----------------------------------------------------------------------------


@pytest.mark.usefixtures("seeing_all")
def test_every_restatement_of_the_case_is_told_to_the_cent() -> None:
    expected = answers.read("known_then.csv")
    told_apart = 0
    restated = expected[expected["is_restated"] == "yes"]
    for number, row in enumerate(restated.itertuples(index=False)):
        portfolio = Portfolio.objects.get(code=row.portfolio_id)
        cut = queries.knowledge_cut(_moment(row.knowledge_cut))
        figures = (
            ("net_asset_value", row.nav_then, row.nav_now, 0.005),
            ("return_net_month", row.month_then, row.month_now, 1e-8),
            ("return_net_inception", row.inception_then, row.inception_now, 1e-8),
        )
        # A return is recomputed by the same steps as a value: some of them stand for all.
        for figure, then, now, near in figures if number % 5 == 0 else figures[:1]:
            asked = _asked(figure, portfolio.code, row.valuation_date)
            told = restatement.restated(portfolio, asked, cut, Markets(cut, FAR))
            assert told is not None
            assert float(told.then) == pytest.approx(float(then), abs=near), row
            assert float(told.now) == pytest.approx(float(now), abs=near), row
            parts = sum(cause.effect for cause in told.causes)
            if figure == "net_asset_value":
                assert parts == told.change, row
            else:
                assert parts == pytest.approx(told.change, abs=1e-14), row
            assert all(cause.records for cause in told.causes), row
            told_apart += len(told.causes)
    assert told_apart >= 22


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@pytest.mark.usefixtures("seeing_all")
def test_what_stands_as_it_was_known_has_no_cause() -> None:
    asked = _asked("net_asset_value", "HA-01", date(2025, 6, 16))
    cut = queries.knowledge_cut(datetime(2026, 6, 1, tzinfo=UTC))
    told = restatement.restated(asked.portfolios[0], asked, cut, Markets(cut, FAR))
    assert told == restatement.Restated(told.then, told.then, ())


@pytest.mark.usefixtures("seeing_all")
def test_several_kinds_of_record_are_told_one_after_the_other() -> None:
    asked = _asked("net_asset_value", "HA-08", date(2025, 6, 16))
    cut = queries.knowledge_cut(datetime(2025, 6, 17, 12, tzinfo=UTC))
    told = restatement.restated(asked.portfolios[0], asked, cut, Markets(cut, FAR))
    assert [cause.label for cause in told.causes] == ["Records amended"]
    assert told.causes[0].records[0].words == "Dividend amended"
    assert abs(told.change - Decimal("1616.58")) <= CENT


@pytest.mark.usefixtures("seeing_all")
def test_a_selection_is_told_portfolio_by_portfolio() -> None:
    asked = _selection("net_asset_value", "USD", date(2025, 6, 16))
    [table] = restatement.since(asked, queries.knowledge_cut(datetime(2025, 6, 17, 12, tzinfo=UTC)))
    assert [row.label for row in table.rows] == ["HA-08"]
    assert abs(_last(table) - _value(table.rows[0].cells[-1])) <= CENT


@pytest.mark.usefixtures("seeing_two")
def test_who_sees_two_portfolios_is_told_of_two() -> None:
    told = answer.explanation(_selection("net_asset_value", "USD"))
    assert {row.label for row in _tables(told)["portfolios"].rows} == {"HA-01", "HA-05"}
    [tiles] = [queries.tiles(DAY, "USD")]
    assert abs(told.value.value - tiles.net_asset_value) <= CENT


# --- each figure --------------------------------------------------------------------------------


@pytest.mark.usefixtures("seeing_all")
@pytest.mark.parametrize("code", ["HA-01", "HA-05", "HA-09", "HA-16"])
def test_tables_sum_to_what_they_explain(code: str) -> None:
    for figure in ("net_asset_value", "cash_value", "day_pnl"):
        told = answer.explanation(_asked(figure, code))
        tables = _tables(told)
        first = tables.get("positions") or tables.get("balances")
        if first is not None:
            assert abs(_summed(first) - _last(first)) <= CENT
            assert abs(_last(first) - told.value.value) <= CENT
        if figure != "cash_value":
            assert abs(_summed(tables["bridge"]) - _last(tables["bridge"])) <= CENT
            listings = tables["listings"]
            assert abs(_summed(listings) - _last(listings)) <= CENT


@pytest.mark.usefixtures("seeing_all")
@pytest.mark.parametrize("code", ["HA-01", "HA-05", "HA-16"])
def test_returns_and_risk_are_those_of_the_performance_page(code: str) -> None:
    portfolio = Portfolio.objects.get(code=code)
    told = queries.performance(portfolio, DAY)
    for period in told.periods:
        for family, value in (
            ("return_net", period.net),
            ("return_gross", period.gross),
            ("benchmark_return", period.benchmark),
            ("active_return", period.active),
        ):
            if value is None:
                continue
            for asked in (
                _asked(f"{family}_{period.key}", code),
                _asked(family, code, key=period.key),
            ):
                found = answer.explanation(asked)
                assert found.value.value == pytest.approx(value, abs=1e-10), asked
                assert _tables(found)["steps"].rows
    for month in told.months[-14:]:
        found = answer.explanation(_asked("return_net", code, key=f"{month.year}-{month.month:02}"))
        assert found.value.value == pytest.approx(month.net, abs=1e-10)
    for name in ("volatility", "sharpe_ratio", "maximum_drawdown", "value_at_risk", "beta"):
        found = answer.explanation(_asked(name, code))
        assert found.value.value == pytest.approx(getattr(told.risk, name), abs=1e-12), name
    for name in ("tracking_error", "information_ratio", "money_weighted_return"):
        found = answer.explanation(_asked(name, code))
        assert found.value.value == pytest.approx(getattr(told.risk, name), abs=1e-12), name
    flows = _tables(answer.explanation(_asked("money_weighted_return", code)))["steps"]
    assert abs(_last(flows)) < 0.5, "discounted at the rate, all flows come to nothing"


@pytest.mark.usefixtures("seeing_all")
def test_a_position_is_units_times_price_times_rate_with_its_sources() -> None:
    for row in queries.positions(DAY, "GBP", queries.portfolio_ids(["HA-05"])):
        told = answer.explanation(_asked("base_value", "HA-05", key=row.listing_key))
        assert told.value.value == row.value
        product = _tables(told)["product"]
        factors = [_value(one.cells[0]) for one in product.rows]
        worth = Decimal(1)
        for factor in factors:
            worth *= factor
        assert abs(worth - row.value) <= CENT, row.listing_key
        if row.cost is not None:
            close = told.sections[1]
            assert close.title == f"Close of {row.listing_key}"
            assert close.line


@pytest.mark.usefixtures("seeing_all")
@pytest.mark.parametrize("breakdown", ["currency", "sector", "security_type", "domicile"])
def test_the_positions_of_a_bucket_sum_to_it(breakdown: str) -> None:
    for row in queries.exposure(DAY, "USD", breakdown):
        asked = _selection("value_base", "USD", key=row.bucket, breakdown=breakdown)
        told = answer.explanation(asked)
        assert abs(told.value.value - row.value) <= CENT, row
        assert abs(_summed(_tables(told)["positions"]) - row.value) <= CENT
        share = answer.explanation(asked.of(figure="share_of_nav"))
        assert float(share.value.value) == pytest.approx(row.share, abs=1e-9)


@pytest.mark.usefixtures("seeing_all")
def test_figures_of_the_firm_are_told_by_desk() -> None:
    rows = queries.composites(DAY)
    for row in rows:
        key = row.name if row.desk_id else ""
        asked = Asked("net_asset_value", DAY, "USD", (), False, key=key)
        shown = {
            "net_asset_value": row.net_asset_value,
            "day_pnl": row.day_pnl,
            "net_flow_day": row.net_flow_day,
            "net_flow_month": row.net_flow_month,
            "return_net_day": row.day_return,
            "return_net_month": row.month,
            "return_net_year": row.year,
            "benchmark_return_month": row.benchmark_month,
            "benchmark_return_year": row.benchmark_year,
            "active_return_year": row.active_year,
        }
        for figure, value in shown.items():
            told = answer.of_firm(asked.of(figure=figure))
            assert float(told.value.value) == pytest.approx(float(value), rel=1e-9, abs=1e-9), (
                figure
            )
    told = answer.of_firm(Asked("day_pnl", DAY, "USD", (), False))
    tables = _tables(told)
    assert abs(_summed(tables.pop("bridge")) - rows[0].net_asset_value) <= CENT
    for table in tables.values():
        for at in range(len(table.rows[0].cells)):
            if isinstance(table.total.cells[at], Amount):
                parts = sum(_value(one.cells[at]) for one in table.rows)
                assert abs(parts - _value(table.total.cells[at])) <= CENT
    for risk in queries.risks_firm(DAY):
        key = "" if risk.name == "Firm" else risk.name
        for figure in ("volatility", "maximum_drawdown"):
            asked = Asked(figure, DAY, "USD", (), False, key=key)
            expected = risk.volatility if figure == "volatility" else risk.max_drawdown
            assert answer.of_firm(asked).value.value == pytest.approx(expected, abs=1e-10)


@pytest.mark.usefixtures("seeing_all")
@pytest.mark.parametrize("day", [DAY, *CAUSE_DAYS])
def test_a_desk_s_day_is_split_as_its_portfolios_are(day: date) -> None:
    for row in queries.composites(day):
        told = firm_causes.bridge(row, day)
        chosen = Portfolio.objects.filter(desk_id=row.desk_id) if row.desk_id else Portfolio.objects
        mine = bridge(list(chosen.all()), day, "USD")
        for (name, amount), (wanted_name, wanted) in zip(told.parts, mine.parts, strict=True):
            assert name == wanted_name
            assert abs(amount - wanted) <= CENT, (row.name, name)
        assert abs(dict(told.parts)["Rounding"]) <= CENT
        assert told.change == told.closing - told.opening


@pytest.mark.usefixtures("seeing_two")
def test_the_causes_of_a_desk_are_not_told_to_who_may_not_see_it() -> None:
    [nothing] = ground.rows("composite_cause", None, as_of=DAY, desk_id=None)
    assert set(nothing.values()) == {0}


@pytest.mark.usefixtures("seeing_two")
def test_the_firm_is_not_told_to_who_may_not_see_it() -> None:
    assert answer.of_firm(Asked("net_asset_value", DAY, "USD", (), False)) is None


@pytest.mark.usefixtures("seeing_all")
def test_a_benchmark_is_measured_from_the_eve_of_what_is_held() -> None:
    portfolio = Portfolio.objects.get(code="HA-16")
    tiles = queries.tiles(DAY, portfolio.base_currency, [portfolio.pk])
    [year] = [p for p in queries.performance(portfolio, DAY).periods if p.key == "year"]
    assert tiles.benchmark_year == pytest.approx(year.benchmark, abs=1e-10)
