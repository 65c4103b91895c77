"""Fingerprints of derived tables and rollups: equal when every row is, whatever wrote them."""

import psycopg

TABLES = {
    "valuation_day": "valued_on",
    "price_daily": "listing_id, valued_on",
    "fx_daily": "currency, valued_on",
    "holding_state": "portfolio_id, listing_id, from_on",
    "activity_daily": "portfolio_id, valued_on",
    "listing_activity": "portfolio_id, valued_on, listing_id",
    "portfolio_life": "portfolio_id",
    "portfolio_gap": "portfolio_id",
    "base_price_daily": "listing_id, base_currency, valued_on",
    "rollup.portfolio_day": "portfolio_id, valued_on",
    "rollup.position_open": "portfolio_id, valued_on, listing_id",
    "rollup.composite_sum": "desk_id, valued_on",
    "rollup.firm_mover_day": "valued_on, listing_id",
}
VIEWS = {
    "rollup.position_daily": "portfolio_id, valued_on, listing_id",
    "rollup.position_served": "portfolio_id, valued_on, listing_id",
    "rollup.exposure_day": "portfolio_id, valued_on, breakdown, bucket",
    "rollup.index_day": "valued_on",
    "rollup.benchmark_day": "portfolio_id, valued_on",
    "rollup.composite_day": "desk_id, valued_on",
}


def rows(connection: psycopg.Connection) -> dict[str, str]:
    """Hash of the rows of each derived table and each rollup, read by the superuser."""
    return {
        name: _hash(connection, f"SELECT t::text AS row FROM {name} t ORDER BY {key}")
        for name, key in (TABLES | VIEWS).items()
    }


def writes(connection: psycopg.Connection) -> dict[str, str]:
    """Hash of which transaction wrote each row: equal when nothing was written."""
    return {
        name: _hash(connection, f"SELECT t.xmin::text AS row FROM {name} t ORDER BY {key}")
        for name, key in TABLES.items()
    }


def _hash(connection: psycopg.Connection, query: str) -> str:
    row = connection.execute(f"SELECT md5(string_agg(row, E'\\n')) FROM ({query}) q").fetchone()
    assert row is not None
    return str(row[0])
