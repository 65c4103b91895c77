"""Cuts lines into fields: a block at a time where every record is one line, else one by one."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, repeat
from typing import Final

from ingestion.sources import rows
from ingestion.sources.delimited.options import DelimitedOptions
from ingestion.sources.rows import FileRefused, Reject

QUOTE: Final = '"'


@dataclass(frozen=True, slots=True)
class Grid:
    """Records of equally many fields, column by column, and the line each begins on."""

    line_nos: Sequence[int]
    columns: Sequence[Sequence[str]]

    def __len__(self) -> int:
        return len(self.line_nos)

    def pick(self, places: Sequence[int]) -> "Grid":
        """The records at the places."""
        columns = [[texts[at] for at in places] for texts in self.columns]
        return Grid([self.line_nos[at] for at in places], columns)


Block = tuple[list[Grid], list[Reject]]


class _Feed:
    """Lines for csv.reader that remembers which line a record began on, and the last one taken."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self.first = 0
        self.last = 0

    def begin(self) -> None:
        self.first = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        self.last, text = next(self._lines)
        self.first = self.first or self.last
        return text


class Splitter:
    """The records of a file, each with the line it begins on."""

    def __init__(self, lines: Iterator[tuple[int, str]], options: DelimitedOptions) -> None:
        self._lines = iter(lines)
        self._delimiter = options.delimiter
        self._quoted = options.quoted

    def one(self) -> list[str] | None:
        """The next record; None at the end, FileRefused when it cannot be cut."""
        feed = _Feed(self._lines)
        try:
            return next(self._reader(feed), None)
        except csv.Error as error:
            raise FileRefused("UNREADABLE_FILE", f"line {feed.last}: {error}") from error

    def blocks(self) -> Iterator[Block]:
        """The remaining records that are not blank, with those that cannot be cut as rejects."""
        while block := list(islice(self._lines, rows.CHUNK_ROWS)):
            line_nos, texts = zip(*block, strict=True)
            grids = self._plain(line_nos, texts) or self._whole(line_nos, texts)
            yield (grids, []) if grids is not None else self._one_by_one(block)

    def _plain(self, line_nos: Sequence[int], texts: Sequence[str]) -> list[Grid] | None:
        """The block cut at each of its delimiters; None unless that is all there is to cutting.

        Most files are such, and csv.reader takes twice as long and makes a list a record.
        """
        widths = set(map(str.count, texts, repeat(self._delimiter)))
        text = "".join(texts).replace("\r\n", "\n")
        if len(widths) > 1 or "\r" in text or (self._quoted and QUOTE in text):
            return None
        if widths == {0} or max(map(len, texts)) > csv.field_size_limit():
            return None
        fields = text.removesuffix("\n").replace("\n", self._delimiter).split(self._delimiter)
        width = widths.pop() + 1
        return [Grid(line_nos, [fields[at::width] for at in range(width)])]

    def _whole(self, line_nos: Sequence[int], texts: Sequence[str]) -> list[Grid] | None:
        """The block's records; None unless every line of it is one whole record."""
        try:
            records = list(self._reader(iter(texts)))
        except csv.Error:
            return None
        return _grids(line_nos, records) if len(records) == len(texts) else None

    def _one_by_one(self, block: list[tuple[int, str]]) -> Block:
        """The records that begin in the block, though the last may end after it."""
        feed = _Feed(chain(block, self._lines))
        reader = self._reader(feed)
        line_nos: list[int] = []
        records: list[list[str]] = []
        rejects: list[Reject] = []
        while feed.last < block[-1][0]:
            feed.begin()
            try:
                fields = next(reader)
            except StopIteration:
                break
            except csv.Error as error:
                sentence = f"The line is not delimited text: {error}."
                rejects.append(Reject(feed.first, sentence))
                continue
            line_nos.append(feed.first)
            records.append(fields)
        return _grids(line_nos, records), rejects

    def _reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        if self._quoted:
            return csv.reader(lines, delimiter=self._delimiter, strict=True)
        return csv.reader(lines, delimiter=self._delimiter, quoting=csv.QUOTE_NONE, strict=True)


def _grids(line_nos: Sequence[int], records: Sequence[list[str]]) -> list[Grid]:
    """The records by their number of fields; blank ones have none and are left out."""
    places: dict[int, list[int]] = {}
    for at, fields in enumerate(records):
        places.setdefault(len(fields), []).append(at)
    places.pop(0, None)
    return [
        Grid([line_nos[at] for at in some], list(zip(*(records[at] for at in some), strict=True)))
        for some in places.values()
    ]
