"""Reads lines of fixed width one by one; memory stays flat however large the file."""

from collections.abc import Iterator

from ingestion.sources.control import Control
from ingestion.sources.fixed_width.options import FixedOptions, Layout
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


def open_file(lines: Lines, options: FixedOptions) -> Reading:
    """The file's header record and its rows; FileRefused when it is not such a file."""
    source = ((number, line.rstrip("\r\n")) for number, line in lines.lines())
    header: dict[str, str] = {}
    if options.header_tag:
        _, first = next(source, (0, ""))
        if _tag(first, options) != options.header_tag:
            raise FileRefused(
                "NO_HEADER",
                f"the first line should be a record {options.header_tag!r}, found {first[:40]!r}",
            )
        header = {name: text or "" for name, text in _cut(first, options.header).items()}
    return Reading(header, _chunks(source, options))


def _tag(line: str, options: FixedOptions) -> str:
    if options.tag is None:
        return ""
    return line[slice(*options.tag)].strip()


def _cut(line: str, layout: Layout) -> Values:
    """The columns of a line, without the blanks that fill them."""
    return {name: line[start:end].strip() or None for name, (start, end) in layout.items()}


def _chunks(source: Iterator[tuple[int, str]], options: FixedOptions) -> Iterator[Chunk]:
    control = Control(options.trailer, options.style)
    control.lines = 1 if options.header_tag else 0
    widths = {part: options.width(part) for part in options.records}
    building = ChunkBuilder()
    for number, line in source:
        if not line.strip():
            continue
        control.lines += 1
        tag = _tag(line, options)
        if options.trailer is not None and tag == options.trailer.tag:
            found = _cut(line, options.trailer_layout)
            control.trailer(found.get("count"), found.get("total"))
            continue
        control.before_record()
        control.records += 1
        _row(number, line, tag, widths, options, control, building)
        if building.full:
            yield building.take()
    control.check()
    yield building.take()


def _row(
    number: int,
    line: str,
    tag: str,
    widths: dict[str, int],
    options: FixedOptions,
    control: Control,
    building: ChunkBuilder,
) -> None:
    layout = options.records.get(tag)
    if layout is None:
        known = ", ".join(options.records)
        sentence = f"The line is a record {tag[:40]!r}; known: {known}."
        building.rejects.append(Reject(number, sentence, "UNKNOWN_RECORD"))
        return
    if len(line) < widths[tag] and not options.pad:
        sentence = f"The line has {len(line)} characters where {widths[tag]} are laid out."
        building.rejects.append(Reject(number, sentence, "WRONG_FIELD_COUNT"))
        return
    values = _cut(line, layout)
    control.add(values)
    building.rows.append(SourceRow(number, values, tag))
