"""Fixed width: columns by their positions, record types by a tag, header and trailer records."""

from ingestion.sources.fixed_width.options import FixedOptions, parse_options
from ingestion.sources.fixed_width.reader import open_file

__all__ = ["FixedOptions", "open_file", "parse_options"]
