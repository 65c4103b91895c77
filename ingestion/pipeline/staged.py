"""What is staged becomes facts and is settled: a wave at once, a large file part by part."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from ingestion.definition.model import Definition
from ingestion.landing.land import refuse
from ingestion.load.load import PIECEMEAL, TEACHERS, finish_masters, load_record
from ingestion.models import Batch, SourceFile
from ingestion.pipeline import affected, resend, settle
from ingestion.pipeline.ahead import ahead
from ingestion.pipeline.progress import Progress
from ingestion.pipeline.read import kinds_named, read_parts
from ingestion.quality import repeats
from ingestion.staging import stage
from ingestion.staging.part import Part

# A file of so many bytes is read ahead of its load, and if it may be, loaded part by part.
LARGE_BYTES: Final = 4 * 1024 * 1024


@dataclass
class Outcome:
    """What the loads of a wave came to: outcomes by file, kinds of record, their newest days."""

    tally: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    records: list[str] = field(default_factory=list)
    newest: list[date | None] = field(default_factory=list)


def goes_in_parts(file: SourceFile, definition: Definition) -> bool:
    """True for a large file whose records may be loaded before the last one of them is read.

    Not so where records teach the crosswalk what others of the file need, where they state anew
    what holds since before, where one line gives two records, or where they mend what was held.
    """
    rules = [rule for kind in kinds_named(file, definition) for rule in kind.records]
    return (
        file.size >= LARGE_BYTES
        and all(rule.record in PIECEMEAL and not rule.beside for rule in rules)
        and resend.hand_out(file) is None
    )


def load_parts(
    file: SourceFile, batch: Batch, definition: Definition, progress: Progress
) -> Outcome:
    """Loads a file part by part: the next one is read while the database works on this one.

    For a file that ``goes_in_parts``, when staging was claimed for this load alone.
    Raises FileRefused when the file turns out to be none: its caller takes back what was loaded.
    """
    outcome = Outcome()
    with _reading([file], batch, definition, progress) as parts:
        for part in parts:
            if refusal := part.refused.get(file.pk):
                raise refusal
            records = stage.copy(part)
            for record in set(records) - set(outcome.records):
                stage.analyze(record)
            _load(records, [file], batch, definition, outcome, Progress())
            stage.truncate(records)
    settle.end(outcome.tally, outcome.records, batch)
    return outcome


def load_whole(
    files: list[SourceFile], batch: Batch, definition: Definition, progress: Progress
) -> Outcome:
    """Loads all files at once, but for those that turn out to be none."""
    outcome = Outcome()
    records: list[str] = []
    with _reading(files, batch, definition, progress) as parts:
        for part in parts:
            records = stage.in_order([*records, *stage.copy(part)])
            for file in files:
                if refusal := part.refused.get(file.pk):
                    stage.drop(file.pk, records)
                    refuse(file, refusal, batch)
    for record in records:
        stage.analyze(record)
    _load(records, files, batch, definition, outcome, progress)
    return outcome


@contextmanager
def _reading(
    files: list[SourceFile], batch: Batch, definition: Definition, progress: Progress
) -> Iterator[Iterator[Part]]:
    """The files' parts; read ahead where there is enough of them."""
    parts = read_parts(files, definition, batch.pk, progress)
    if sum(file.size for file in files) < LARGE_BYTES:
        yield parts
        return
    with ahead(parts) as coming:
        yield coming


def _load(
    records: list[str],
    files: list[SourceFile],
    batch: Batch,
    definition: Definition,
    outcome: Outcome,
    progress: Progress,
) -> None:
    mended = resend.adopt(files, records)
    progress.stage("loading", len(records))
    for record in records:
        load_record(record, batch.pk, taught=bool(TEACHERS.intersection(records)))
        progress.advance(1)
    finish_masters(records)
    progress.stage("settling")
    resend.release(batch, mended)
    newest = settle.tally(outcome.tally, records, batch)
    if newest.keys() - {"loaded"}:
        settle.quarantine(records, batch)
        repeats.note(records, batch)
    settle.exceptions(records, batch)
    resend.settle(batch, mended)
    affected.mark_market(batch, affected.cause_of(batch, definition), records)
    outcome.newest += [newest.get("loaded"), newest.get("superseded")]
    outcome.records = stage.in_order([*outcome.records, *records])
