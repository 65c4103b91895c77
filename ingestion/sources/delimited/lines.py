"""Cuts lines into fields: a block at a time where every record is one line, else one by one."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from ingestion.sources import rows
from ingestion.sources.delimited.options import DelimitedOptions
from ingestion.sources.rows import FileRefused, Reject


@dataclass(frozen=True, slots=True)
class Records:
    """Records cut into fields, and the line each begins on."""

    line_nos: list[int]
    fields: list[list[str]]

    def __len__(self) -> int:
        return len(self.line_nos)

    def pick(self, wanted: Iterable[int]) -> "Records":
        """The records at the wanted places."""
        places = list(wanted)
        return Records([self.line_nos[at] for at in places], [self.fields[at] for at in places])


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

    def blocks(self) -> Iterator[tuple[Records, list[Reject]]]:
        """The remaining records that are not blank, with those that cannot be cut as rejects."""
        while block := list(islice(self._lines, rows.CHUNK_ROWS)):
            records = self._whole(block)
            yield (records, []) if records is not None else self._one_by_one(block)

    def _whole(self, block: list[tuple[int, str]]) -> Records | None:
        """The block's records; None unless every line of it is one whole record."""
        line_nos, texts = zip(*block, strict=True)
        try:
            records = Records(list(line_nos), list(self._reader(iter(texts))))
        except csv.Error:
            return None
        if len(records.fields) != len(block):
            return None
        if [] in records.fields:
            return records.pick(at for at, fields in enumerate(records.fields) if fields)
        return records

    def _one_by_one(self, block: list[tuple[int, str]]) -> tuple[Records, list[Reject]]:
        """The records that begin in the block, though the last may end after it."""
        feed = _Feed(chain(block, self._lines))
        reader = self._reader(feed)
        records = Records([], [])
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
            if fields:
                records.line_nos.append(feed.first)
                records.fields.append(fields)
        return records, rejects

    def _reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        if self._quoted:
            return csv.reader(lines, delimiter=self._delimiter, strict=True)
        return csv.reader(lines, delimiter=self._delimiter, quoting=csv.QUOTE_NONE, strict=True)
