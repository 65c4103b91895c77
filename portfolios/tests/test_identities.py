"""Identities on random ledgers: whatever was traded, the parts make the whole."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from portfolios.figures import queries
from portfolios.models import Listing, Portfolio
from portfolios.tests.support import random_firm
from portfolios.tests.support.random_firm import DAYS, MIDDLE, Firm
from portfolios.valuation.calendar import session_before

pytestmark = [
    pytest.mark.usefixtures("fresh_database", "as_worker"),
    pytest.mark.parametrize("seed", range(5)),
]

EVERYTHING = datetime(2200, 1, 1, tzinfo=UTC)
EVE = session_before("XLON", DAYS[0])
LAST = DAYS[-1]
TINY = Decimal("1e-6")
ZERO = Decimal(0)


@pytest.fixture
def cut(seed: int) -> Iterator[queries.Cut]:
    """Everything that is known of a random firm."""
    with random_firm.loaded(random_firm.random_firm(seed)):
        yield queries.Cut(EVERYTHING)


def _spans(cut: queries.Cut, opens: Any = EVE, closes: Any = LAST) -> list[queries.Span]:
    """Each portfolio in its own currency, and all of them in pounds."""
    each = [
        queries.span(opens, closes, one.base_currency, [one.pk], cut)
        for one in Portfolio.objects.all()
    ]
    found = [*each, queries.span(opens, closes, "GBP", None, cut)]
    return [span for span in found if span is not None]


def test_parts_sum_to_the_return_and_to_the_profit(cut: queries.Cut) -> None:
    for span in _spans(cut):
        told = queries.contributions_of(span)
        parts = sum(row.contribution for row in told.listings)
        assert parts + told.rest == pytest.approx(told.total, abs=1e-12)
        for breakdown in ("sector", "security_type", "domicile", "currency", "issuer"):
            groups = told.by(breakdown)
            assert sum(one.contribution for one in groups) == pytest.approx(parts, abs=1e-12)
        bridge = queries.value_bridge(told)
        assert abs(bridge.profit - sum(day.pnl for day in span.days)) < TINY
        for row in told.listings:
            assert row.price_effect + row.currency_effect + row.dividend_income == row.profit


def test_average_cost_and_first_in_first_out_share_every_total(cut: queries.Cut) -> None:
    for span in _spans(cut):
        bridge = queries.value_bridge(queries.contributions_of(span))
        average = bridge.average_realised + bridge.average_unrealised
        assert abs(average - bridge.fifo_realised - bridge.fifo_unrealised) < TINY
    for portfolio in Portfolio.objects.all():
        for row in queries.listing_profits(portfolio, LAST, cut):
            average = row.average_realised + row.average_unrealised
            assert abs(average - row.fifo_realised - row.fifo_unrealised) < TINY


def test_the_value_bridge_closes(cut: queries.Cut) -> None:
    for span in _spans(cut):
        bridge = queries.value_bridge(queries.contributions_of(span))
        assert abs(bridge.closing_value - span.net_asset_values[-1]) < TINY
        flows = bridge.opening_value + bridge.inflow - bridge.outflow
        income = bridge.dividend_income - bridge.fees
        booked = bridge.average_realised + bridge.average_unrealised + bridge.translation
        assert abs(flows + booked + income + bridge.average_rest - bridge.closing_value) < TINY
        cause = bridge.price_effect + bridge.all_currency_effect + bridge.dealing_effect
        assert abs(flows + cause + income - bridge.closing_value) < TINY


def test_two_spans_linked_are_the_whole(cut: queries.Cut) -> None:
    wholes, firsts, seconds = (
        _spans(cut),
        _spans(cut, EVE, MIDDLE),
        _spans(cut, MIDDLE, LAST),
    )
    for whole, first, second in zip(wholes, firsts, seconds, strict=True):
        assert (1 + first.net) * (1 + second.net) - 1 == pytest.approx(whole.net, abs=1e-12)
        bridges = [
            queries.value_bridge(queries.contributions_of(span)) for span in (whole, first, second)
        ]
        for name in ("profit", "price_effect", "all_currency_effect", "dividend_income", "fees"):
            total, one, other = (getattr(bridge, name) for bridge in bridges)
            assert abs(one + other - total) < TINY, name
        assert bridges[1].closing_value == bridges[2].opening_value


def test_effects_sum_to_the_active_return(cut: queries.Cut) -> None:
    for span in _spans(cut, DAYS[0]):
        told = queries.attributed(span)
        assert told is not None
        effects = sum(group.total for group in told.effects.groups)
        assert effects == pytest.approx(told.effects.active_return, abs=1e-12)
        assert told.effects.portfolio_return == pytest.approx(span.net, abs=1e-12)
        for side in ("weight", "index_weight"):
            weights = sum(getattr(group, side) for group in told.effects.groups)
            assert weights == pytest.approx(1, abs=1e-12), side


def test_exposures_and_positions_sum_to_the_value(cut: queries.Cut) -> None:
    for span in _spans(cut):
        asked = (LAST, span.currency)
        value = span.net_asset_values[-1]
        held = queries.positions(*asked, span.portfolio_ids, cut)
        assert abs(sum(row.value for row in held) - value) < TINY
        for breakdown in ("currency", "sector", "security_type", "domicile", "issuer"):
            rows = queries.exposure(*asked, breakdown, span.portfolio_ids, cut)
            assert abs(sum(row.value for row in rows) - value) < TINY, breakdown
            assert sum(row.share for row in rows) == pytest.approx(1), breakdown


def test_open_lots_make_every_position(cut: queries.Cut) -> None:
    for portfolio in Portfolio.objects.all():
        for row in queries.positions(LAST, portfolio.base_currency, [portfolio.pk], cut):
            if row.cost is not None:
                listing = Listing.objects.get(pk=row.listing_id)
                lots = queries.open_lots(portfolio, listing, LAST, row, cut)
                assert sum(lot.units for lot in lots) == row.units
                assert abs(sum(lot.cost for lot in lots) - row.fifo_cost) < TINY


def _everything(firm: Firm) -> list[list[Any]]:
    """Day, value and growth of each portfolio and of all in pounds; profits of every listing."""
    with random_firm.loaded(firm):
        cut = queries.Cut(EVERYTHING)
        spans = _spans(cut)
        return [
            [[day.valued_on for day in span.days] for span in spans],
            [[day.return_net for day in span.days] for span in spans],
            [
                sorted((row.listing_key, row.contribution) for row in told.listings)
                for told in map(queries.contributions_of, spans)
            ],
            [queries.attributed(span).effects.allocation for span in spans],  # type: ignore[union-attr]
        ]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, float):
        return one == pytest.approx(other, abs=1e-10)
    return bool(one == other)


def test_the_order_of_loading_does_not_matter(seed: int) -> None:
    firm = random_firm.random_firm(seed)
    assert _everything(firm) == _everything(firm.shuffled(random.Random(seed)))


def test_units_and_the_side_of_a_quote_leave_returns_alone(seed: int) -> None:
    firm = random_firm.random_firm(seed)
    told = _everything(firm)
    assert _same(told, _everything(firm.in_pounds()))
    assert _same(told, _everything(firm.turned()))


def test_a_new_unit_of_a_currency_leaves_returns_alone(seed: int) -> None:
    firm = random_firm.random_firm(seed)
    assert _same(_everything(firm), _everything(firm.redenominated("JPY", 100)))
