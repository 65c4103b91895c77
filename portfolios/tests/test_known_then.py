"""As known then: the case's answers, agreement with the present, and isolation."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from helio.testing import databases
from portfolios.figures import firm_then, queries
from portfolios.figures.then.amounts import amounts
from portfolios.models import FirmCut, Portfolio
from portfolios.performance.periods import year_anchor
from portfolios.tests.conftest import Reading
from portfolios.tests.support import answers
from portfolios.tests.support.compare import CENT

FAR = datetime(2200, 1, 1, tzinfo=UTC)
RATIO = 1e-8


@pytest.fixture
def seeing_all(reading_alpha: Reading) -> Iterator[None]:
    with reading_alpha():
        yield


@pytest.fixture
def seeing_two(reading_alpha_two: Reading) -> Iterator[None]:
    with reading_alpha_two():
        yield


@pytest.mark.usefixtures("seeing_all")
def test_every_answer_of_the_case_then_and_now() -> None:
    expected = answers.read("known_then.csv")
    assert len(expected) == 149
    cuts: dict[Any, queries.Cut] = {}
    restated = 0
    for row in expected.itertuples(index=False):
        portfolio = Portfolio.objects.get(code=row.portfolio_id)
        cut = cuts.setdefault(row.knowledge_cut, queries.Cut(_moment(row.knowledge_cut)))
        asked = (row.valuation_date, portfolio.base_currency, [portfolio.pk])
        [now] = queries.portfolio_table(*asked)
        [then] = queries.portfolio_table(*asked, cut)
        for told, wanted in (
            (then, (row.nav_then, row.month_then, row.quarter_then, row.inception_then)),
            (now, (row.nav_now, row.month_now, row.quarter_now, row.inception_now)),
        ):
            assert abs(told.net_asset_value_base - Decimal(str(wanted[0]))) <= CENT, row
            found = (told.month, told.quarter, told.inception)
            assert found == pytest.approx(tuple(map(float, wanted[1:])), abs=RATIO), row
        differs = abs(then.net_asset_value_base - now.net_asset_value_base) >= CENT / 2 or (
            abs(then.inception - now.inception) > 1e-10
        )
        assert differs == (row.is_restated == "yes"), row
        restated += differs
    assert restated == 22


def _moment(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@pytest.mark.usefixtures("seeing_all")
@pytest.mark.parametrize("currency", ["USD", "JPY"])
def test_amounts_of_a_day_alone_are_those_of_its_table(currency: str) -> None:
    for cut in (queries.Cut(FAR), queries.Cut(datetime(2025, 7, 2, tzinfo=UTC))):
        for day in (date(2023, 12, 1), date(2023, 12, 4), date(2024, 6, 28), date(2025, 6, 30)):
            rows = {one.id: one for one in queries.portfolio_table(day, currency, None, cut)}
            for pk in _ids():
                told = amounts(cut, pk, day, currency)
                assert (told is None) == (pk not in rows)
                if told is not None:
                    row = rows[pk]
                    assert told == (row.net_asset_value, row.net_asset_value_base, row.day_pnl)


@pytest.mark.usefixtures("seeing_all")
@pytest.mark.parametrize("day", [date(2023, 12, 4), date(2024, 9, 30), date(2025, 12, 31)])
def test_all_that_is_known_gives_the_figures_of_now(day: date) -> None:
    cut = queries.Cut(FAR)
    everything: list[list[int] | None] = [None, *([pk] for pk in _ids())]
    start = max(date(2023, 12, 1), day.replace(month=1, day=1))
    for ids in everything:
        for currency in ("USD", "JPY") if ids is None else ("EUR",):
            asked = (day, currency, ids)
            assert same(queries.positions(*asked, cut), queries.positions(*asked))
            assert same(queries.tiles(*asked, cut), queries.tiles(*asked))
            assert same(queries.portfolio_table(*asked, cut), queries.portfolio_table(*asked))
            assert same(queries.contributions(*asked, cut), queries.contributions(*asked))
            assert same(
                queries.aggregate_series(ids, start, day, currency, cut),
                queries.aggregate_series(ids, start, day, currency),
            )
        for breakdown in ("currency", "sector", "security_type", "domicile", "issuer"):
            asked_by = (day, "EUR", breakdown, ids)
            assert same(queries.exposure(*asked_by, cut), queries.exposure(*asked_by))
    for portfolio in Portfolio.objects.all():
        told = queries.performance(portfolio, day, cut=cut)
        assert same(told, queries.performance(portfolio, day))
        profits = queries.listing_profits(portfolio, day, cut)
        assert same(profits, queries.listing_profits(portfolio, day))
    movers = queries.movers(day, "USD", top=3, cut=cut)
    assert same(movers, queries.movers(day, "USD", top=3))


@pytest.mark.usefixtures("seeing_all")
@pytest.mark.parametrize("day", [date(2023, 12, 4), date(2025, 4, 30), date(2025, 12, 31)])
def test_all_that_is_known_gives_the_periods_of_now(day: date) -> None:
    cut = queries.Cut(FAR)
    opens = queries.opening_day(year_anchor(day), day)
    assert opens == queries.opening_day(year_anchor(day), day, cut)
    for ids in (None, *([pk] for pk in _ids())):
        for currency in ("JPY",) if ids is None else ("EUR",):
            asked = (day, currency, ids)
            assert same(queries.structure(*asked, cut), queries.structure(*asked))
            if ids is None or day.year == 2023:
                told = queries.book_performance(*asked, cut=cut)
                assert same(told, queries.book_performance(*asked))
            then = queries.span(opens, *asked, cut)
            now = queries.span(opens, *asked)
            if then is None or now is None:
                assert then is now
                continue
            assert same(queries.exchanged(then), queries.exchanged(now))
            assert same(queries.attributed(then), queries.attributed(now))
            parts, parts_now = queries.contributions_of(then), queries.contributions_of(now)
            assert same(parts.listings, parts_now.listings)
            assert same(parts.cash, parts_now.cash)
            assert same(queries.value_bridge(parts), queries.value_bridge(parts_now))


def _ids() -> list[int]:
    return list(Portfolio.objects.values_list("pk", flat=True))


def same(then: Any, now: Any) -> bool:
    """Equal, amounts to a ten-thousandth of a cent and ratios to 1e-10."""
    if is_dataclass(then) and not isinstance(then, type):
        return all(same(getattr(then, f.name), getattr(now, f.name)) for f in fields(then))
    if isinstance(then, dict):
        return then.keys() == now.keys() and all(same(then[key], now[key]) for key in then)
    if isinstance(then, list | tuple):
        return len(then) == len(now) and all(map(same, then, now))
    if isinstance(then, Decimal) and isinstance(now, Decimal):
        return abs(then - now) < Decimal("1e-6")
    if isinstance(then, float) and isinstance(now, float):
        return then == pytest.approx(now, abs=1e-10)
    return bool(then == now)


def _firm(day: date, start: date, cut: queries.Cut | None) -> list[Any]:
    return [
        queries.composites(day, cut),
        queries.composite_periods(day, cut),
        queries.risks_firm(day, cut),
        queries.firm_series(start, day, cut),
        queries.firm_movers(day, cut=cut),
    ]


def test_the_firm_with_all_that_is_known_is_the_firm_of_now(reading_alpha: Reading) -> None:
    with databases.django_connected_to(role="worker"):
        asked = FirmCut.objects.create(known_at=FAR, asked_by_id=1)
        assert firm_then.compute(asked.pk) == "ready"
        assert firm_then.compute(asked.pk) is None
    with reading_alpha():
        cut = queries.Cut(FAR)
        for day in (date(2023, 12, 4), date(2024, 9, 30), date(2025, 12, 31)):
            start = max(date(2023, 12, 1), date(day.year - 1, 12, 31))
            for then, now in zip(_firm(day, start, cut), _firm(day, start, None), strict=True):
                assert now
                assert same(then, now)


def test_the_firm_then_adds_up_to_its_portfolios_then(reading_alpha: Reading) -> None:
    moment, day = datetime(2025, 6, 17, 12, tzinfo=UTC), date(2025, 6, 16)
    with databases.django_connected_to(role="worker"):
        asked = FirmCut.objects.create(known_at=moment, asked_by_id=1)
        firm_then.compute_asked()
    with reading_alpha():
        cut = queries.Cut(moment)
        firm = queries.firm(day, cut)
        assert firm is not None
        tiles = queries.tiles(day, "USD", None, cut)
        assert abs(firm.net_asset_value - tiles.net_asset_value) <= CENT
        assert firm.year == pytest.approx(tiles.year, abs=1e-10)
        now = queries.firm(day)
        assert now is not None
        # The one restatement since: a dividend of HA-08.
        assert abs(firm.net_asset_value - now.net_asset_value) > 1_000
        assert queries.firm_cut(moment) == asked


@pytest.mark.usefixtures("seeing_two")
def test_whoever_may_not_see_the_firm_sees_none_of_it_then() -> None:
    cut = queries.Cut(FAR)
    assert _firm(date(2025, 12, 31), date(2025, 1, 2), cut) == [[], [], [], [], []]
    assert not FirmCut.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        FirmCut.objects.create(known_at=FAR, asked_by_id=1)


@pytest.mark.usefixtures("seeing_two")
def test_a_foreign_portfolio_has_no_figures_then_either(connect_as: Any) -> None:
    [foreign] = connect_as("superuser").execute("SELECT id FROM portfolio WHERE code = 'HA-02'")
    day, cut = date(2025, 6, 16), queries.Cut(datetime(2025, 6, 17, 12, tzinfo=UTC))
    asked = (day, "USD", [foreign[0]])
    assert queries.portfolio_table(*asked, cut) == []
    assert queries.positions(*asked, cut) == []
    assert queries.contributions(*asked, cut) == []
    assert queries.exposure(day, "USD", "sector", [foreign[0]], cut) == []
    assert queries.aggregate_series([foreign[0]], day, day, "USD", cut) == []
    assert queries.tiles(*asked, cut).net_asset_value == 0
    assert {row.code for row in queries.portfolio_table(day, "USD", None, cut)} == {
        "HA-01",
        "HA-05",
    }
