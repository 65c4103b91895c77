"""Replay: when the crosswalk learns something, held records are tried again."""

from psycopg import sql

from ingestion.load.days import replace_days
from ingestion.load.load import finish_masters, load_record
from ingestion.models import Batch, ExceptionItem
from ingestion.records import RECORDS
from ingestion.sqlfile import run
from ingestion.staging.part import columns
from ingestion.staging.stage import analyze, table

# New rows of these may map what was unknown.
TEACHERS = frozenset({"identifier", "portfolio_key", "listing", "venue", "portfolio", "fx_fixing"})


def release(records: list[str], batch: Batch) -> list[str]:
    """Loads held records that now find their listing and portfolio; the kinds that were tried."""
    if not TEACHERS.intersection(records):
        return []
    return release_held(batch)


def release_held(batch: Batch) -> list[str]:
    """Tries every held record again; the kinds of record that were tried."""
    states = (ExceptionItem.State.HELD, ExceptionItem.State.RELEASED)
    held = ExceptionItem.objects.filter(state__in=states, staged__isnull=False)
    found = set(held.order_by("record").values_list("record", flat=True).distinct())
    kinds = [record for record in RECORDS if record in found]  # who teaches others comes first
    for record in kinds:
        _stage(record, batch)
        load_record(record, batch.pk)
        batch.released += run(
            "pipeline/sql/80_released.sql", {"table": table(record)}, batch=batch.pk
        )
        run("pipeline/sql/81_still_held.sql", {"table": table(record)}, batch=batch.pk)
    if "holding" in kinds:
        found_now = ExceptionItem.objects.filter(record="holding", settled_in=batch)
        replace_days(batch.pk, found_now.values_list("file_id", flat=True).distinct())
    finish_masters(kinds)
    if "event" in kinds:
        run("pipeline/sql/15_overtaken.sql", batch=batch.pk)
    if kinds:
        batch.save(update_fields=["released"])
    return kinds


def _stage(record: str, batch: Batch) -> None:
    kept = [name for name in columns(record) if name != "batch_id"]
    names = sql.SQL(", ").join(map(sql.Identifier, kept))
    taken = sql.SQL(", ").join(sql.SQL("again.{}").format(sql.Identifier(n)) for n in kept)
    run(
        "pipeline/sql/70_replay.sql",
        {"table": table(record), "columns": names, "values": taken},
        batch=batch.pk,
        record=record,
    )
    analyze(record)
