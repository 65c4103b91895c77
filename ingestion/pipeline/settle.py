"""After a load: what could not take effect goes to quarantine, and the counts must add up."""

from collections import Counter
from datetime import date

from django.db import connection
from psycopg import sql

from ingestion.load.versions import target
from ingestion.models import Batch, SourceFile
from ingestion.pipeline.affected import business_day
from ingestion.sqlfile import fetch, run
from ingestion.staging.part import columns
from ingestion.staging.stage import table

# How many records of each file came to which outcome.
Tally = dict[int, Counter[str]]
# The newest day that records of an outcome speak of.
Newest = dict[str, date | None]
OUTCOMES = ("loaded", "superseded", "duplicate", "quarantined", "rejected")


def tally(found: Tally, records: list[str], batch: Batch) -> Newest:
    """Adds what became of the staged records; the newest day they speak of, by outcome.

    An outcome that is missing there was none's.
    """
    newest: Newest = {}
    for record in records:
        names: dict[str, sql.Composable] = {"table": table(record), "day": business_day(record)}
        for file_id, outcome, number, day in fetch(
            "pipeline/sql/30_counts.sql", names, batch=batch.pk
        ):
            found[file_id][outcome] += number
            newest[outcome] = max(filter(None, [newest.get(outcome), day]), default=None)
    for file_id, number in fetch("pipeline/sql/40_reject_counts.sql", batch=batch.pk):
        found[file_id]["rejected"] += number
    return newest


def quarantine(records: list[str], batch: Batch) -> None:
    """Writes every held record to the exceptions."""
    for record in records:
        kept = [name for name in columns(record) if name != "batch_id"]
        pairs = sql.SQL(", ").join(
            sql.SQL("{}, staged.{}").format(sql.Literal(name), sql.Identifier(name))
            for name in kept
        )
        run(
            "pipeline/sql/10_quarantine.sql",
            {"table": table(record), "pairs": pairs},
            batch=batch.pk,
            source=batch.source_id,
            record=record,
        )


def exceptions(records: list[str], batch: Batch) -> None:
    """Writes every unreadable line to the exceptions, and releases what was overtaken there."""
    if "event" in records:
        run("pipeline/sql/15_overtaken.sql", batch=batch.pk)
    run("pipeline/sql/20_rejects.sql", batch=batch.pk, source=batch.source_id)


def end(found: Tally, records: list[str], batch: Batch) -> None:
    """Counts as superseded what a later part of its own file has ended."""
    for record in records:
        statement = "32_ended_events" if record == "event" else "34_ended_versions"
        names = {} if record == "event" else {"target": target(record)}
        for file_id, number in fetch(f"pipeline/sql/{statement}.sql", names, batch=batch.pk):
            found[file_id]["loaded"] -= number - found[file_id]["superseded"]
            found[file_id]["superseded"] = number


def count(found: Tally, batch: Batch, files: list[SourceFile]) -> None:
    """Adds what became of each file's records to the file and to the batch."""
    for file in files:
        if file.status == SourceFile.Status.LOADED:
            for outcome in OUTCOMES:
                setattr(file, outcome, found[file.pk][outcome])
            file.received = sum(found[file.pk].values())
    SourceFile.objects.bulk_update(
        files,
        ["batch", "kind", "made_at", "sequence", "states_days", "status", "received", *OUTCOMES],
        batch_size=500,
    )
    _add_to_batch(batch, files)


def _add_to_batch(batch: Batch, files: list[SourceFile]) -> None:
    for name in ("received", *OUTCOMES):
        setattr(batch, name, getattr(batch, name) + sum(getattr(file, name) for file in files))
    batch.files_loaded += sum(file.status == SourceFile.Status.LOADED for file in files)
    batch.files_rejected += sum(file.status == SourceFile.Status.REJECTED for file in files)
    save(batch)


def save(batch: Batch) -> None:
    """Saves the counts and says that the batch is alive."""
    fields = ["received", *OUTCOMES, "released"]
    fields += ["files_received", "files_loaded", "files_duplicate", "files_rejected"]
    batch.save(update_fields=fields)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE batch SET heard_at = clock_timestamp() WHERE id = %s", [batch.pk])


def settle_repeats(batch: Batch) -> None:
    """Counts repeated deliveries by what their originals held, and notes those under a new name."""
    run("pipeline/sql/50_repeat_counts.sql", batch=batch.pk)
    run("pipeline/sql/60_repeat_exceptions.sql", batch=batch.pk)
    repeats = SourceFile.objects.filter(batch=batch, status=SourceFile.Status.DUPLICATE)
    batch.files_duplicate = repeats.filter(parent=None).count()
    for file in repeats:
        batch.received += file.received
        batch.duplicate += file.duplicate
    save(batch)
