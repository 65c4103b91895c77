"""A file's bytes cut into chunks of whole lines while it lands. Needs no database."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingestion.sources.rows import FileRefused

LINES_MAX = 500
CHUNK_CHARACTERS = 1_000_000
LINE_MAX = 50_000_000


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
    line = 1
    try:
        for part in parts:
            text = _printable(decoder.decode(part))
            yield text
            line += text.count("\n")
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _not_text(error, encoding, line) from error


def _not_text(error: UnicodeDecodeError, encoding: str, line: int) -> FileRefused:
    """Says where the text ends: ``line`` is the one at which the undecoded bytes begin."""
    line += error.object[: error.start].decode(encoding, "ignore").count("\n")
    name = encoding.removesuffix("-sig").upper()
    wrong = error.object[error.start : error.end].hex(" ")
    return FileRefused(
        "NOT_TEXT",
        f"not {name} text: line {line}, bytes {wrong}",
        f"Line {line} is not {name} text: the bytes {wrong} mean nothing in it. Send the file in "
        f"{name}, or name its encoding in the source's definition.",
    )


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
