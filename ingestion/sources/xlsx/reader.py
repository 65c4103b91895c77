"""Reads the rendered lines of a workbook's sheet."""

from collections.abc import Iterator

from ingestion.sources.control import Control
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
from ingestion.sources.xlsx.options import XlsxOptions


def open_file(lines: Lines, options: XlsxOptions) -> Reading:
    """The cells above the column names as header, and the rows below them."""
    source = _sheet(lines, options.sheet)
    above: list[list[str]] = []
    for _, cells in source:
        above.append(cells)
        if len(above) == options.names_row:
            break
    if len(above) < options.names_row or not any(above[-1]):
        where = f"sheet {options.sheet!r}" if options.sheet else "first sheet"
        raise FileRefused(
            "NO_HEADER", f"the {where} has no column names in row {options.names_row}"
        )
    header = {
        name: above[row][column] if column < len(above[row]) else ""
        for name, (row, column) in options.cells.items()
    }
    return Reading(header, _chunks(source, _columns(above[-1]), options))


def _sheet(lines: Lines, wanted: str) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of each row of one sheet; of the first one when none is named."""
    for number, line in lines.lines():
        place, *cells = line.rstrip("\r\n").split("\t")
        sheet = place.rpartition("!")[0]
        wanted = wanted or sheet
        if sheet == wanted:
            yield number, cells


def _columns(cells: list[str]) -> list[str]:
    columns = [name.strip() for name in cells]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise FileRefused("DUPLICATE_COLUMN", f"columns named twice: {', '.join(twice)}")
    return columns


def _chunks(
    source: Iterator[tuple[int, list[str]]], columns: list[str], options: XlsxOptions
) -> Iterator[Chunk]:
    control = Control(options.trailer, options.style)
    building = ChunkBuilder()
    for number, cells in source:
        if not any(cells):
            continue
        padded = cells + [""] * (len(columns) - len(cells))
        values: Values = {
            name: text or None for name, text in zip(columns, padded, strict=False) if name
        }
        if options.trailer is not None and options.trailer.tag in cells[:1]:
            control.trailer(values.get(options.count_column), values.get(options.total_column))
            continue
        control.before_record()
        control.records += 1
        control.lines += 1
        if any(padded[len(columns) :]):
            sentence = f"The row has cells beyond the {len(columns)} that are named."
            building.rejects.append(Reject(number, sentence, "WRONG_FIELD_COUNT"))
        else:
            control.add(values)
            building.rows.append(SourceRow(number, values))
        if building.full:
            yield building.take()
    control.check()
    yield building.take()
