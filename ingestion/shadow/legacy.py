"""The cells of a legacy report; a file that is none is refused with a sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from ingestion.shadow.layout import Layout, Sheet


class NoLegacyReport(ValueError):
    """The file is not the report it was said to be; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a fund's figure of a month; ``value`` is None where it is empty or failed."""

    path: Path
    line_no: int
    sheet: Sheet
    fund: str
    currency: str
    month: tuple[int, int]
    text: str
    value: Decimal | None

    @property
    def is_empty(self) -> bool:
        """True when the report says nothing, not even that it failed."""
        return not self.text


def read_cells(path: Path, layout: Layout) -> list[Cell]:
    """Every cell of the file. Raises NoLegacyReport."""
    try:
        lines = path.read_text(encoding=layout.encoding).splitlines()
    except OSError as error:
        raise NoLegacyReport(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeError:
        raise NoLegacyReport(f"{path} is not {layout.encoding} text.") from None
    cells = list(_cells(path, lines, layout))
    if not cells:
        titles = "; ".join(sheet.title for sheet in layout.sheets)
        raise NoLegacyReport(f"{path} has none of the blocks: {titles}.")
    return cells


def _cells(path: Path, lines: Sequence[str], layout: Layout) -> Iterator[Cell]:
    titles = {sheet.title: sheet for sheet in layout.sheets}
    sheet: Sheet | None = None
    columns: list[str] = []
    for line_no, line in enumerate(lines, start=1):
        fields = [field.strip() for field in line.split(layout.delimiter)]
        if not any(fields):
            sheet = None
        elif fields[0] in titles:
            sheet, columns = titles[fields[0]], []
        elif sheet and not columns:
            columns = _columns(path, line_no, fields, layout)
        elif sheet:
            yield from _row(path, line_no, fields, columns, sheet, layout)


def _columns(path: Path, line_no: int, fields: list[str], layout: Layout) -> list[str]:
    for wanted in (layout.fund, layout.currency):
        if wanted not in fields:
            raise NoLegacyReport(f"{path}, line {line_no}: there is no column {wanted}.")
    return fields


def _row(
    path: Path, line_no: int, fields: list[str], columns: list[str], sheet: Sheet, layout: Layout
) -> Iterator[Cell]:
    if len(fields) != len(columns):
        raise NoLegacyReport(
            f"{path}, line {line_no}: {len(fields)} fields under {len(columns)} columns."
        )
    row = dict(zip(columns, fields, strict=True))
    fund, currency = row.pop(layout.fund), row.pop(layout.currency)
    for name, text in row.items():
        if name:
            month, value = _month(path, name, layout), _value(path, line_no, text, layout)
            yield Cell(path, line_no, sheet, fund, currency, month, text, value)


def _month(path: Path, name: str, layout: Layout) -> tuple[int, int]:
    word, _, year = name.partition(" ")
    if word not in layout.months or not (year.isdecimal() and len(year) == 2):
        raise NoLegacyReport(f"{path}: “{name[:20]}” is no month; they look like JAN 24.")
    return date(2000 + int(year), layout.months.index(word) + 1, 1).timetuple()[:2]


def _value(path: Path, line_no: int, text: str, layout: Layout) -> Decimal | None:
    if not text or text in layout.failed:
        return None
    try:
        value = Decimal(text.replace(layout.grouping, ""))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise NoLegacyReport(f"{path}, line {line_no}: “{text[:20]}” is no number.")
    return value
