"""Lines of a landed file: cut while it lands, read back by number."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from ingestion.models import SourceText
from ingestion.sources.rows import FileRefused

LINES_MAX = 500
CHUNK_CHARACTERS = 1_000_000
LINE_MAX = 50_000_000
CHUNKS_AT_ONCE = 10


@dataclass(frozen=True)
class TextChunk:
    """Some lines of a file, with their line ends, and the number of the first and last."""

    first_line: int
    last_line: int
    body: str


def chunks(parts: Iterable[bytes], encoding: str) -> Iterator[TextChunk]:
    """A file's bytes as chunks of whole lines; FileRefused when they are not text."""
    first, lines, length = 1, [], 0
    for some in _lines(_decoded(parts, encoding)):
        for line in some:
            lines.append(line)
            length += len(line)
            if len(lines) == LINES_MAX or length > CHUNK_CHARACTERS:
                yield TextChunk(first, first + len(lines) - 1, "".join(lines))
                first, lines, length = first + len(lines), [], 0
    if lines:
        yield TextChunk(first, first + len(lines) - 1, "".join(lines))


def _decoded(parts: Iterable[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for part in parts:
            yield _printable(decoder.decode(part))
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise FileRefused(
            "NOT_TEXT", f"not {encoding} text: {error.reason}", f"The file is not {encoding} text."
        ) from error


def _printable(text: str) -> str:
    if "\x00" in text:
        raise FileRefused("NOT_TEXT", "the file holds zero bytes", "The file is binary, not text.")
    return text


def _lines(pieces: Iterable[str]) -> Iterator[list[str]]:
    """The lines that each piece ends, with their line ends; cut at \n alone."""
    rest = ""
    for piece in pieces:
        *whole, rest = (rest + piece).split("\n")
        if len(rest) > LINE_MAX:
            raise FileRefused("LINE_TOO_LONG", f"a line of more than {LINE_MAX} characters")
        yield [f"{line}\n" for line in whole]
    if rest:
        yield [rest]


class LandedText:
    """The text of a landed file, for readers: one chunk in memory at a time."""

    def __init__(self, file_id: int) -> None:
        self.file_id = file_id

    def chunks(self) -> Iterator[tuple[int, str]]:
        """First line and text of the file's chunks in order."""
        after = 0
        found = SourceText.objects.filter(file_id=self.file_id).order_by("first_line")
        while True:
            rest = found.filter(first_line__gt=after).values_list("first_line", "body")
            some = list(rest[:CHUNKS_AT_ONCE])
            if not some:
                return
            yield from some
            after = some[-1][0]

    def lines(self) -> Iterator[tuple[int, str]]:
        """Line numbers from 1 and lines with their line end."""
        for first_line, body in self.chunks():
            # Cut at \n alone, as landing did: other separators may stand inside a field.
            yield from enumerate(StringIO(body, newline="\n"), first_line)

    def text(self) -> str:
        """The whole file."""
        return "".join(body for _, body in self.chunks())


def source_line(file_id: int, line_no: int) -> str | None:
    """One line of a landed file as received, without its line end; None when there is none."""
    chunk = SourceText.objects.filter(
        file_id=file_id, first_line__lte=line_no, last_line__gte=line_no
    ).first()
    if chunk is None:
        return None
    return chunk.body.split("\n")[line_no - chunk.first_line].rstrip("\r")
