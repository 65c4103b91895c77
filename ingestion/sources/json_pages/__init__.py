"""Pages of JSON: one object a page, its results in a list at a path."""

from ingestion.sources.json_pages.reader import JsonOptions, open_file, parse_options

# An object leaves out what is empty.
OPTIONAL_COLUMNS = True

__all__ = ["OPTIONAL_COLUMNS", "JsonOptions", "open_file", "parse_options"]
