"""A run: deliveries of one source landed, loaded and settled, as one batch."""

from collections.abc import Iterable
from datetime import timedelta
from time import monotonic

import structlog
from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone

from helio.garbage import collected_rarely
from ingestion.crosswalk import unmapped
from ingestion.definition.model import Definition
from ingestion.landing.delivery import Delivery
from ingestion.landing.land import land, refuse
from ingestion.models import Batch, Source, SourceFile
from ingestion.pipeline import settle
from ingestion.pipeline.definitions import definition_of
from ingestion.pipeline.progress import Progress
from ingestion.pipeline.wave import RUN_LOCK, abandoned_files, files_for, load_wave
from ingestion.sources.rows import FileRefused
from ingestion.sqlfile import run

log = structlog.get_logger(__name__)

# A batch that shows no life for this long was killed; its files are taken by the next one. While
# it loads it cannot show life, but then its files are locked, and nobody else can take them.
SILENT = timedelta(seconds=30)
HEARTBEAT_SECONDS = 5.0


def ingest(
    source: Source,
    deliveries: Iterable[Delivery],
    *,
    by: str,
) -> Batch | None:
    """The finished batch; None when nothing arrived and nothing was waiting.

    Files that an interrupted run left landed are loaded first. Raises what went wrong in the
    database itself, after recording it; a bad file is never an error.
    """
    deliveries = list(deliveries)
    _bury_the_dead(source)
    if not deliveries and not abandoned_files(source).exists():
        return None
    definition = definition_of(source)
    batch = Batch.objects.create(source=source, started_by=by)
    progress = Progress(batch.pk)
    try:
        with collected_rarely():
            _land_all(batch, definition, deliveries, progress)
            _load_all(batch, definition, progress)
        _finish(batch, definition)
    except Exception as error:
        _fail(batch, error)
        raise
    finally:
        progress.done()
    return batch


def _land_all(
    batch: Batch, definition: Definition, deliveries: list[Delivery], progress: Progress
) -> None:
    heard = monotonic()
    progress.stage("landing", len(deliveries))
    for delivery in deliveries:
        land(batch, definition, delivery)
        progress.advance(1)
        if monotonic() - heard > HEARTBEAT_SECONDS:
            settle.save(batch)
            heard = monotonic()


def _load_all(batch: Batch, definition: Definition, progress: Progress) -> None:
    """Loads wave by wave; when a wave fails, file by file, so that one poison stops no other."""
    files_max = 10_000
    while True:
        before = _counters(batch)
        try:
            wave = load_wave(batch, definition, files_max=files_max, progress=progress)
        except OperationalError:
            raise
        except DatabaseError as error:
            _restore(batch, before)
            if files_max == 1:
                _set_aside(batch, error)
            files_max = 1
            continue
        if not wave.files:
            return


def _counters(batch: Batch) -> dict[str, int]:
    names = ["received", *settle.OUTCOMES, "released", "files_loaded", "files_rejected"]
    return {name: getattr(batch, name) for name in names}


def _restore(batch: Batch, counters: dict[str, int]) -> None:
    for name, value in counters.items():
        setattr(batch, name, value)


def _set_aside(batch: Batch, error: DatabaseError) -> None:
    """Rejects the file at the head of the queue: the database itself cannot take it."""
    log.error("ingest.file_failed", batch=batch.pk, error=str(error))
    with transaction.atomic():
        file = files_for(batch).select_for_update(of=("self",)).order_by("pk").first()
        if file is None:
            return
        reason = str(error).strip().splitlines()[0][:500]
        file.batch = batch
        refuse(
            file,
            FileRefused("LOAD_FAILED", reason, f"The database could not take the file: {reason}"),
            batch,
        )
        batch.files_rejected += 1
        settle.save(batch)


def _finish(batch: Batch, definition: Definition) -> None:
    with transaction.atomic():
        landing_refusals = SourceFile.objects.filter(
            batch=batch, status=SourceFile.Status.REJECTED
        ).count()
        batch.files_rejected = landing_refusals
        settle.settle_repeats(batch)
        unmapped.count()
        batch.state = Batch.State.DONE
        batch.ended_at = timezone.now()
        batch.save(update_fields=["state", "ended_at"])
    log.info("ingest.done", source=definition.name, batch=batch.pk, received=batch.received)


def _fail(batch: Batch, error: Exception) -> None:
    """Records that a run broke off; what it landed is loaded by the next one."""
    try:
        Batch.objects.filter(pk=batch.pk).update(
            state=Batch.State.FAILED,
            ended_at=timezone.now(),
            sentence=f"{type(error).__name__}: {error}"[:1000],
        )
    except DatabaseError:
        log.exception("ingest.failure_not_recorded", batch=batch.pk)


def _bury_the_dead(source: Source) -> None:
    """Marks runs that were killed: their counts are what they had committed, and stay right."""
    before = timezone.now() - SILENT
    run("pipeline/sql/05_interrupted.sql", source=source.pk, before=before, lock=RUN_LOCK)
