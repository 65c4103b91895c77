"""Reads one landed file into staging by its definition."""

import fnmatch
from datetime import datetime

from ingestion.crosswalk.lookup import Lookup
from ingestion.definition.model import Definition, FileKind
from ingestion.landing.text import LandedText
from ingestion.mapping.expressions import FieldProblem
from ingestion.mapping.mapper import Mapper
from ingestion.mapping.values import instant
from ingestion.models import SourceFile
from ingestion.pipeline.progress import Progress
from ingestion.pipeline.resend import hand_out, options_for
from ingestion.sources import KINDS
from ingestion.sources.rows import FileRefused, Frame, Reading, frames
from ingestion.staging.stage import Stager


def read_file(file: SourceFile, definition: Definition, stager: Stager, progress: Progress) -> None:
    """Stages the file's records and rejects; FileRefused when the file is not taken at all.

    Fills the file's kind, sequence and time of making from its header.
    """
    try:
        kind, reading = _recognise(file, definition, stager)
        _head(file, kind, reading.header)
        mapper, lookup = Mapper(definition, kind, reading.header), Lookup(stager.settled)
        for rows, rejects in reading.chunks:
            progress.advance(len(rows) + len(rejects), rows=len(rows))
            for reject in rejects:
                stager.reject(file.pk, reject)
            for frame in frames(rows):
                _stage(file.pk, frame, mapper, lookup, stager)
    except FileRefused:
        stager.drop(file.pk)
        raise


def _stage(file_id: int, frame: Frame, mapper: Mapper, lookup: Lookup, stager: Stager) -> None:
    blocks, rejects = mapper.map(frame)
    for reject in rejects:
        stager.reject(file_id, reject)
    for block in blocks:
        lookup.resolve(block)
        stager.add(file_id, block)


def _recognise(
    file: SourceFile, definition: Definition, stager: Stager
) -> tuple[FileKind, Reading]:
    """The first kind of file that the name and the file's own header fit."""
    named = [kind for kind in definition.files if fnmatch.fnmatch(file.name, kind.pattern)]
    refusal: FileRefused | None = None
    for kind in named:
        try:
            stager.settled()
            options = options_for(file, kind)
            text = LandedText(file.pk, stager.settled)
            reading = KINDS[kind.format_kind].open_file(text, options)
        except FileRefused as error:
            refusal = refusal or error
            continue
        if all(reading.header.get(key) == word for key, word in kind.recognise.items()):
            return kind, reading
    if refusal is not None:
        raise refusal
    names = ", ".join(kind.name for kind in named)
    raise FileRefused("UNKNOWN_FILE", f"the file says it is none of: {names}")


def _head(file: SourceFile, kind: FileKind, header: dict[str, str]) -> None:
    file.kind = kind.name
    # Mended lines that come back are never all of a day.
    file.states_days = kind.states_days and hand_out(file) is None
    file.sequence = (header.get(kind.sequence) or "")[:20] if kind.sequence else ""
    file.made_at = _made_at(header.get(kind.made_at, ""), kind) if kind.made_at else None


def _made_at(text: str, kind: FileKind) -> datetime:
    try:
        return instant(kind.style.instant_text(text))
    except FieldProblem as problem:
        raise FileRefused("BAD_HEADER", f"time of making: {problem}") from problem
