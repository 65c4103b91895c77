"""Delimited text: any delimiter, with or without header record, control record and quoting."""

from ingestion.sources.delimited.options import DelimitedOptions, parse_options
from ingestion.sources.delimited.reader import open_file

__all__ = ["DelimitedOptions", "open_file", "parse_options"]
