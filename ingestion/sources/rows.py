"""What every reader hands back: rows and rejects, each with its line; or a refused file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

CHUNK_ROWS = 5_000

Values = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One record of a source file, as text, and the line it starts on (from 1)."""

    line_no: int
    values: Values
    part: str = ""  # the table of a dump, the tag of a record type; empty when there is only one


@dataclass(frozen=True, slots=True)
class Frame:
    """Records of one part, column by column, as text; empty text is missing.

    What is read and mapped by the million goes through here: one list a column costs a tenth of
    one dictionary a row.
    """

    part: str
    line_nos: Sequence[int]
    columns: dict[str, Sequence[str]]

    def column(self, name: str) -> Sequence[str]:
        """The column's texts, all of them missing where there is no such column."""
        return self.columns.get(name) or [""] * len(self.line_nos)

    def __len__(self) -> int:
        """How many records there are."""
        return len(self.line_nos)

    def __iter__(self) -> Iterator[SourceRow]:
        """The records one by one, for whoever has no million of them."""
        for at, line_no in enumerate(self.line_nos):
            values = {name: texts[at] or None for name, texts in self.columns.items()}
            yield SourceRow(line_no, values, self.part)

    def pick(self, wanted: Sequence[int]) -> "Frame":
        """The rows at the wanted places."""
        return Frame(
            self.part,
            [self.line_nos[at] for at in wanted],
            {name: [texts[at] for at in wanted] for name, texts in self.columns.items()},
        )


@dataclass(frozen=True, slots=True)
class Reject:
    """One line that could not be read, and why, as a sentence for a person."""

    line_no: int
    sentence: str
    code: str = "UNREADABLE_RECORD"


class FileRefused(Exception):
    """A file that is not taken at all: a code, the bare reason and the whole sentence."""

    def __init__(self, code: str, reason: str, sentence: str = "", records: int = 0) -> None:
        self.code = code
        self.reason = reason
        self.records = records  # how many were read until then
        self.sentence = sentence or f"{reason[:1].upper()}{reason[1:]}."
        super().__init__(self.sentence)


Rows = list[SourceRow] | Frame
Chunk = tuple[Rows, list[Reject]]


def frames(rows: Rows) -> list[Frame]:
    """The rows as frames, one a part; columns are those that any row of the part has."""
    if isinstance(rows, Frame):
        return [rows] if rows.line_nos else []
    parts: dict[str, list[SourceRow]] = {}
    for row in rows:
        parts.setdefault(row.part, []).append(row)
    return [_frame(part, of_part) for part, of_part in parts.items()]


def _frame(part: str, rows: list[SourceRow]) -> Frame:
    names = dict.fromkeys(name for row in rows for name in row.values)
    columns: dict[str, Sequence[str]] = {
        name: [row.values.get(name) or "" for row in rows] for name in names
    }
    return Frame(part, [row.line_no for row in rows], columns)


class Lines(Protocol):
    """A landed file as text: what readers may ask of it."""

    def lines(self) -> Iterator[tuple[int, str]]:
        """Line numbers from 1 and lines with their line end."""

    def text(self) -> str:
        """The whole file."""


@dataclass
class Reading:
    """A file being read: its header record, then its rows and rejects in chunks."""

    header: dict[str, str]
    chunks: Iterator[Chunk]


@dataclass
class ChunkBuilder:
    """Collects rows and rejects until a chunk is full."""

    rows: list[SourceRow] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """True when the chunk should be handed on."""
        return len(self.rows) + len(self.rejects) >= CHUNK_ROWS

    def take(self) -> Chunk:
        """The chunk so far; the builder is empty afterwards."""
        chunk = (self.rows, self.rejects)
        self.rows, self.rejects = [], []
        return chunk


def as_text(value: Any) -> str | None:
    """A scalar of a structured format as source text; None stays missing."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
