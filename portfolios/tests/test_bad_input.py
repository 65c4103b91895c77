"""Bad input is treated visibly: no price, too few units, a price of zero."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import transaction

from portfolios.models import Instrument, Listing
from portfolios.refresh import mark_affected, refresh
from portfolios.tests.support.compare import CENT

Connect = Callable[..., psycopg.Connection]

DAY = date(2025, 12, 30)
TRADE = """
    INSERT INTO transaction (portfolio_id, kind, effective_on, listing_id, units, currency,
           gross_amount, charges, cash_effect, price_unit, second_currency, remark, source,
           source_reference, source_version, known_from, batch_id, file_id, line_no)
    SELECT o.id, %s, %s, l.id, %s, 'USD', %s, 0, %s, 'USD', '', '', 'blotter', %s, 1, now(), 1, 1, 1
      FROM portfolio o, listing l WHERE o.code = 'HA-02' AND l.key = %s
"""
POSITION = """
    SELECT p.units, p.price, p.base_value, p.average_cost
      FROM rollup.position_daily p JOIN listing l ON l.id = p.listing_id
      JOIN portfolio o ON o.id = p.portfolio_id
     WHERE o.code = 'HA-02' AND l.key = %s AND p.valued_on = %s
"""
PORTFOLIO = """
    SELECT d.net_asset_value, d.unpriced_holdings, d.day_pnl,
           d.average_realised + d.average_unrealised - d.fifo_realised - d.fifo_unrealised
      FROM rollup.portfolio_day d JOIN portfolio o ON o.id = d.portfolio_id
     WHERE o.code = 'HA-02' AND d.valued_on = %s
"""


@pytest.fixture
def owner(connect_as: Connect, figures: str, as_worker: None) -> psycopg.Connection:
    """A superuser's connection to the refreshed case, autocommitting."""
    return connect_as("superuser", autocommit=True)


def _refresh(**what: Any) -> None:
    with transaction.atomic():
        mark_affected(from_on=DAY, batch_id=1, cause="bad input", **what)
    refresh(cause="bad input")


def _one(owner: psycopg.Connection, query: str, *parameters: object) -> tuple[Any, ...]:
    found = owner.execute(query, parameters).fetchone()
    assert found is not None
    return found


def test_a_holding_without_any_price_has_no_value_and_is_counted(
    owner: psycopg.Connection,
) -> None:
    instrument = Instrument.objects.create(name="Never priced", security_type="Equity")
    Listing.objects.create(
        key="NONE@XNYS", instrument=instrument, quote_unit="USD", price_currency="USD"
    )
    before = _one(owner, PORTFOLIO, DAY)
    owner.execute(TRADE, ["BUY", DAY, 100, 5000, -5000, "UNPRICED", "NONE@XNYS"])
    _refresh()
    assert _one(owner, POSITION, "NONE@XNYS", DAY) == (100, None, None, 5000)
    after = _one(owner, PORTFOLIO, DAY)
    assert after[1] == before[1] + 1
    assert abs(before[0] - after[0] - 5000) <= CENT


def test_an_oversold_quantity_is_seen_and_never_a_value(owner: psycopg.Connection) -> None:
    [held] = _one(owner, "SELECT units FROM (" + POSITION.rstrip() + ") p", "ZLUM@XNAS", DAY)[:1]
    sold = held + 500
    owner.execute(TRADE, ["SELL", DAY, -sold, 90000, 90000, "OVERSOLD", "ZLUM@XNAS"])
    _refresh()
    units, price, value, cost = _one(owner, POSITION, "ZLUM@XNAS", DAY)
    assert units == Decimal(-500)
    assert price > 0
    assert (value, cost) == (0, 0)
    assert abs(_one(owner, PORTFOLIO, DAY)[3]) < Decimal("1e-8")


def test_a_price_of_zero_is_no_price_the_last_good_one_stands(owner: psycopg.Connection) -> None:
    price = "SELECT price, priced_on FROM price_daily JOIN listing l ON l.id = listing_id"
    price += " WHERE l.key = 'ZORB@XNYS' AND valued_on = %s"
    before = _one(owner, price, date(2025, 12, 29))
    owner.execute(
        "UPDATE price SET price = 0 WHERE priced_on = %s AND listing_id ="
        " (SELECT id FROM listing WHERE key = 'ZORB@XNYS')",
        [DAY],
    )
    _refresh()
    assert _one(owner, price, DAY) == before
