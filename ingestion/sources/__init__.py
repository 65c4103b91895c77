"""Kinds of source, one folder each: how its options are checked and how a file is read."""

from ingestion.sources import delimited, json_pages, sql_dump, zip_archive

# A kind is a module with parse_options(section) and open_file(lines, options).
KINDS = {
    "delimited": delimited,
    "json_pages": json_pages,
    "sql_dump": sql_dump,
}
# A container is opened while landing: its members become files of their own.
CONTAINERS = {"zip": zip_archive}

__all__ = ["CONTAINERS", "KINDS"]
