"""Rows of a plain SQL dump.

Nothing of the dump is run, not even in a scratch database: only column lists and literal values
are read, so that a hostile statement is a refused file, and numbers keep every digit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.definition.section import Section
from ingestion.sources.encodings import encoding
from ingestion.sources.rows import (
    Chunk,
    ChunkBuilder,
    FileRefused,
    Lines,
    Reading,
    SourceRow,
)
from ingestion.sources.sql_dump.statements import Dump
from ingestion.sources.sql_dump.tokens import BadStatement
from ingestion.sources.window import pieces

# The time of making stands in the comment the dump opens with.
COMMENT_LINES = 1_000


@dataclass(frozen=True)
class DumpOptions:
    """Which words of the opening comment come before the time the dump was made."""

    made_at_after: str
    encoding: str = "utf-8"


def parse_options(section: Section) -> DumpOptions:
    """The options of a ``[file.format]`` table of kind sql_dump."""
    return DumpOptions(section.text("made_at_after", ""), encoding(section))


def open_file(lines: Lines, options: DumpOptions) -> Reading:
    """The dump's rows, each under its table's name; FileRefused for anything but such a dump."""
    header: dict[str, str] = {}
    if options.made_at_after:
        header["made_at"] = _made_at(lines, options.made_at_after)
    return Reading(header, _chunks(lines))


def _made_at(lines: Lines, after: str) -> str:
    """The word after the given ones in an opening comment; empty when there is none."""
    wanted = re.compile(rf"--[^\n]*{re.escape(after)}\s*(\S+)")
    for number, line in lines.lines():
        if found := wanted.search(line):
            return found[1]
        if number == COMMENT_LINES:
            break
    return ""


def _chunks(lines: Lines) -> Iterator[Chunk]:
    building = ChunkBuilder()
    dump = Dump(pieces(lines))
    try:
        for row in dump.rows():
            building.rows.append(SourceRow(row.line, row.values, row.table))
            if building.full:
                yield building.take()
    except BadStatement as error:
        raise FileRefused("UNREADABLE_FILE", f"not a plain SQL dump: {error}") from error
    if not dump.columns:
        raise FileRefused("UNREADABLE_FILE", "the dump creates no table")
    yield building.take()
