"""Held records tried again because somebody asked: a run without files."""

from django.db import DatabaseError, transaction
from django.utils import timezone

from ingestion.models import Batch, Source
from ingestion.pipeline import affected, replay
from ingestion.pipeline.definitions import definition_of
from ingestion.pipeline.wave import lock_load
from ingestion.staging import stage


def replay_held(source: Source, *, by: str) -> Batch:
    """The finished batch: what was held and finds its mapping now took effect, all or nothing."""
    batch = Batch.objects.create(source=source, started_by=by)
    try:
        _replay(batch, source)
    except DatabaseError as error:
        Batch.objects.filter(pk=batch.pk).update(
            state=Batch.State.FAILED,
            ended_at=timezone.now(),
            sentence=f"Held records could not be tried again: {error}"[:1000],
        )
        raise
    return batch


@transaction.atomic
def _replay(batch: Batch, source: Source) -> None:
    lock_load()
    kinds = replay.release_held(batch)
    affected.mark(batch, definition_of(source), kinds)
    stage.empty(batch.pk, kinds)
    batch.state, batch.ended_at = Batch.State.DONE, timezone.now()
    batch.sentence = f"Held records tried again: {batch.released} took effect."
    batch.save(update_fields=["state", "ended_at", "sentence"])
