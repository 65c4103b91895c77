"""Profit, contribution, lots and structure over a period: the whole is the sum of its parts."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from portfolios.figures import queries
from portfolios.models import Listing, Portfolio
from portfolios.tests.conftest import Reading
from portfolios.tests.support import answers, checks
from portfolios.tests.support.compare import CENT, TWO_CENTS

EVE, DAY = date(2023, 11, 30), date(2025, 12, 31)
MIDDLE = date(2025, 3, 31)
BREAKDOWNS = ("sector", "security_type", "domicile", "currency", "issuer")
D = Decimal
ZERO = D(0)
each_portfolio = pytest.mark.parametrize("code", checks.PORTFOLIOS)
BEGAN_AFTER_MIDDLE = "HA-16"


@pytest.fixture
def seeing_all(reading_alpha: Reading) -> Iterator[None]:
    with reading_alpha():
        yield


@pytest.fixture
def seeing_two(reading_alpha_two: Reading) -> Iterator[None]:
    with reading_alpha_two():
        yield


def _told(
    code: str, opens: date = EVE, closes: date = DAY, currency: str = ""
) -> tuple[queries.Contributions, queries.ValueBridge]:
    portfolio = Portfolio.objects.get(code=code)
    span = queries.span(opens, closes, currency or portfolio.base_currency, [portfolio.pk])
    assert span is not None
    told = queries.contributions_of(span)
    return told, queries.value_bridge(told)


@each_portfolio
@pytest.mark.usefixtures("seeing_all")
def test_the_bridge_since_inception_is_the_summary_s_profit(code: str) -> None:
    told, bridge = _told(code)
    assert checks.totals(
        {
            "total_profit": bridge.profit,
            "average_realised": bridge.average_realised,
            "average_unrealised": bridge.average_unrealised,
            "fifo_realised": bridge.fifo_realised,
            "fifo_unrealised": bridge.fifo_unrealised,
            "dividends_after_tax": bridge.dividend_income,
            "all_fees": -bridge.fees,
            "cash_fx_and_rest": bridge.average_rest,
        },
        code,
    )
    assert bridge.translation == 0
    assert abs(bridge.average_rest - bridge.fifo_rest) <= CENT
    of_listings = sum((row.profit for row in told.listings), ZERO)
    booked = bridge.average_realised + bridge.average_unrealised + bridge.dividend_income
    # A cost uses the fixing of the trade's own day, which need not be a valuation day.
    assert abs(of_listings - booked) <= abs(bridge.average_rest) + TWO_CENTS


@pytest.mark.usefixtures("seeing_all")
def test_a_portfolio_in_one_currency_has_no_currency_effect() -> None:
    told, bridge = _told("HA-02")
    assert {row.currency for row in told.listings} == {"USD"}
    assert bridge.all_currency_effect == 0
    assert abs(bridge.dealing_effect) <= TWO_CENTS


@pytest.mark.usefixtures("seeing_all")
def test_exchange_rates_make_what_another_currency_shows() -> None:
    """The profit of one dollar listing in euro is its dollar profit but for the rate."""
    (dollars, _), (euro, bridge) = _told("HA-02", MIDDLE), _told("HA-02", MIDDLE, currency="EUR")
    in_dollars = {row.listing_key: row for row in dollars.listings}
    for row in euro.listings:
        assert in_dollars[row.listing_key].currency_effect == 0
        assert row.profit == row.price_effect + row.currency_effect + row.dividend_income
    assert bridge.currency_effect < 0, "the euro rose in these months"
    assert bridge.translation == pytest.approx(bridge.all_currency_effect, rel=D("0.02")), (
        "a dollar portfolio is translated by what the dollar did"
    )


@pytest.mark.parametrize("code", [one for one in checks.PORTFOLIOS if one != BEGAN_AFTER_MIDDLE])
@pytest.mark.usefixtures("seeing_all")
def test_two_spans_make_the_whole(code: str) -> None:
    (_, whole), (_, first) = _told(code, EVE), _told(code, EVE, MIDDLE)
    portfolio = Portfolio.objects.get(code=code)
    second_span = queries.span(MIDDLE, DAY, portfolio.base_currency, [portfolio.pk])
    if second_span is None:
        assert code == "HA-11", "redeemed before"
        assert whole == first
        return
    second = queries.value_bridge(queries.contributions_of(second_span))
    for name in (
        *("inflow", "outflow", "average_realised", "average_unrealised", "fifo_realised"),
        *("fifo_unrealised", "dividend_income", "management_fee", "safekeeping_fee"),
        *("price_effect", "currency_effect", "cash_currency_effect", "translation"),
    ):
        parts = getattr(first, name) + getattr(second, name)
        assert abs(parts - getattr(whole, name)) < D("1e-6"), name
    assert first.closing_value == second.opening_value


@each_portfolio
@pytest.mark.usefixtures("seeing_all")
def test_groups_and_rest_sum_to_the_return(code: str) -> None:
    told, _ = _told(code)
    parts = [row.contribution for row in told.listings]
    assert sum(parts) + told.rest == pytest.approx(told.total, abs=1e-12)
    for breakdown in BREAKDOWNS:
        groups = told.by(breakdown)
        assert sum(group.contribution for group in groups) == pytest.approx(sum(parts), abs=1e-12)
        assert sum(group.profit for group in groups) == sum(row.profit for row in told.listings)
        assert sum(group.weight for group in groups) + told.rest_weight == pytest.approx(1)


@pytest.mark.usefixtures("seeing_all")
def test_a_book_is_the_sum_of_its_portfolios_in_one_currency() -> None:
    span = queries.span(MIDDLE, DAY, "GBP")
    assert span is not None
    book = queries.value_bridge(queries.contributions_of(span))
    alone = [_told(code, MIDDLE, DAY, "GBP")[1] for code in checks.PORTFOLIOS if code != "HA-11"]
    for name in queries.ValueBridge.__dataclass_fields__:
        total = sum((getattr(one, name) for one in alone), ZERO)
        assert abs(total - getattr(book, name)) <= CENT, name
    assert abs(book.profit - sum(day.pnl for day in span.days)) <= CENT


@each_portfolio
@pytest.mark.usefixtures("seeing_all")
def test_effects_by_sector_sum_to_the_active_return(code: str) -> None:
    told, _ = _told(code, date(2023, 12, 29), MIDDLE) if code == "HA-11" else _told(code, MIDDLE)
    attributed = queries.attributed(told.span)
    assert attributed is not None
    assert attributed.effects.portfolio_return == pytest.approx(told.total, abs=1e-12)
    effects = sum(group.total for group in attributed.effects.groups)
    difference = attributed.basket_difference
    assert effects + difference == pytest.approx(attributed.active_return, abs=1e-12)
    # The basket of weights is the published index but for the rounding of its levels.
    assert abs(difference) < 1e-5


@each_portfolio
@pytest.mark.usefixtures("seeing_all")
def test_open_lots_make_the_position(code: str) -> None:
    portfolio = Portfolio.objects.get(code=code)
    for day in (date(2025, 2, 28), DAY):
        for row in queries.positions(day, portfolio.base_currency, [portfolio.pk]):
            listing = Listing.objects.get(pk=row.listing_id)
            lots = queries.open_lots(portfolio, listing, day, row)
            if row.cost is None:
                assert lots == []
                continue
            assert sum(lot.units for lot in lots) == row.units
            assert abs(sum(lot.cost for lot in lots) - row.fifo_cost) < D("1e-6")
            assert abs(sum(lot.unrealised for lot in lots) - row.fifo_unrealised) < D("1e-6")
            assert [lot.acquired_on for lot in lots] == sorted(lot.acquired_on for lot in lots)


@pytest.mark.usefixtures("seeing_all")
@pytest.mark.parametrize("code", ["HA-05", "HA-16"])
def test_one_portfolio_as_a_book_has_its_own_performance(code: str) -> None:
    portfolio = Portfolio.objects.get(code=code)
    alone = queries.performance(portfolio, DAY)
    book = queries.book_performance(DAY, portfolio.base_currency, [portfolio.pk])
    for mine, theirs in zip(alone.periods, book.periods, strict=True):
        for name in ("net", "gross", "benchmark"):
            assert getattr(mine, name) == pytest.approx(getattr(theirs, name), abs=1e-9), mine.key
    for name in ("volatility", "sortino_ratio", "beta", "up_capture", "money_weighted_return"):
        wanted = getattr(book.risk, name)
        assert getattr(alone.risk, name) == pytest.approx(wanted, abs=1e-6), name
    assert alone.flow_rules.end_of_day == pytest.approx(book.flow_rules.end_of_day, abs=1e-9)
    assert [row.year for row in alone.years] == [row.year for row in book.years]


@pytest.mark.usefixtures("seeing_all")
def test_years_and_months_link_to_the_whole() -> None:
    told = queries.performance(Portfolio.objects.get(code="HA-01"), DAY)
    inception = next(row for row in told.periods if row.key == "inception")
    for rows in (told.years, told.months):
        grown = 1.0
        for row in rows:
            grown *= 1.0 + row.net
        assert grown - 1 == pytest.approx(inception.net, abs=1e-12)
    assert [row.year for row in told.years] == [2023, 2024, 2025]
    summary = answers.read("portfolio_summary.csv").set_index("portfolio_id").loc["HA-01"]
    assert told.flow_rules.main == pytest.approx(float(summary["net_inception"]), abs=1e-8)
    assert told.flow_rules.end_of_day == pytest.approx(float(summary["inception_eod"]), abs=1e-8)
    assert told.flow_rules.start_of_day == pytest.approx(float(summary["inception_sod"]), abs=1e-8)


@pytest.mark.usefixtures("seeing_all")
def test_structure_agrees_with_positions_and_exposures() -> None:
    [pk] = queries.portfolio_ids(["HA-01"]) or []
    told = queries.structure(DAY, "USD", [pk])
    shares = [row.share for row in queries.positions(DAY, "USD", [pk]) if row.cost is not None]
    # No instrument of this portfolio is held in two listings.
    assert told.concentration.holdings == len(shares)
    assert told.concentration.largest == pytest.approx(max(shares))
    assert told.concentration.top_5 == pytest.approx(sum(sorted(shares)[-5:]))
    assert 0.0 < told.active_share < 1.0
    issuers = queries.exposure(DAY, "USD", "issuer", [pk])
    assert sum(row.share for row in issuers) == pytest.approx(1)
    assert {row.bucket for row in issuers} >= {"Cash"}


@pytest.mark.usefixtures("seeing_all")
def test_turnover_counts_trades_and_no_transfers() -> None:
    portfolio = Portfolio.objects.get(code="HA-13")
    span = queries.span(date(2025, 2, 11), date(2025, 2, 12), "EUR", [portfolio.pk])
    assert span is not None
    traded = queries.transactions(portfolio, date(2025, 2, 12), date(2025, 2, 12))
    assert {row.kind for row in traded} >= {"TRANSFER_OUT"}
    bought = sum(1 for row in traded if row.kind == "BUY")
    assert bool(queries.exchanged(span).purchases) == bool(bought)
    year = queries.span(date(2024, 12, 31), DAY, "EUR", [portfolio.pk])
    assert year is not None
    told = queries.exchanged(year)
    assert 0.0 < told.turnover < 5.0
    lesser = min(told.purchases, told.sales)
    assert told.turnover == pytest.approx(float(lesser / told.average_net_asset_value))


@pytest.mark.usefixtures("seeing_two")
def test_a_foreign_portfolio_shows_none_of_it(connect_as) -> None:
    [foreign] = connect_as("superuser").execute("SELECT id FROM portfolio WHERE code = 'HA-02'")
    ids = [foreign[0]]
    assert queries.span(EVE, DAY, "USD", ids) is None
    assert queries.structure(DAY, "USD", ids).concentration.holdings == 0
    assert queries.exposure(DAY, "USD", "issuer", ids) == []
    assert queries.book_performance(DAY, "USD", ids).months == []
    visible = queries.span(EVE, DAY, "USD")
    assert visible is not None
    mine = {pk for code in ("HA-01", "HA-05") for pk in queries.portfolio_ids([code]) or []}
    both = queries.span(EVE, DAY, "USD", sorted(mine))
    assert both is not None
    told = [
        [(row.listing_key, row.profit) for row in queries.contributions_of(span).listings]
        for span in (visible, both)
    ]
    assert told[0] == told[1]
    assert queries.exchanged(visible) == queries.exchanged(both)


@pytest.mark.usefixtures("seeing_all")
@pytest.mark.parametrize("day", [date(2024, 2, 29), DAY])
def test_composites_are_their_portfolios_taken_as_one(day: date) -> None:
    told = queries.composite_periods(day)
    assert told[0].name == "Firm"
    assert len(told) == 4
    for one in told:
        members = Portfolio.objects.filter(desk_id=one.desk_id) if one.desk_id else None
        ids = None if members is None else list(members.values_list("pk", flat=True))
        book = queries.book_performance(day, "USD", ids)
        for mine, theirs in zip(one.periods, book.periods, strict=True):
            assert mine.key == theirs.key
            assert mine.net == pytest.approx(theirs.net, abs=1e-9), (one.name, mine.key)
            assert mine.gross == pytest.approx(theirs.gross, abs=1e-9), (one.name, mine.key)
            assert mine.benchmark == pytest.approx(theirs.benchmark, abs=1e-9), mine.key
        assert [row.net for row in one.years] == pytest.approx([row.net for row in book.years])
        assert [row.gross for row in one.years] == pytest.approx([row.gross for row in book.years])
        assert one.periods[-2].gross > one.periods[-2].net, "fees were taken since the start"
        assert one.volatility == pytest.approx(book.risk.volatility, abs=1e-9)
        assert one.max_drawdown == pytest.approx(book.risk.maximum_drawdown, abs=1e-9)


@pytest.mark.usefixtures("seeing_two")
def test_composites_need_the_role() -> None:
    assert queries.composite_periods(DAY) == []
