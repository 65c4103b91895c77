"""One wave: landed files into facts in one transaction, all or nothing."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from ingestion.definition.model import Definition
from ingestion.landing.land import refuse
from ingestion.load.days import replace_days
from ingestion.load.load import PIECEMEAL
from ingestion.models import Batch, Source, SourceFile
from ingestion.pipeline import affected, replay, settle
from ingestion.pipeline.progress import Progress
from ingestion.pipeline.staged import Outcome, goes_in_parts, load_parts, load_whole
from ingestion.sources.rows import FileRefused
from ingestion.staging import stage

WAVE_BYTES = 64 * 1024 * 1024
# One load at a time: facts of different sources meet in the same tables.
LOAD_LOCK = 7_301_001
# With a run's number: that it is alive.
RUN_LOCK = 7_301_002


@dataclass
class Wave:
    """The files of one transaction."""

    files: list[SourceFile]


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
        wave = Wave(_next_files(batch, definition, files_max))
        if wave.files:
            _load(wave.files, batch, definition, progress or Progress())
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


def _next_files(batch: Batch, definition: Definition, files_max: int) -> list[SourceFile]:
    """Landed files in order of arrival, until there are enough bytes; one in parts by itself."""
    waiting = files_for(batch).select_for_update(of=("self",)).order_by("pk")[:files_max]
    taken: list[SourceFile] = []
    size = 0
    for file in waiting:
        alone = goes_in_parts(file, definition)
        if taken and (alone or size + file.size > WAVE_BYTES):
            break
        taken.append(file)
        size += file.size
        if alone:
            break
    return taken


def _load(
    files: list[SourceFile], batch: Batch, definition: Definition, progress: Progress
) -> None:
    progress.stage("reading", sum(file.line_count for file in files))
    for file in files:
        file.batch, file.status = batch, SourceFile.Status.LOADED
    outcome = _outcome(files, batch, definition, progress)
    progress.stage("settling")
    settle.count(outcome.tally, batch, files)
    if complete := [file.pk for file in files if file.states_days]:
        replace_days(batch.pk, complete)
    affected.mark_touched(batch, affected.cause_of(batch, definition))
    affected.note_newest(batch, definition, outcome.newest)
    stage.empty(batch.pk, outcome.records)
    replayed = replay.release(outcome.records, batch)
    affected.mark(batch, definition, replayed)
    stage.empty(batch.pk, replayed)


def _outcome(
    files: list[SourceFile], batch: Batch, definition: Definition, progress: Progress
) -> Outcome:
    """What became of the files' records, which are facts now."""
    if not (goes_in_parts(files[0], definition) and stage.claim(PIECEMEAL)):
        return load_whole(files, batch, definition, progress)
    try:
        with transaction.atomic():
            return load_parts(files[0], batch, definition, progress)
    except FileRefused as refusal:
        refuse(files[0], refusal, batch)
        return Outcome()
