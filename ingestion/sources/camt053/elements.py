"""Walks an XML document piece by piece and hands back the wanted elements with their lines.

Expat itself, for it streams and knows the line. A document type, and with it every entity, is
refused before it is read: no expansion, no file, no network.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ingestion.sources.rows import FileRefused
from ingestion.sources.window import TOKEN_MAX

DEPTH_MAX = 60
LEAVES_MAX = 50_000

Path = tuple[str, ...]


@dataclass
class Element:
    """A wanted element: its path, its line, and its leaves' texts under dotted paths."""

    path: Path
    line: int
    leaves: dict[str, list[str]] = field(default_factory=dict)
    ended: bool = False  # a note that an element outside the wanted ones has ended

    def text(self, *names: str) -> str | None:
        """The first text found under one of the paths."""
        for name in names:
            if found := self.leaves.get(name):
                return found[0]
        return None

    def texts(self, name: str) -> list[str]:
        """All texts under a path."""
        return self.leaves.get(name, [])


def elements(pieces: Iterator[str], wanted: set[Path]) -> Iterator[Element]:
    """Wanted elements in order; leaves outside them as elements of one text under an empty name.

    FileRefused for what is not XML, or is hostile XML.
    """
    walk = _Walk(wanted)
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda name, attributes: walk.start(
        name, attributes, parser.CurrentLineNumber
    )
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.text
    try:
        for piece in pieces:
            parser.Parse(piece.encode(), False)
            yield from walk.take()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        raise FileRefused(
            "UNREADABLE_FILE", f"not XML: line {error.lineno}: {said or error}"
        ) from error
    yield from walk.take()


def _refuse_doctype(*_: object) -> None:
    raise FileRefused("UNREADABLE_FILE", "the document declares entities or a type")


class _Walk:
    """What the parser has seen: the path it is on and the element it is in."""

    def __init__(self, wanted: set[Path]) -> None:
        self._wanted = wanted
        self._path: list[str] = []
        self._inside: Element | None = None
        self._depth = 0  # of the element it is in
        self._line = 0
        self._words: list[str] = []
        self._length = 0
        self._leaves = 0
        self._done: deque[Element] = deque()

    def take(self) -> Iterator[Element]:
        """The elements that are whole."""
        while self._done:
            yield self._done.popleft()

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        self._path.append(name.rpartition(":")[2])
        self._words.clear()
        self._line = line
        if len(self._path) > DEPTH_MAX:
            raise FileRefused("UNREADABLE_FILE", f"line {line}: nested more than {DEPTH_MAX} deep")
        if self._inside is None and tuple(self._path) in self._wanted:
            self._inside = Element(tuple(self._path), line)
            self._depth, self._length, self._leaves = len(self._path), 0, 0
        for key, value in attributes.items():
            if self._inside is not None:
                self._leaf(".".join([*self._path[self._depth :], f"@{key}"]), value)

    def text(self, text: str) -> None:
        self._length += len(text)
        if self._length > TOKEN_MAX:
            raise FileRefused("UNREADABLE_FILE", f"line {self._line}: an element without end")
        self._words.append(text)

    def end(self, _: str) -> None:
        text = "".join(self._words).strip()
        self._words.clear()
        path = tuple(self._path)
        self._path.pop()
        if self._inside is None:
            self._length = 0
            self._done.append(Element(path, self._line, {"": [text]} if text else {}, ended=True))
        elif len(path) == self._depth:
            self._done.append(self._inside)
            self._inside = None
        elif text:
            self._leaf(".".join(path[self._depth :]), text)

    def _leaf(self, name: str, text: str) -> None:
        self._leaves += 1
        if self._inside is None or self._leaves > LEAVES_MAX:
            raise FileRefused("UNREADABLE_FILE", f"line {self._line}: an element without end")
        self._inside.leaves.setdefault(name, []).append(text)
