"""Rows of a plain SQL dump.

Nothing of the dump is run, not even in a scratch database: only column lists and literal values
are read, so that a hostile statement is a refused file, and numbers keep every digit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.definition.section import Section
from ingestion.sources.rows import (
    Chunk,
    ChunkBuilder,
    FileRefused,
    Lines,
    Reading,
    SourceRow,
)
from ingestion.sources.sql_dump.statements import BadStatement, Statement, statements


@dataclass(frozen=True)
class DumpOptions:
    """Which words of the opening comment come before the time the dump was made."""

    made_at_after: str


def parse_options(section: Section) -> DumpOptions:
    """The options of a ``[file.format]`` table of kind sql_dump."""
    return DumpOptions(made_at_after=section.text("made_at_after", ""))


def open_file(lines: Lines, options: DumpOptions) -> Reading:
    """The dump's rows, each under its table's name; FileRefused for anything but such a dump."""
    text = lines.text()
    header: dict[str, str] = {}
    if options.made_at_after:
        found = re.search(rf"--[^\n]*{re.escape(options.made_at_after)}\s*(\S+)", text)
        header["made_at"] = found[1] if found else ""
    return Reading(header, _chunks(text))


def _chunks(text: str) -> Iterator[Chunk]:
    building = ChunkBuilder()
    columns: dict[str, list[str]] = {}
    try:
        for statement in statements(text):
            if statement.word == "CREATE":
                columns[statement.table] = statement.columns
                continue
            yield from _rows(statement, columns, building)
    except BadStatement as error:
        raise FileRefused("UNREADABLE_FILE", f"not a plain SQL dump: {error}") from error
    if not columns:
        raise FileRefused("UNREADABLE_FILE", "the dump creates no table")
    yield building.take()


def _rows(
    statement: Statement, columns: dict[str, list[str]], building: ChunkBuilder
) -> Iterator[Chunk]:
    names = statement.columns or columns.get(statement.table)
    if names is None or statement.table not in columns:
        raise BadStatement(f"line {statement.line}: table {statement.table!r} was not created")
    for line_no, values in statement.rows():
        if len(values) != len(names):
            raise BadStatement(f"line {line_no}: {len(values)} values for {len(names)} columns")
        pairs = dict(zip(names, values, strict=True))
        building.rows.append(SourceRow(line_no, pairs, statement.table))
        if building.full:
            yield building.take()
