"""Workbooks (XLSX): rows of a sheet below its column names."""

from ingestion.sources.xlsx.options import XlsxOptions, parse_options
from ingestion.sources.xlsx.reader import open_file
from ingestion.sources.xlsx.render import text_parts

__all__ = ["XlsxOptions", "open_file", "parse_options", "text_parts"]
