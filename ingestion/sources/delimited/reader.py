"""Reads delimited text block by block; memory stays flat however large the file."""

from collections.abc import Iterator, Sequence

from ingestion.sources.delimited.control import Control
from ingestion.sources.delimited.lines import Records, Splitter
from ingestion.sources.delimited.options import DelimitedOptions
from ingestion.sources.rows import Chunk, FileRefused, Frame, Lines, Reading, Reject


def open_file(lines: Lines, options: DelimitedOptions) -> Reading:
    """The file's header record and its rows; FileRefused when it is not such a file."""
    splitter = Splitter(lines.lines(), options)
    header = _header(_first(splitter), options) if options.header_tag else {}
    layouts = _layouts(splitter, options)
    return Reading(header, _chunks(splitter, layouts, options))


def _first(splitter: Splitter) -> list[str]:
    record = splitter.one()
    if record is None:
        raise FileRefused(
            "NO_HEADER", "the file ends before its column names", "The file is empty or cut off."
        )
    return record


def _header(record: list[str], options: DelimitedOptions) -> dict[str, str]:
    if not record or record[0] != options.header_tag:
        found = record[0][:40] if record else ""
        raise FileRefused(
            "NO_HEADER",
            f"the first line should start with {options.header_tag!r}, found {found!r}",
        )
    return dict(zip(options.header_fields, record[1:], strict=False))


def _layouts(splitter: Splitter, options: DelimitedOptions) -> dict[str, "_Layout"]:
    """Column names by record type; under "" those of a file with one type."""
    if options.records:
        return {tag: _Layout(tag, columns) for tag, columns in options.records.items()}
    columns = options.columns or _named(_first(splitter))
    return {"": _Layout("", columns)}


def _named(record: list[str]) -> tuple[str, ...]:
    columns = tuple(name.strip() for name in record)
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise FileRefused("DUPLICATE_COLUMN", f"columns named twice: {', '.join(twice)}")
    return columns


def _chunks(
    splitter: Splitter, layouts: dict[str, "_Layout"], options: DelimitedOptions
) -> Iterator[Chunk]:
    control = Control(options.trailer)
    for records, rejects in splitter.blocks():
        records, rejects = control.take(records), list(rejects)
        control.count += len(records) + len(rejects)
        for layout, of_type in _by_type(records, layouts, rejects):
            frame = layout.frame(of_type, rejects)
            control.add(frame)
            yield frame, []
        yield [], rejects
    control.check()


def _by_type(
    records: Records, layouts: dict[str, "_Layout"], rejects: list[Reject]
) -> Iterator[tuple["_Layout", Records]]:
    if "" in layouts:
        yield layouts[""], records
        return
    places: dict[str, list[int]] = {}
    for at, fields in enumerate(records.fields):
        places.setdefault(fields[0], []).append(at)
    for tag, some in places.items():
        if tag in layouts:
            yield layouts[tag], records.pick(some)
        else:
            known = ", ".join(layouts)
            sentence = f"{tag[:40]!r} is no record type of this file; known: {known}."
            rejects += [Reject(records.line_nos[at], sentence, "UNKNOWN_RECORD") for at in some]


class _Layout:
    """The columns of one type of record."""

    def __init__(self, part: str, columns: Sequence[str]) -> None:
        self.part = part
        self.columns = columns

    def frame(self, records: Records, rejects: list[Reject]) -> Frame:
        """The records that have all columns, as a frame; the others are rejects."""
        if set(map(len, records.fields)) - {len(self.columns)}:
            records = self._fitting(records, rejects)
        if not records:
            return Frame(self.part, [], {})
        texts = zip(*records.fields, strict=True)
        return Frame(self.part, records.line_nos, dict(zip(self.columns, texts, strict=True)))

    def _fitting(self, records: Records, rejects: list[Reject]) -> Records:
        wanted = len(self.columns)
        for line_no, fields in zip(records.line_nos, records.fields, strict=True):
            if len(fields) != wanted:
                sentence = f"The line has {len(fields)} fields where {wanted} are named."
                rejects.append(Reject(line_no, sentence, "WRONG_FIELD_COUNT"))
        return records.pick(at for at, f in enumerate(records.fields) if len(f) == wanted)
