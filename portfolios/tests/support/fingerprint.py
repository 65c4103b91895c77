"""Fingerprints of derived tables and rollups: equal when every row is, whatever wrote them."""

import psycopg

DERIVED = {
    "valuation_day": "valued_on",
    "price_daily": "listing_id, valued_on",
    "fx_daily": "currency, valued_on",
    "holding_state": "portfolio_id, listing_id, from_on",
    "activity_daily": "portfolio_id, valued_on",
    "listing_activity": "portfolio_id, valued_on, listing_id",
    "portfolio_life": "portfolio_id",
    "position_daily": "portfolio_id, valued_on, listing_id",
}
ROLLUPS = {
    "portfolio_day": "portfolio_id, valued_on",
    "exposure_day": "portfolio_id, valued_on, breakdown, bucket",
    "benchmark_day": "portfolio_id, valued_on",
    "composite_day": "desk_id, valued_on",
    "firm_mover_day": "valued_on, listing_id",
}


def rows(connection: psycopg.Connection) -> dict[str, str]:
    """Hash of the rows of each table and each pair of rollups, read by the superuser."""
    found = {
        name: _hash(connection, f"SELECT t::text AS row FROM {name} t ORDER BY {key}")
        for name, key in DERIVED.items()
    }
    for name, key in ROLLUPS.items():
        both = f"SELECT * FROM rollup.{name}_closed UNION ALL SELECT * FROM rollup.{name}_open"
        query = f"SELECT t::text AS row FROM ({both}) t ORDER BY {key}"
        found[name] = _hash(connection, query)
    return found


def writes(connection: psycopg.Connection) -> dict[str, str]:
    """Hash of which transaction wrote each row: equal when nothing was written."""
    return {
        name: _hash(connection, f"SELECT t.xmin::text AS row FROM {name} t ORDER BY {key}")
        for name, key in DERIVED.items()
        if name != "position_daily"
    } | {"position_daily": _hash(connection, POSITION_WRITERS)}


# A partitioned table has no xmin of its own to show; its rows do.
POSITION_WRITERS = """
    SELECT t.xmin::text AS row FROM position_daily t ORDER BY portfolio_id, valued_on, listing_id
"""


def _hash(connection: psycopg.Connection, query: str) -> str:
    row = connection.execute(f"SELECT md5(string_agg(row, E'\\n')) FROM ({query}) q").fetchone()
    assert row is not None
    return str(row[0])
