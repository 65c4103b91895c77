"""What a definition may say about a workbook."""

import re
from dataclasses import dataclass

from ingestion.definition.section import Section
from ingestion.mapping.style import PLAIN, Style
from ingestion.sources.control import TrailerRule, trailer_rule

COLUMNS_MAX = 500
_CELL = re.compile(r"([A-Z]{1,2})([1-9][0-9]{0,3})")


@dataclass(frozen=True)
class XlsxOptions:
    """Which sheet, where its column names stand, and which cells above them tell about the file."""

    sheet: str
    names_row: int
    cells: dict[str, tuple[int, int]]
    trailer: TrailerRule | None
    count_column: str
    total_column: str
    style: Style = PLAIN


def parse_options(section: Section) -> XlsxOptions:
    """The options of a ``[file.format]`` table of kind xlsx."""
    names_row = section.number("names_row", 1)
    if not 1 <= names_row <= 1_000:
        section.wrong("names_row", f"is {names_row}; it is the row of the column names, from 1.")
    header = section.child("header", section.get("header", {}))
    cells = {name: _cell(header, name, names_row) for name in header.table}
    trailer, count, total = None, "", ""
    if "trailer" in section.table:
        child = section.child("trailer", section.get("trailer"))
        trailer = trailer_rule(child)
        count, total = child.text("count", ""), child.text("total", "")
        if not (count or total):
            child.wrong("total", "is missing; name the column of the total, or count, its count.")
        child.close()
    return XlsxOptions(section.text("sheet", ""), names_row, cells, trailer, count, total)


def _cell(section: Section, key: str, names_row: int) -> tuple[int, int]:
    """Row and column from 0 of a cell like B2."""
    found = _CELL.fullmatch(section.text(key))
    if found is None or int(found[2]) >= names_row:
        section.wrong(
            key, f"is {section.get(key)!r}; name a cell above row {names_row}, like 'B1'."
        )
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1
