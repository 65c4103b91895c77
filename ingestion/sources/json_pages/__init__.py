"""Pages of JSON: one object a page, its results in a list at a path."""

from ingestion.sources.json_pages.reader import JsonOptions, open_file, parse_options

__all__ = ["JsonOptions", "open_file", "parse_options"]
