"""Reads delimited text line by line; memory stays flat however large the file."""

import csv
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from ingestion.sources.delimited.options import DelimitedOptions, Trailer
from ingestion.sources.rows import (
    Chunk,
    ChunkBuilder,
    FileRefused,
    Lines,
    Reading,
    Reject,
    SourceRow,
    Values,
)

# A field larger than this is no field of any statement; csv's own limit is per process.
FIELD_LIMIT = 131_072


class _Feed:
    """Lines for csv.reader that remembers which line a record began on."""

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


def open_file(lines: Lines, options: DelimitedOptions) -> Reading:
    """The file's header record and its rows; FileRefused when it is not such a file."""
    feed = _Feed(lines.lines())
    records = (
        csv.reader(feed, delimiter=options.delimiter, strict=True)
        if options.quoted
        else csv.reader(feed, delimiter=options.delimiter, quoting=csv.QUOTE_NONE, strict=True)
    )
    header: dict[str, str] = {}
    if options.header_tag:
        header = _header(_next_record(feed, records), options)
    columns = _columns(_next_record(feed, records))
    return Reading(header, _chunks(feed, records, columns, options))


def _next_record(feed: _Feed, records: Iterator[list[str]]) -> list[str]:
    feed.begin()
    try:
        return next(records)
    except StopIteration:
        raise FileRefused(
            "NO_HEADER", "the file ends before its column names", "The file is empty or cut off."
        ) from None
    except csv.Error as error:
        raise FileRefused("UNREADABLE_FILE", f"line {feed.last}: {error}") from error


def _header(record: list[str], options: DelimitedOptions) -> dict[str, str]:
    if not record or record[0] != options.header_tag:
        found = record[0][:40] if record else ""
        raise FileRefused(
            "NO_HEADER",
            f"the first line should start with {options.header_tag!r}, found {found!r}",
        )
    return dict(zip(options.header_fields, record[1:], strict=False))


def _columns(record: list[str]) -> list[str]:
    columns = [name.strip() for name in record]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise FileRefused("DUPLICATE_COLUMN", f"columns named twice: {', '.join(twice)}")
    return columns


def _chunks(
    feed: _Feed, records: Iterator[list[str]], columns: list[str], options: DelimitedOptions
) -> Iterator[Chunk]:
    control = _Control(options.trailer)
    building = ChunkBuilder()
    while True:
        feed.begin()
        try:
            record = next(records)
        except StopIteration:
            break
        except csv.Error as error:
            control.count += 1
            building.rejects.append(Reject(feed.first, f"The line is not delimited text: {error}."))
            continue
        if not record:
            continue
        if control.is_trailer(record):
            continue
        _row(record, columns, feed.first, control, building)
        if building.full:
            yield building.take()
    control.check()
    yield building.take()


def _row(
    record: list[str], columns: list[str], line_no: int, control: "_Control", building: ChunkBuilder
) -> None:
    control.count += 1
    if len(record) != len(columns):
        sentence = f"The line has {len(record)} fields where {len(columns)} are named."
        building.rejects.append(Reject(line_no, sentence, "WRONG_FIELD_COUNT"))
        return
    if any(len(value) > FIELD_LIMIT for value in record):
        building.rejects.append(Reject(line_no, "A field is longer than any record allows."))
        return
    values: Values = {name: (value or None) for name, value in zip(columns, record, strict=True)}
    control.add(values)
    building.rows.append(SourceRow(line_no, values))


class _Control:
    """Counts and sums the records, and holds them against the trailer."""

    def __init__(self, trailer: Trailer | None) -> None:
        self.trailer = trailer
        self.count = 0
        self.total = Decimal(0)
        self.promised: list[str] | None = None

    def is_trailer(self, record: list[str]) -> bool:
        """True for the control record, which is kept for the check at the end."""
        if self.trailer is None:
            return False
        if self.promised is not None:
            raise FileRefused("TRAILER_MISMATCH", "records follow the trailer")
        if record[0] != self.trailer.tag:
            return False
        self.promised = record[1:]
        return True

    def add(self, values: Values) -> None:
        """Adds a record's control columns; what is no number makes the totals differ."""
        if self.trailer is None:
            return
        for column in self.trailer.total_of:
            try:
                number = Decimal(values.get(column) or 0)
            except InvalidOperation:
                continue
            if number.is_finite():
                self.total += number

    def check(self) -> None:
        """Refuses the file whole when its trailer is missing or does not fit."""
        if self.trailer is None:
            return
        if self.promised is None:
            raise FileRefused(
                "TRAILER_MISMATCH",
                f"no trailer; found {self.found}",
                "The trailer is missing: the file is cut off and rejected whole.",
                self.count,
            )
        promised_count, promised_total = (*self.promised, "", "")[:2]
        try:
            fits = int(promised_count) == self.count and (
                not self.trailer.total_of or Decimal(promised_total) == self.total
            )
        except (ValueError, InvalidOperation):
            fits = False
        if not fits:
            raise FileRefused(
                "TRAILER_MISMATCH",
                f"trailer {promised_count} records, total {promised_total}; found {self.found}",
                f"The trailer promises {promised_count} records with a total of "
                f"{promised_total}, the file holds {self.found}: it is rejected whole.",
                self.count,
            )

    @property
    def found(self) -> str:
        """Count and total as found, in the words of the report."""
        if self.trailer is not None and not self.trailer.total_of:
            return f"{self.count}"
        return f"{self.count}, {self.total:f}"
