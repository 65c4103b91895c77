"""The second content of a record, taken instead of the first because a person said so."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from psycopg import sql

from helio.audit import actions as audit
from ingestion.load.load import load_record, resolve
from ingestion.load.versions import end_first
from ingestion.models import Batch, ExceptionItem, WorkRequest
from ingestion.pipeline import affected
from ingestion.pipeline.definitions import definition_of
from ingestion.pipeline.wave import lock_load
from ingestion.sqlfile import fetch, run
from ingestion.staging import stage
from ingestion.staging.part import columns

CODE = "CONFLICTING_RECORD"


class CannotTake(Exception):
    """The record cannot take the first one's place; the message says why."""


@transaction.atomic
def take_instead(request: WorkRequest) -> Batch:
    """The batch in which the record took the first one's place, known from now.

    Under the same number and version, so that the source's next version replaces both. All or
    nothing: CannotTake when it was settled meanwhile, or still lacks a mapping.
    """
    lock_load()
    items = ExceptionItem.objects.select_for_update(of=("self",))
    item = items.filter(workrequest=request).first()
    if item is None or item.code != CODE or not item.is_open or item.staged is None:
        raise CannotTake("It was settled meanwhile, so nothing was changed.")
    at = timezone.now()
    batch = Batch.objects.create(
        source=request.source,
        started_by=request.asked_by.get_username(),
        sentence=f"{item.reference}: the other content was taken.",
    )
    _load(item, batch, at)
    affected.mark(batch, definition_of(request.source), [item.record])
    stage.empty(batch.pk, [item.record])
    _settle(item, request, batch, at)
    return batch


def _load(item: ExceptionItem, batch: Batch, at: datetime) -> None:
    record = item.record
    names = _names(record)
    run("load/sql/take/10_stage.sql", names, batch=batch.pk, item=item.pk)
    stage.analyze(record)
    resolve(record, batch.pk, taught=True)
    if record == "event":
        run("load/sql/take/30_end_entry.sql", batch=batch.pk, at=at)
    else:
        end_first(record, batch.pk, at)
    run("load/sql/take/40_known_now.sql", names, batch=batch.pk, at=at)
    load_record(record, batch.pk)
    if record == "event":
        run("pipeline/sql/104_replaced.sql", batch=batch.pk)
        run("load/sql/take/50_known_first.sql", batch=batch.pk)
    for (sentence,) in fetch("load/sql/take/60_judged.sql", names, batch=batch.pk):
        raise CannotTake(sentence)


def _names(record: str) -> dict[str, sql.Composable]:
    kept = [name for name in columns(record) if name != "batch_id"]
    return {
        "table": stage.table(record),
        "columns": sql.SQL(", ").join(map(sql.Identifier, kept)),
        "values": sql.SQL(", ").join(sql.SQL("again.{}").format(sql.Identifier(n)) for n in kept),
    }


def _settle(item: ExceptionItem, request: WorkRequest, batch: Batch, at: datetime) -> None:
    item.state, item.outcome = ExceptionItem.State.TAKEN, "taken instead of the first"
    item.settled_at, item.settled_in = at, batch
    item.settled_by, item.note = request.asked_by, request.reason
    item.save(update_fields=["state", "outcome", "settled_at", "settled_in", "settled_by", "note"])
    batch.state, batch.ended_at, batch.released = Batch.State.DONE, at, 1
    batch.save(update_fields=["state", "ended_at", "released"])
    audit.record(
        action="record taken instead of the first",
        object=item.reference,
        by=None,
        asked_by=request.asked_by.get_username(),
        reason=request.reason,
        exception=item.pk,
        batch=batch.pk,
    )
