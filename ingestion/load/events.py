"""Loads events: every version is registered, those that take effect become ledger entries."""

from typing import Final

from psycopg import sql

from ingestion.sqlfile import fetch, run

STAYS: Final = sql.SQL("ON CONFLICT (source, reference, version) DO NOTHING")
NONE_TAKEN: Final = sql.SQL("")


def are_odd(batch_id: int) -> bool:
    """True when a staged event names no instrument, or a currency that nobody knows."""
    [(odd,)] = fetch("load/sql/event/05_odd.sql", batch=batch_id)
    return bool(odd)


def load_events(batch_id: int, *, odd: bool) -> None:
    """Loads the staged events, whose listings and portfolios were looked up before.

    Where each is the only one of its reference, they are compared with nothing.
    """
    if odd:
        run("load/sql/event/20_currency.sql", batch=batch_id)
    [(alone,)] = fetch("load/sql/event/28_alone.sql", batch=batch_id)
    if alone:
        run("load/sql/event/30_register.sql", {"if_taken": NONE_TAKEN}, batch=batch_id)
    else:
        _register(batch_id)
    run("load/sql/event/50_insert.sql", batch=batch_id)
    run("load/sql/event/55_touched.sql", batch=batch_id)
    if not alone:
        run("load/sql/event/58_renewed.sql", batch=batch_id)
        run("load/sql/event/60_windows.sql", batch=batch_id)
        run("load/sql/event/70_outcome.sql", batch=batch_id)


def _register(batch_id: int) -> None:
    """Registers versions of which some may be known, or staged twice.

    Only where one is, repetitions are looked for; of equal ones the first delivered is taken.
    """
    [(wanted,)] = fetch("load/sql/event/25_wanted.sql", batch=batch_id)
    if run("load/sql/event/30_register.sql", {"if_taken": STAYS}, batch=batch_id) < wanted:
        run("load/sql/event/40_repeats.sql", batch=batch_id)
    run("load/sql/event/35_freed.sql", batch=batch_id)
