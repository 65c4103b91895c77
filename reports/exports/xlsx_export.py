"""The dataset as a workbook that is the same to the byte each time."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Final

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font

from helio.columns import Column, Kind
from reports.exports.dataset import Dataset

FORMATS: Final = {
    Kind.MONEY: "#,##0.00",
    Kind.UNITS: "#,##0.####",
    Kind.RATE: "#,##0.00####",
    Kind.SHARE: "0.00%",
    Kind.RATIO: "0.0000",
    Kind.COUNT: "0",
    Kind.DATE: "yyyy-mm-dd",
}
# The oldest time a zip entry can carry; the workbook's own dates come from the version.
ENTRY_TIME: Final = (1980, 1, 1, 0, 0, 0)


def render(dataset: Dataset) -> bytes:
    """A workbook of one sheet: numbers as numbers, text as text, never as a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(dataset.report)
    sheet.freeze_panes = "A2"
    heading = [WriteOnlyCell(sheet, column.name) for column in dataset.columns]
    for title in heading:
        title.font = Font(bold=True)
    sheet.append(heading)
    for row in dataset.rows:
        sheet.append([_cell(sheet, text, c) for text, c in zip(row, dataset.columns, strict=True)])
    made = dt.datetime.fromisoformat(dataset.version_at).replace(tzinfo=None)
    book.properties.created = book.properties.modified = made
    book.properties.creator = "Helio"
    book.properties.title = dataset.title
    out = io.BytesIO()
    book.save(out)
    return _settled(out.getvalue(), made)


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
