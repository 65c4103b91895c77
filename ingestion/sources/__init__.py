"""Kinds of source, one folder each: how its options are checked and how a file is read.

A kind is a module with ``parse_options(section)`` and ``open_file(lines, options)``. A kind whose
files are not text has ``text_parts(stream, options)`` too: the file as UTF-8 text, which is what
its readers and people see, while its bytes are kept as received. ``OPTIONAL_COLUMNS = True`` says
that its records leave out what is empty, so that a missing column is no fault.
"""

from types import ModuleType

from ingestion.sources import (
    camt053,
    delimited,
    fixed_width,
    gzip_file,
    json_lines,
    json_pages,
    mt940,
    ofx,
    sql_dump,
    xlsx,
    zip_archive,
)

KINDS: dict[str, ModuleType] = {
    "delimited": delimited,
    "fixed_width": fixed_width,
    "json_pages": json_pages,
    "json_lines": json_lines,
    "xlsx": xlsx,
    "ofx": ofx,
    "mt940": mt940,
    "camt053": camt053,
    "sql_dump": sql_dump,
}
# A container is opened while landing: its members become files of their own.
CONTAINERS: dict[str, ModuleType] = {"zip": zip_archive, "gz": gzip_file}


def names_columns(kind: str) -> bool:
    """True for a kind whose records have all their columns, so that one that lacks is a fault."""
    return not getattr(KINDS[kind], "OPTIONAL_COLUMNS", False)


__all__ = ["CONTAINERS", "KINDS", "names_columns"]
