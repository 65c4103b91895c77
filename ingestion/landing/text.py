"""Lines of a landed file, read back by number."""

from collections.abc import Iterator
from io import StringIO

from ingestion.models import SourceText

CHUNKS_AT_ONCE = 10


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
