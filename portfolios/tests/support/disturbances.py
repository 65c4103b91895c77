"""What the world does to facts after they were valued: each thing as an ingest would enter it.

Each function changes facts at random, as the superuser, and returns what the refresh must be told.
"""

from collections.abc import Callable
from random import Random
from typing import Any

import psycopg

Marks = dict[str, Any]
Disturbance = Callable[[psycopg.Connection, Random], Marks]

TRADED_ON = """
    SELECT t.portfolio_id, t.listing_id, d.valued_on, p.price, p.currency
      FROM (SELECT DISTINCT portfolio_id, listing_id FROM transaction
             WHERE kind = 'BUY' AND known_to IS NULL) AS t
      JOIN portfolio o     ON o.id = t.portfolio_id
      JOIN price_daily p   ON p.listing_id = t.listing_id AND p.currency = o.base_currency
      JOIN valuation_day d ON d.valued_on = p.valued_on AND d.valued_on >= o.opened_on
     ORDER BY hashtextextended(format('%%s %%s %%s', o.code, t.listing_id, d.valued_on), %(seed)s)
     LIMIT 1
"""
TRADE = """
    INSERT INTO transaction (
           portfolio_id, kind, effective_on, listing_id, units, currency, gross_amount, charges,
           cash_effect, price_unit, second_currency, remark, source, source_reference,
           source_version, known_from, batch_id, file_id, line_no)
    VALUES (%(portfolio)s, %(kind)s, %(on)s, %(listing)s, %(units)s, %(currency)s, %(gross)s, 1,
            %(cash)s, %(currency)s, '', '', 'blotter', %(reference)s, 1, now(), 1, 1, 1)
"""
CANCEL = """
    UPDATE transaction SET known_to = now()
     WHERE id = (SELECT id FROM transaction WHERE known_to IS NULL AND kind = ANY (%(kinds)s)
                  ORDER BY hashint8extended(id, %(seed)s) LIMIT 1)
 RETURNING portfolio_id, effective_on
"""
RESTATE_PRICE = """
    WITH old AS (
        UPDATE price SET known_to = now()
         WHERE id = (SELECT id FROM price WHERE known_to IS NULL AND priced_on > '2024-01-10'
                      ORDER BY hashint8extended(id, %(seed)s) LIMIT 1)
     RETURNING listing_id, priced_on, price, unit, revision)
    INSERT INTO price (listing_id, priced_on, price, unit, revision, known_from, batch_id,
                       file_id, line_no)
    SELECT listing_id, priced_on, price * %(factor)s::numeric, unit, revision + 1, now(), 1, 1, 1
      FROM old
 RETURNING listing_id, priced_on
"""
WITHDRAW_PRICE = """
    UPDATE price SET known_to = now()
     WHERE id = (SELECT id FROM price WHERE known_to IS NULL AND priced_on > '2024-01-10'
                  ORDER BY hashint8extended(id, %(seed)s) LIMIT 1)
 RETURNING listing_id, priced_on
"""
RESTATE_FIXING = """
    WITH old AS (
        UPDATE fx_fixing SET known_to = now()
         WHERE id = (SELECT id FROM fx_fixing WHERE known_to IS NULL AND fixed_on > '2024-01-10'
                      ORDER BY hashint8extended(id, %(seed)s) LIMIT 1)
     RETURNING base_currency, quote_currency, fixed_on, rate)
    INSERT INTO fx_fixing (base_currency, quote_currency, fixed_on, rate, known_from, batch_id,
                           file_id, line_no)
    SELECT base_currency, quote_currency, fixed_on, rate * %(factor)s::numeric, now(), 1, 1, 1
      FROM old
 RETURNING CASE WHEN base_currency = 'USD' THEN quote_currency ELSE base_currency END, fixed_on
"""
NEW_DAY = """
    INSERT INTO price (listing_id, priced_on, price, unit, revision, known_from, batch_id,
                       file_id, line_no)
    SELECT DISTINCT ON (listing_id)
           listing_id, day.next_on, price * %(factor)s::numeric, unit, 0, now(), 1, 1, 1
      FROM price,
           (SELECT max(priced_on)
                   + CASE extract(isodow FROM max(priced_on)) WHEN 5 THEN 3 ELSE 1 END AS next_on
              FROM price WHERE known_to IS NULL) AS day
     WHERE known_to IS NULL
     ORDER BY listing_id, priced_on DESC, revision DESC
 RETURNING listing_id, priced_on
"""
RESTATE_INDEX = """
    UPDATE index_level SET level = level * %(factor)s::numeric
     WHERE id = (SELECT id FROM index_level WHERE known_to IS NULL
                  ORDER BY hashint8extended(id, %(seed)s) LIMIT 1)
 RETURNING level_on
"""


def _one(owner: psycopg.Connection, query: str, **parameters: Any) -> tuple[Any, ...]:
    row = owner.execute(query, parameters).fetchone()
    assert row is not None
    return row


def _seed(rng: Random) -> int:
    return rng.randrange(1, 1 << 40)


def _factor(rng: Random) -> str:
    return f"{rng.uniform(0.9, 1.1):.6f}"


def late_trade(owner: psycopg.Connection, rng: Random) -> Marks:
    """A purchase or a sale turns up on a day long valued."""
    portfolio, listing, on, price, currency = _one(owner, TRADED_ON, seed=_seed(rng))
    sign = rng.choice([1, -1])
    trade = {
        "portfolio": portfolio, "listing": listing, "on": on, "currency": currency,
        "kind": "BUY" if sign > 0 else "SELL", "units": 3 * sign, "gross": 3 * price,
        "cash": -sign * 3 * price - 1, "reference": f"late-{_seed(rng)}",
    }  # fmt: skip
    owner.execute(TRADE, trade)
    return {"portfolio_ids": [portfolio], "from_on": on}


def cancelled_event(owner: psycopg.Connection, rng: Random) -> Marks:
    """An event never happened; if it was a portfolio's first, its life begins later."""
    kinds = ["BUY", "SELL", "DIVIDEND", "MGMT_FEE", "SUBSCRIPTION", "TRANSFER_IN", "SPLIT"]
    portfolio, on = _one(owner, CANCEL, kinds=kinds, seed=_seed(rng))
    return {"portfolio_ids": [portfolio], "from_on": on}


def restated_price(owner: psycopg.Connection, rng: Random) -> Marks:
    """A close of the past was another."""
    listing, on = _one(owner, RESTATE_PRICE, seed=_seed(rng), factor=_factor(rng))
    return {"listing_ids": [listing], "from_on": on}


def withdrawn_price(owner: psycopg.Connection, rng: Random) -> Marks:
    """A close of the past never was: the one before it stands longer."""
    listing, on = _one(owner, WITHDRAW_PRICE, seed=_seed(rng))
    return {"listing_ids": [listing], "from_on": on}


def restated_fixing(owner: psycopg.Connection, rng: Random) -> Marks:
    """A fixing of the past was another: costs, flows, values and composites move."""
    currency, on = _one(owner, RESTATE_FIXING, seed=_seed(rng), factor=_factor(rng))
    return {"currencies": [currency], "from_on": on}


def new_day(owner: psycopg.Connection, rng: Random) -> Marks:
    """The next weekday's closes arrive; a holiday's wait for the session after it."""
    rows = owner.execute(NEW_DAY, {"factor": _factor(rng)}).fetchall()
    return {"listing_ids": [listing for listing, _ in rows], "from_on": rows[0][1]}


def restated_index(owner: psycopg.Connection, rng: Random) -> Marks:
    """A level of the benchmark was another."""
    (on,) = _one(owner, RESTATE_INDEX, seed=_seed(rng), factor=_factor(rng))
    return {"index_levels": True, "from_on": on}


ALL: tuple[Disturbance, ...] = (
    late_trade,
    cancelled_event,
    restated_price,
    withdrawn_price,
    restated_fixing,
    new_day,
    restated_index,
)
