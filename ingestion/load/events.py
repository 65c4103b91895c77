"""Loads events: every version is registered, those that take effect become ledger entries."""

from ingestion.sqlfile import fetch, run

REST = ("50_insert", "55_touched", "58_renewed", "60_windows", "70_outcome")


def load_events(batch_id: int) -> None:
    """Loads the staged events, whose listings and portfolios were looked up before.

    Registering counts on every version being new; only where one is not, repetitions are looked
    for. Of equal ones the first delivered is taken.
    """
    run("load/sql/event/20_currency.sql", batch=batch_id)
    [(wanted,)] = fetch("load/sql/event/25_wanted.sql", batch=batch_id)
    if run("load/sql/event/30_register.sql", batch=batch_id) < wanted:
        run("load/sql/event/40_repeats.sql", batch=batch_id)
    run("load/sql/event/35_freed.sql", batch=batch_id)
    for step in REST:
        run(f"load/sql/event/{step}.sql", batch=batch_id)
