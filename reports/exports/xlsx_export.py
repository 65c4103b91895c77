"""The dataset as a workbook that is the same to the byte each time."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import astuple, fields
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font

from helio.columns import Column, Kind
from reports.exports.dataset import Dataset, Described

FORMATS: Final = {
    Kind.MONEY: "#,##0.00",
    Kind.UNITS: "#,##0.####",
    Kind.RATE: "#,##0.00####",
    Kind.SHARE: "0.00%",
    Kind.RATIO: "0.0000",
    Kind.COUNT: "0",
    Kind.DATE: "yyyy-mm-dd",
}
DESCRIBED_WIDTHS: Final = {"A": 28, "B": 28, "C": 70, "D": 50, "E": 36}
# The oldest time a zip entry can carry; the workbook's own dates come from the version.
ENTRY_TIME: Final = (1980, 1, 1, 0, 0, 0)


def render(dataset: Dataset) -> bytes:
    """A workbook: numbers as numbers, text as text, never as a formula.

    The second sheet says what each column means.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(dataset.report)
    _head(sheet, [column.name for column in dataset.columns])
    for row in dataset.rows:
        sheet.append([_cell(sheet, text, c) for text, c in zip(row, dataset.columns, strict=True)])
    if dataset.described:
        _describe(book.create_sheet("columns"), dataset)
    made = dt.datetime.fromisoformat(dataset.version_at).replace(tzinfo=None)
    book.properties.created = book.properties.modified = made
    book.properties.creator = "Helio"
    book.properties.title = dataset.title
    out = io.BytesIO()
    book.save(out)
    return _settled(out.getvalue(), made)


def _head(sheet: Any, names: Sequence[str]) -> None:
    """The first row: bold, and in sight while one scrolls."""
    sheet.freeze_panes = "A2"
    heading = [WriteOnlyCell(sheet, name) for name in names]
    for title in heading:
        title.font = Font(bold=True)
    sheet.append(heading)


def _describe(sheet: Any, dataset: Dataset) -> None:
    """One row a column: its name, what it means, its formula and its unit."""
    for letter, width in DESCRIBED_WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    _head(sheet, [part.name for part in fields(Described)])
    for one in dataset.described:
        cells = [WriteOnlyCell(sheet) for _ in fields(Described)]
        for cell, text in zip(cells, astuple(one), strict=True):
            cell.value, cell.data_type = text, "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append(cells)


def _cell(sheet: object, text: str, column: Column) -> Cell | None:
    if text == "":
        return None
    cell = WriteOnlyCell(sheet)
    if column.kind.is_number:
        cell.value = Decimal(text)
    elif column.kind is Kind.DATE:
        cell.value = dt.date.fromisoformat(text)
    else:
        cell.value = text
        # openpyxl takes a leading "=" for a formula; here text stays text.
        cell.data_type = "s"
    if column.kind in FORMATS:
        cell.number_format = FORMATS[column.kind]
    return cell


def _settled(book: bytes, made: dt.datetime) -> bytes:
    """The workbook without the moment of its making, in its entries and in its properties."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _with_time(content, made)
            entry = zipfile.ZipInfo(name, ENTRY_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()


def _with_time(properties: bytes, made: dt.datetime) -> bytes:
    # openpyxl stamps "modified" with now at save, whatever was set before.
    start, rest = properties.split(b"<dcterms:modified", 1)
    opening, rest = rest.split(b">", 1)
    _, end = rest.split(b"</dcterms:modified>", 1)
    stamp = made.isoformat(timespec="seconds").encode() + b"Z"
    return start + b"<dcterms:modified" + opening + b">" + stamp + b"</dcterms:modified>" + end
