"""A workbook as text, while it lands: each row of each sheet one line of cells between tabs.

The bytes are kept as received; this text is what people see beside a fact, and what is read. A
line begins with the sheet and the row, as in ``Holdings!5``.
"""

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ingestion.sources.guard import DAMAGE
from ingestion.sources.rows import FileRefused
from ingestion.sources.xlsx.options import COLUMNS_MAX, XlsxOptions

EXPANDED_MAX = 400_000_000
RATIO_MAX = 400
SHEETS_MAX = 50
CELL_MAX = 32_767  # Excel's own
BATCH_ROWS = 500
# A sheet may claim a million rows and hold none; nobody sends so many blank ones in a row.
BLANK_MAX = 10_000

# What a damaged or hostile workbook makes openpyxl raise.
_FAULTS = (
    *DAMAGE, KeyError, ValueError, TypeError, AttributeError, IndexError, AssertionError,
    SyntaxError, InvalidFileException, OverflowError, StopIteration,
)  # fmt: skip


def text_parts(stream: IO[bytes], options: XlsxOptions) -> Iterator[bytes]:
    """The workbook as UTF-8 lines; FileRefused for what is none, or a bomb."""
    try:
        _check(stream)
        with _quiet():
            workbook = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
            for sheet in sheets[:SHEETS_MAX]:
                yield from _sheet(sheet)
        finally:
            workbook.close()
    except FileRefused:
        raise
    except _FAULTS as error:
        raise FileRefused(
            "UNREADABLE_FILE",
            f"not a readable workbook: {type(error).__name__}",
            "The file is not a readable workbook (XLSX).",
        ) from error


def _check(stream: IO[bytes]) -> None:
    with zipfile.ZipFile(stream) as archive:
        infos = archive.infolist()
        packed = sum(info.compress_size for info in infos)
        expanded = sum(info.file_size for info in infos)
        if expanded > EXPANDED_MAX or expanded > RATIO_MAX * max(packed, 1):
            raise FileRefused("ARCHIVE_TOO_LARGE", "the workbook expands beyond the limit")
    stream.seek(0)


def _quiet() -> AbstractContextManager[object]:
    """openpyxl warns of what it passes over (styles, extensions): nothing that has a value."""
    return warnings.catch_warnings(action="ignore", category=UserWarning)


def _sheet(sheet: Any) -> Iterator[bytes]:
    """The lines of a sheet, some rows at a time."""
    rows = enumerate(sheet.iter_rows(values_only=True), 1)
    blank = 0
    while blank <= BLANK_MAX:
        with _quiet():
            some = list(islice(rows, BATCH_ROWS))
        if not some:
            return
        lines = []
        for number, cells in some:
            texts = [_text(cell) for cell in cells]
            while texts and not texts[-1]:
                texts.pop()
            if len(texts) > COLUMNS_MAX:
                raise FileRefused("UNREADABLE_FILE", f"a row of more than {COLUMNS_MAX} cells")
            blank = 0 if texts else blank + 1
            lines.append("\t".join([f"{sheet.title}!{number}", *texts]) + "\n")
        yield "".join(lines).encode()


def _text(cell: Any) -> str:
    """A cell as text: numbers exact to the 15 digits that a workbook keeps, days in ISO writing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return format(Decimal(format(cell, ".15g")), "f")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return " ".join(str(cell)[:CELL_MAX].replace("\t", " ").splitlines()).strip()
