"""One wave: landed files into facts in one transaction, all or nothing."""

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from ingestion.definition.model import Definition
from ingestion.landing.land import refuse
from ingestion.load.days import replace_days
from ingestion.load.load import TEACHERS, finish_masters, load_record
from ingestion.models import Batch, Source, SourceFile
from ingestion.pipeline import affected, replay, resend, settle
from ingestion.pipeline.progress import Progress
from ingestion.pipeline.read import read_file
from ingestion.quality import repeats
from ingestion.sources.rows import FileRefused
from ingestion.staging import stage

WAVE_BYTES = 64 * 1024 * 1024
# One load at a time: facts of different sources meet in the same tables.
LOAD_LOCK = 7_301_001
# With a run's number: that it is alive.
RUN_LOCK = 7_301_002


@dataclass
class Wave:
    """The files of one transaction and what became of them."""

    files: list[SourceFile]
    rejected: list[SourceFile] = field(default_factory=list)


def load_wave(
    batch: Batch,
    definition: Definition,
    *,
    files_max: int = 10_000,
    progress: Progress | None = None,
) -> Wave:
    """Loads the next landed files of the source; a wave without files means nothing is left.

    Any failure rolls everything back: the files stay landed and are taken by the next run.
    """
    with transaction.atomic():
        _show_life(batch)
        lock_load()
        wave = Wave(_next_files(batch, files_max))
        if wave.files:
            _load(wave, batch, definition, progress or Progress())
    return wave


def _show_life(batch: Batch) -> None:
    """Holds a lock on the run's number while it waits and loads, which may take long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [RUN_LOCK, batch.pk])


def lock_load() -> None:
    """Waits until no other load is under way; ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])
        # A load joins and sorts whole files; there is one at a time.
        cursor.execute("SET LOCAL work_mem = '128MB'")


def abandoned_files(source: Source) -> QuerySet[SourceFile]:
    """Landed files whose run has ended without loading them: it failed or was killed."""
    return SourceFile.objects.filter(source=source, status=SourceFile.Status.LANDED).exclude(
        batch__state=Batch.State.RUNNING
    )


def files_for(batch: Batch) -> QuerySet[SourceFile]:
    """Landed files that this run may load: its own and abandoned ones, never a living run's."""
    landed = SourceFile.objects.filter(source_id=batch.source_id, status=SourceFile.Status.LANDED)
    return landed.filter(Q(batch=batch) | ~Q(batch__state=Batch.State.RUNNING))


def _next_files(batch: Batch, files_max: int) -> list[SourceFile]:
    """Landed files in order of arrival, until there are enough bytes."""
    waiting = files_for(batch).select_for_update(of=("self",)).order_by("pk")[:files_max]
    taken: list[SourceFile] = []
    size = 0
    for file in waiting:
        if taken and size + file.size > WAVE_BYTES:
            break
        taken.append(file)
        size += file.size
    return taken


def _load(wave: Wave, batch: Batch, definition: Definition, progress: Progress) -> None:
    progress.stage("reading", sum(file.line_count for file in wave.files))
    with stage.Stager(batch.pk, definition.name) as stager:
        for file in wave.files:
            file.batch = batch
            try:
                read_file(file, definition, stager, progress)
            except FileRefused as refusal:
                refuse(file, refusal, batch)
                wave.rejected.append(file)
            else:
                file.status = SourceFile.Status.LOADED
        records = stager.finish()
    mended = resend.adopt(wave.files, records)
    progress.stage("loading", len(records))
    for record in records:
        load_record(record, batch.pk, taught=bool(TEACHERS.intersection(records)))
        progress.advance(1)
    finish_masters(records)
    progress.stage("settling")
    resend.release(batch, mended)
    settle.quarantine(records, batch)
    settle.count(records, batch, wave.files)
    repeats.note(records, batch)
    resend.settle(batch, mended)
    if complete := [file.pk for file in wave.files if file.states_days]:
        replace_days(batch.pk, complete)
    affected.note(batch, definition, records)
    stage.empty(batch.pk, records)
    replayed = replay.release(records, batch)
    affected.mark(batch, definition, replayed)
    stage.empty(batch.pk, replayed)
