"""Rejects as a file to mend and send again: in the original's own form, with its head."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ingestion.definition.model import FileKind
from ingestion.landing.text import LandedText
from ingestion.models import Batch, ExceptionItem, SourceFile
from ingestion.operations.lines import texts
from ingestion.pipeline.definitions import definition_of
from ingestion.pipeline.resend import name_for, options_for
from ingestion.sources import KINDS

# One record a line, with or without lines before the first.
LINE_BY_LINE: Final = ("delimited", "fixed_width", "json_lines")
PAGES: Final = "json_pages"
# A record in quotes may run over so many lines.
LINES_OF_A_RECORD: Final = 200
OPEN: Final = (ExceptionItem.State.HELD, ExceptionItem.State.REJECTED)


class NotMendable(Exception):
    """The rejects of this file cannot be handed out; the message says why and what to do."""


@dataclass(frozen=True)
class HandOut:
    """Bytes to mend, and the exceptions behind its records, in their order."""

    body: bytes
    exception_ids: list[int]


def open_lines(file: SourceFile) -> list[ExceptionItem]:
    """Exceptions of single lines of a file that somebody may still do something about."""
    items = file.exceptions.filter(state__in=OPEN, line_no__isnull=False).order_by("line_no", "id")
    found = {item.line_no: item for item in items}
    return list(found.values())


def to_mend(batch: Batch) -> list[SourceFile]:
    """Files of a batch with lines that somebody may still do something about."""
    is_open = {"exceptions__line_no__isnull": False, "exceptions__state__in": OPEN}
    return list(batch.files.filter(**is_open).select_related("source").distinct().order_by("pk"))


def zipped(files: list[tuple[str, bytes]]) -> bytes:
    """An archive of the files; each has the number of its hand-out in its name."""
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as packed:
        for name, body in files:
            packed.writestr(ZipInfo(name), body, compress_type=ZIP_DEFLATED)
    return archive.getvalue()


def kind_of(file: SourceFile) -> FileKind | None:
    """The kind of file as its definition has it now; None when it has it no more."""
    kinds = definition_of(file.source).files
    return next((kind for kind in kinds if kind.name == file.kind), None)


def refusal(file: SourceFile) -> str | None:
    """Why the file's rejects cannot be handed out, as a sentence; None when they can."""
    return _refusal(file, kind_of(file))


def _refusal(file: SourceFile, kind: FileKind | None) -> str | None:
    if kind is None:
        return "Its definition no longer has this kind of file."
    if kind.format_kind not in (*LINE_BY_LINE, PAGES):
        return "A file of this format is mended where it was made: ask its sender for another one."
    if name_for(0, file.name, kind.pattern) is None:
        return f"No name that says it was mended fits the pattern {kind.pattern}."
    if not open_lines(file):
        return "No line of it waits to be mended."
    return None


def build(file: SourceFile) -> HandOut:
    """The file's head and its rejected lines as they are; NotMendable says why not.

    No trailer: the file that comes back needs none.
    """
    kind = kind_of(file)
    sentence = _refusal(file, kind)
    if kind is None or sentence is not None:
        raise NotMendable(sentence)
    items = open_lines(file)
    encoding = getattr(kind.options, "encoding", "utf-8")
    if kind.format_kind == PAGES:
        text = _page(file, kind, items)
    else:
        text = "".join([*_head(file, kind), *_records(file, kind, items)])
    return HandOut(text.encode(encoding), [item.pk for item in items])


def _head(file: SourceFile, kind: FileKind) -> Iterator[str]:
    """The lines before the first record, with their ends."""
    landed = LandedText(file.pk)
    reading = KINDS[kind.format_kind].open_file(landed, options_for(file, kind))
    first = 0
    for rows, rejects in reading.chunks:
        numbers = [row.line_no for row in rows] + [reject.line_no for reject in rejects]
        if numbers:
            first = min(numbers)
            break
    for number, line in landed.lines():
        if number >= first:
            return
        yield line


def _records(file: SourceFile, kind: FileKind, items: list[ExceptionItem]) -> Iterator[str]:
    """The records as they are; one in quotes ends with the line that closes them."""
    quoted = bool(getattr(kind.options, "quoted", False))
    for item in items:
        first = item.line_no or 1
        quotes = 0
        for _, text in texts(file, first, first + LINES_OF_A_RECORD if quoted else first):
            yield f"{text}\n"
            quotes += text.count('"')
            if quotes % 2 == 0:
                break


def _page(file: SourceFile, kind: FileKind, items: list[ExceptionItem]) -> str:
    """The page with only those results: what stands before and after the list stays as it is."""
    text = LandedText(file.pk).text()
    found = re.search(rf'"{re.escape(kind.options.results[-1])}"\s*:\s*\[', text)
    if found is None:
        raise NotMendable("The page has no list of results any more.")
    wanted = {item.line_no for item in items}
    kept, at, decoder = [], found.end(), json.JSONDecoder()
    line, counted = 1, 0
    while True:
        at = _skip(text, at, " \t\r\n,")
        if text[at : at + 1] in ("]", ""):
            break
        _, end = decoder.raw_decode(text, at)
        line, counted = line + text.count("\n", counted, at), at
        if line in wanted:
            kept.append(text[at:end])
        at = end
    return text[: found.end()] + "\n" + ",\n".join(kept) + "\n" + text[at:]


def _skip(text: str, at: int, signs: str) -> int:
    while at < len(text) and text[at] in signs:
        at += 1
    return at
