"""Two portfolios of two currencies taken as one, computed by hand.

P-1 has 3,000 USD and buys 10 AAA at 50; P-2 has 1,000 EUR and buys 20 CCC at 20, at 1.0 dollar a
euro: together 4,000 USD. The next day AAA is 55, CCC 22 and the euro 1.1 dollars; on the third
4,000 USD come into P-1 and AAA falls to 44. An average of the two returns would be another number.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from math import log1p
from typing import Any

import pytest

from portfolios.figures import queries
from portfolios.figures.history import history
from portfolios.figures.then.firm import FIRM, firm_then
from portfolios.models import Portfolio
from portfolios.tests.support import random_firm
from portfolios.tests.support.random_firm import DAYS, LISTINGS, Firm, Market
from portfolios.valuation.calendar import session_before

pytestmark = pytest.mark.usefixtures("fresh_database", "as_worker")

D = Decimal
BOUGHT, FIRST, SECOND = DAYS[:3]
LAST = DAYS[-1]
EVERYTHING = datetime(2200, 1, 1, tzinfo=UTC)
EXACTLY = {"abs": 1e-12}


def _by_day(first: str, second: str, third: str) -> dict[date, Decimal]:
    """The number of the eve and the first day, of the second, and of the third and all after."""
    days = [session_before("XLON", BOUGHT), *DAYS]
    return dict.fromkeys(days, D(third)) | {days[0]: D(first), BOUGHT: D(first), FIRST: D(second)}


def _flat(value: str) -> dict[date, Decimal]:
    return _by_day(value, value, value)


def _firm() -> Firm:
    prices = {
        "AAA@XNYS": _by_day("50", "55", "44"),
        "BBB@XLON": _flat("800"),
        "CCC@XETR": _by_day("20", "22", "22"),
        "DDD@XTKS": _flat("3000"),
    }
    fixings = {
        ("EUR", "USD"): _by_day("1", "1.1", "1.1"),
        ("GBP", "USD"): _flat("1.3"),
        ("USD", "JPY"): _flat("150"),
    }
    closes = {key: (LISTINGS[key][0], days) for key, days in prices.items()}
    ledger = [
        _event("P-1", 1, "SUBSCRIPTION", BOUGHT, "USD", 3000),
        _event("P-1", 2, "BUY", BOUGHT, "USD", -500, "AAA@XNYS", 10),
        _event("P-2", 1, "SUBSCRIPTION", BOUGHT, "EUR", 1000),
        _event("P-2", 2, "BUY", BOUGHT, "EUR", -400, "CCC@XETR", 20),
        _event("P-1", 3, "SUBSCRIPTION", SECOND, "USD", 4000),
    ]
    return Firm(Market(closes, fixings, _flat("1000"), DAYS[-1]), ledger)


def _event(
    code: str,
    number: int,
    kind: str,
    on: date,
    currency: str,
    cash: int,
    key: str | None = None,
    units: int | None = None,
) -> dict[str, Any]:
    return {
        "portfolio": code,
        "kind": kind,
        "effective_on": on,
        "executed_at": datetime(on.year, on.month, on.day, 9, number, tzinfo=UTC),
        "listing": key,
        "units": units,
        "currency": currency,
        "gross_amount": abs(cash),
        "charges": 0,
        "cash_effect": cash,
        "source_reference": f"{code}-{number}",
    }


def _with_fees() -> Firm:
    """The same firm; on the second day P-1 pays a fee of 20 dollars, P-2 one of 10 euro."""
    firm = _firm()
    fees = [
        _event("P-1", 4, "MGMT_FEE", FIRST, "USD", -20),
        _event("P-2", 3, "MGMT_FEE", FIRST, "EUR", -10),
    ]
    return Firm(firm.market, [*firm.ledger, *fees])


@pytest.fixture
def cut() -> Iterator[queries.Cut]:
    with random_firm.loaded(_firm()):
        yield queries.Cut(EVERYTHING)


def _span(cut: queries.Cut, closes: date) -> queries.Span:
    found = queries.span(BOUGHT, closes, "USD", None, cut)
    assert found is not None
    return found


def test_a_day_s_contribution_is_over_the_value_of_all(cut: queries.Cut) -> None:
    told = queries.contributions_of(_span(cut, FIRST))
    parts = {row.listing_key: row.contribution for row in told.listings}
    assert parts["AAA@XNYS"] == pytest.approx(50 / 4000, **EXACTLY)
    assert parts["CCC@XETR"] == pytest.approx(84 / 4000, **EXACTLY)
    assert told.rest == pytest.approx(60 / 4000, **EXACTLY), "600 euro at another rate"
    assert told.total == pytest.approx(194 / 4000, **EXACTLY)
    [euro] = [row for row in told.listings if row.listing_key == "CCC@XETR"]
    assert (euro.price_effect, euro.currency_effect) == (D(40), D(44))


def test_days_are_linked_by_carino(cut: queries.Cut) -> None:
    told = queries.contributions_of(_span(cut, SECOND))
    first, second = 194 / 4000, -110 / 8194
    whole = (1 + first) * (1 + second) - 1
    k = [log1p(first) / first, log1p(second) / second]
    over = log1p(whole) / whole
    parts = {row.listing_key: row.contribution for row in told.listings}
    assert told.total == pytest.approx(whole, **EXACTLY)
    assert parts["AAA@XNYS"] == pytest.approx((50 / 4000 * k[0] + second * k[1]) / over, **EXACTLY)
    assert parts["CCC@XETR"] == pytest.approx(84 / 4000 * k[0] / over, **EXACTLY)
    assert told.rest == pytest.approx(60 / 4000 * k[0] / over, **EXACTLY)


def test_the_bridge_names_what_base_currencies_did(cut: queries.Cut) -> None:
    bridge = queries.value_bridge(queries.contributions_of(_span(cut, SECOND)))
    assert (bridge.opening_value, bridge.inflow, bridge.closing_value) == (
        D(4000),
        D(4000),
        D(8084),
    )
    assert bridge.translation == D(100), "1,000 euro from 1.0 to 1.1 dollars"
    assert bridge.average_unrealised == D(-60) + D(44)
    assert (bridge.average_rest, bridge.dealing_effect) == (D(0), D(0))


def test_effects_by_sector_are_of_the_whole(cut: queries.Cut) -> None:
    told = queries.attributed(_span(cut, FIRST))
    assert told is not None
    basket = 0.5 * 0.1 + 0.2 * 0.21
    energy = basket / 0.7
    wanted = {
        "Energy": ((0.225 - 0.7) * (energy - basket), 134 / 4000 - 0.225 * energy),
        "Materials": (-0.3 * -basket, 0.0),
        "Cash": (0.775 * -basket, 60 / 4000),
    }
    effects = {one.group: (one.allocation, one.selection) for one in told.effects.groups}
    assert effects.keys() == wanted.keys()
    for sector, pair in wanted.items():
        assert effects[sector] == pytest.approx(pair, **EXACTLY), sector
    assert told.effects.active_return == pytest.approx(194 / 4000 - basket, **EXACTLY)


def test_gross_adds_the_fees_of_all_back_before_dividing() -> None:
    second = -110 / 8163
    with random_firm.loaded(_with_fees()):
        cut = queries.Cut(EVERYTHING)
        span = _span(cut, SECOND)
        assert span.days[0].return_net == pytest.approx(163 / 4000, **EXACTLY)
        assert span.net == pytest.approx((1 + 163 / 4000) * (1 + second) - 1, **EXACTLY)
        assert span.gross == pytest.approx((1 + 194 / 4000) * (1 + second) - 1, **EXACTLY)
        told = firm_then(cut, Portfolio.objects.values_list("pk", flat=True))
        firm = {day.valued_on: day for day in told.days() if day.desk_id == FIRM}
        assert firm[FIRST].return_net == pytest.approx(163 / 4000, **EXACTLY)
        assert firm[FIRST].wealth_gross == pytest.approx(1 + 194 / 4000, **EXACTLY)
        assert firm[SECOND].wealth_gross == pytest.approx(1 + span.gross, **EXACTLY)


@pytest.mark.parametrize("code", ["P-1", "P-2"])
def test_a_composite_of_one_has_the_gross_return_of_that_one(code: str) -> None:
    with random_firm.loaded(_with_fees()):
        cut = queries.Cut(EVERYTHING)
        alone = Portfolio.objects.get(code=code)
        mine = {one.key: one.gross for one in queries.performance(alone, SECOND, cut=cut).periods}
        book = queries.book_performance(SECOND, alone.base_currency, [alone.pk], cut=cut)
        assert {one.key: one.gross for one in book.periods} == pytest.approx(mine, **EXACTLY)
        span = queries.span(BOUGHT, SECOND, alone.base_currency, [alone.pk], cut)
        assert span is not None
        assert span.gross == pytest.approx(mine["inception"], **EXACTLY)
        if alone.base_currency == "USD":
            *_, last = firm_then(cut, [alone.pk]).days()
            assert last.wealth_gross - 1 == pytest.approx(
                history(alone, LAST, cut).wealth_gross[-1] - 1, **EXACTLY
            )
