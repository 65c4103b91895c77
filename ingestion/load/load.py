"""Loads what is staged into the facts, record by record, set by set."""

from psycopg import sql

from ingestion.crosswalk.issuers import load_issuers
from ingestion.load.events import are_odd, load_events
from ingestion.load.mappings import load_mappings
from ingestion.load.versions import VERSIONED, load_versioned
from ingestion.records import RECORDS
from ingestion.sqlfile import fetch, run
from ingestion.staging.stage import table

# What new rows of these say may answer a code or key that was looked up before.
TEACHERS = frozenset({"identifier", "portfolio_key", "listing", "venue", "portfolio"})
# Facts that teach nobody and state nothing anew: the first of a file may be loaded before the last.
PIECEMEAL = frozenset({"event", "price", "posting", "holding"})


def load_record(record: str, batch_id: int, *, taught: bool = True) -> None:
    """Loads the staged rows of one kind of record; a row without outcome was simply loaded.

    ``taught``: the crosswalk may have changed since the rows were looked up while reading, so
    that all of them are looked up again.
    """
    if record == "event":
        _load_events(batch_id, taught=taught)
        return
    resolve(record, batch_id, taught=taught)
    if record in VERSIONED:
        if record in ("index_level", "index_weight"):
            run("load/sql/master/benchmark.sql", {"staging": table(record)}, batch=batch_id)
        load_versioned(record, batch_id)
    elif record in ("identifier", "portfolio_key"):
        load_mappings(record, batch_id)
    elif record == "listing":
        _load_listings(batch_id)
    else:
        _load_master(record, batch_id)


def finish_masters(records: list[str]) -> None:
    """What follows from new listings, codes and currencies: names of listings, cash."""
    if {"listing", "identifier"} & set(records):
        for key in ("'listing ' || named.id", "named.key"):
            run("load/sql/master/listing_keys.sql", {"key": sql.SQL(key)})
    if {"listing", "portfolio", "fx_fixing", "index_level"} & set(records):
        run("load/sql/master/cash_instrument.sql")
        run("load/sql/master/cash_identifier.sql")


def resolve(record: str, batch_id: int, *, taught: bool) -> None:
    """Looks up the listings and portfolios of staged records; those without are marked so."""
    if not (RECORDS[record].listing or RECORDS[record].portfolio):
        return
    names: dict[str, sql.Composable] = {"table": table(record)}
    if not (taught or _are_open(names, batch_id)):
        return
    if RECORDS[record].listing:
        run("crosswalk/sql/110_resolve_listing.sql", names, batch=batch_id, again=taught)
    if RECORDS[record].portfolio:
        run("crosswalk/sql/120_resolve_portfolio.sql", names, batch=batch_id, again=taught)
    run("crosswalk/sql/130_known_since.sql", names, batch=batch_id)


def _are_open(names: dict[str, sql.Composable], batch_id: int) -> bool:
    """True when the crosswalk still has to answer for a staged record of that table."""
    [(are_open,)] = fetch("crosswalk/sql/108_open.sql", names, batch=batch_id)
    return bool(are_open)


def _load_events(batch_id: int, *, taught: bool) -> None:
    odd = are_odd(batch_id)
    if odd:
        run("load/sql/event/10_nameless.sql", batch=batch_id)
    resolve("event", batch_id, taught=taught)
    load_events(batch_id, odd=odd)


def _load_listings(batch_id: int) -> None:
    for step in ("listing_known", "instrument", "listing", "listing_codes"):
        run(f"load/sql/master/{step}.sql", batch=batch_id)
    load_issuers(batch_id)


def _load_master(record: str, batch_id: int) -> None:
    if record == "portfolio":
        run("load/sql/master/desk.sql", batch=batch_id)
    name = "session" if record == "market_session" else record
    run(f"load/sql/master/{name}.sql", batch=batch_id)
