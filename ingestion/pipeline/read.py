"""Reads landed files into parts to stage, by their definition."""

import fnmatch
from collections.abc import Generator, Iterator
from datetime import datetime

from ingestion.crosswalk.lookup import Lookup
from ingestion.definition.model import Definition, FileKind
from ingestion.landing.text import LandedText
from ingestion.mapping.expressions import FieldProblem
from ingestion.mapping.mapper import Block, Mapper
from ingestion.mapping.values import instant
from ingestion.models import SourceFile
from ingestion.pipeline.progress import Progress
from ingestion.pipeline.resend import hand_out, options_for
from ingestion.sources import KINDS
from ingestion.sources.rows import FileRefused, Reading, Reject, frames
from ingestion.staging.part import Part

Blocks = Iterator[tuple[list[Block], list[Reject]]]


def read_parts(
    files: list[SourceFile], definition: Definition, batch_id: int, progress: Progress
) -> Generator[Part, None, None]:
    """The files' records and rejects, as many at a time as are staged at once.

    A part names the files that are refused; parts that came before may hold records of theirs.
    Fills each file's kind, sequence and time of making from its header.
    """
    part = Part(batch_id, definition.name)
    for file in files:
        try:
            for blocks, rejects in _blocks(file, definition, progress):
                for reject in rejects:
                    part.reject(file.pk, reject)
                for block in blocks:
                    part.add(file.pk, block)
                if part.full:
                    yield part
                    part = part.following()
        except FileRefused as refusal:
            part.refuse(file.pk, refusal)
    yield part


def _blocks(file: SourceFile, definition: Definition, progress: Progress) -> Blocks:
    """The file's records, mapped and looked up; FileRefused when it is not taken at all."""
    kind, reading = _recognise(file, definition)
    _head(file, kind, reading.header)
    mapper, lookup = Mapper(definition, kind, reading.header), Lookup()
    for rows, rejects in reading.chunks:
        progress.advance(len(rows) + len(rejects), rows=len(rows))
        yield [], rejects
        for frame in frames(rows):
            blocks, wrong = mapper.map(frame)
            for block in blocks:
                lookup.resolve(block)
            yield blocks, wrong


def _recognise(file: SourceFile, definition: Definition) -> tuple[FileKind, Reading]:
    """The first kind of file that the name and the file's own header fit."""
    named = kinds_named(file, definition)
    refusal: FileRefused | None = None
    for kind in named:
        try:
            options = options_for(file, kind)
            reading = KINDS[kind.format_kind].open_file(LandedText(file.pk), options)
        except FileRefused as error:
            refusal = refusal or error
            continue
        if all(reading.header.get(key) == word for key, word in kind.recognise.items()):
            return kind, reading
    if refusal is not None:
        raise refusal
    names = ", ".join(kind.name for kind in named)
    raise FileRefused("UNKNOWN_FILE", f"the file says it is none of: {names}")


def kinds_named(file: SourceFile, definition: Definition) -> list[FileKind]:
    """The kinds a file of that name may be."""
    return [kind for kind in definition.files if fnmatch.fnmatch(file.name, kind.pattern)]


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
