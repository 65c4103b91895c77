"""JSON lines: an object a line, with header and trailer lines where a source sends them."""

from ingestion.sources.json_lines.reader import JsonLinesOptions, open_file, parse_options

# An object leaves out what is empty.
OPTIONAL_COLUMNS = True

__all__ = ["OPTIONAL_COLUMNS", "JsonLinesOptions", "open_file", "parse_options"]
