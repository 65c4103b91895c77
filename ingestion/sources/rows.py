"""What every reader hands back: rows and rejects, each with its line; or a refused file."""

from collections.abc import Iterator
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


Chunk = tuple[list[SourceRow], list[Reject]]


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
