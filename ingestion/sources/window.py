"""A window on a landed text that moves forward, so that memory does not grow with the file."""

from collections.abc import Iterator

from ingestion.sources.rows import Lines

PIECE_CHARACTERS = 262_144
# No field, literal or result of any feed is longer; what is, is no such file.
TOKEN_MAX = 8_000_000


def pieces(lines: Lines) -> Iterator[str]:
    """The text in pieces of whole lines."""
    held: list[str] = []
    size = 0
    for _, line in lines.lines():
        held.append(line)
        size += len(line)
        if size >= PIECE_CHARACTERS:
            yield "".join(held)
            held, size = [], 0
    if held:
        yield "".join(held)


class Window:
    """Some of the text, from a place that only moves forward; ``more`` widens it."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self.text = ""
        self.at = 0
        self.ended = False
        self._line = 1
        self._counted = 0

    def more(self) -> bool:
        """Widens the window by at least its own length; False when the text has ended.

        Doubling keeps the work linear for a token that spans many pieces.
        """
        self._drop()
        wanted = max(len(self.text), 1)
        held = [self.text]
        found = 0
        while found < wanted:
            piece = next(self._source, None)
            if piece is None:
                self.ended = True
                break
            held.append(piece)
            found += len(piece)
        self.text = "".join(held)
        return found > 0

    @property
    def too_long(self) -> bool:
        """True when one token has filled the window beyond what any feed writes."""
        return len(self.text) - self.at > TOKEN_MAX

    def line(self) -> int:
        """The line of the place it stands at."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def _drop(self) -> None:
        """Forgets the text before the place."""
        self.line()
        self.text = self.text[self.at :]
        self.at = self._counted = 0
