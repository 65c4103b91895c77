"""OFX 1 and 2: statements of banks, cards and brokers; transactions, positions and balances."""

from ingestion.sources.ofx.reader import OfxOptions, open_file, parse_options

# A transaction leaves out what is empty.
OPTIONAL_COLUMNS = True

__all__ = ["OPTIONAL_COLUMNS", "OfxOptions", "open_file", "parse_options"]
