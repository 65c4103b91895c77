"""CSV as interface.md has it: UTF-8, dot decimals, ISO dates, text that no spreadsheet executes.

Pure functions on cells that already have their machine form; shared by exports and audit.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

# What makes Excel, LibreOffice or Google Sheets read a cell as a formula (OWASP, "CSV injection").
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK: Final = "\ufeff"


@dataclass(frozen=True)
class Profile:
    """How a reader's program expects the file."""

    delimiter: str = ","
    decimal_mark: str = "."
    byte_order_mark: bool = False


PLAIN: Final = Profile()
# By the reader's language: spreadsheets take their separators from it.
EXCEL: Final = Profile(byte_order_mark=True)
EXCEL_DECIMAL_COMMA: Final = Profile(delimiter=";", decimal_mark=",", byte_order_mark=True)
DECIMAL_COMMA_LANGUAGES: Final = frozenset(
    {"bg", "cs", "da", "de", "el", "es", "fi", "fr", "hu", "it", "nl", "nb", "no", "pl", "pt"}
    | {"ro", "ru", "sk", "sl", "sv", "tr", "uk"}
)


def profile_for(name: str | None, accept_language: str = "") -> Profile:
    """The profile that ``?profile=`` names, with the separators of the reader's language."""
    if name != "excel":
        return PLAIN
    language = accept_language.split(",")[0].split(";")[0].split("-")[0].strip().lower()
    return EXCEL_DECIMAL_COMMA if language in DECIMAL_COMMA_LANGUAGES else EXCEL


def neutral(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet would read it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    numeric: Sequence[bool],
    profile: Profile = PLAIN,
) -> bytes:
    """The file. ``numeric`` says by column which cells are numbers: those are never neutralised."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=profile.delimiter, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(
            cell.replace(".", profile.decimal_mark) if is_number else neutral(cell)
            for cell, is_number in zip(row, numeric, strict=True)
        )
    mark = BYTE_ORDER_MARK if profile.byte_order_mark else ""
    return (mark + out.getvalue()).encode("utf-8")
