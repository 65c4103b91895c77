"""Reads delimited text block by block; memory stays flat however large the file."""

from collections.abc import Iterator, Sequence

from ingestion.sources.control import Control
from ingestion.sources.delimited.lines import Grid, Splitter
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
    control = Control(options.trailer, options.style)
    control.lines = bool(options.header_tag) + bool("" in layouts and not options.columns)
    for grids, rejects in splitter.blocks():
        records = _before_trailer(grids, control, options)
        control.records += sum(map(len, records)) + len(rejects)
        control.lines += sum(map(len, records)) + len(rejects)
        for grid in records:
            for layout, of_type in _by_type(grid, layouts, rejects):
                frame = layout.frame(of_type, rejects)
                control.add_frame(frame)
                yield frame, []
        yield [], rejects
    control.check()


def _before_trailer(grids: list[Grid], control: Control, options: DelimitedOptions) -> list[Grid]:
    """The records without the control record, which is kept for the check at the end."""
    if options.trailer is None or not grids:
        return grids
    control.before_record()
    tagged = [grid for grid in grids if options.trailer.tag in grid.columns[0]]
    if not tagged:
        return grids
    last = max(grids, key=lambda grid: grid.line_nos[-1])
    if tagged != [last] or last.columns[0].index(options.trailer.tag) != len(last) - 1:
        raise FileRefused("TRAILER_MISMATCH", "records follow the trailer")
    promised = [texts[-1] for texts in last.columns[1:]]
    control.trailer(*(*promised, "", "")[:2])
    before = last.pick(range(len(last) - 1))
    return [before if grid is last else grid for grid in grids]


def _by_type(
    grid: Grid, layouts: dict[str, "_Layout"], rejects: list[Reject]
) -> Iterator[tuple["_Layout", Grid]]:
    if "" in layouts:
        yield layouts[""], grid
        return
    places: dict[str, list[int]] = {}
    for at, tag in enumerate(grid.columns[0]):
        places.setdefault(tag, []).append(at)
    for tag, some in places.items():
        if tag in layouts:
            yield layouts[tag], grid.pick(some)
        else:
            known = ", ".join(layouts)
            sentence = f"{tag[:40]!r} is no record type of this file; known: {known}."
            rejects += [Reject(grid.line_nos[at], sentence, "UNKNOWN_RECORD") for at in some]


class _Layout:
    """The columns of one type of record."""

    def __init__(self, part: str, columns: Sequence[str]) -> None:
        self.part = part
        self.columns = columns

    def frame(self, grid: Grid, rejects: list[Reject]) -> Frame:
        """The records that have all columns, as a frame; the others are rejects."""
        found, wanted = len(grid.columns), len(self.columns)
        if found != wanted:
            sentence = f"The line has {found} fields where {wanted} are named."
            rejects += [Reject(number, sentence, "WRONG_FIELD_COUNT") for number in grid.line_nos]
            return Frame(self.part, [], {})
        return Frame(self.part, grid.line_nos, dict(zip(self.columns, grid.columns, strict=True)))
