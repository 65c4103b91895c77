"""SWIFT MT940: bank statements as entries and balances."""

from ingestion.sources.mt940.reader import Mt940Options, open_file, parse_options

__all__ = ["Mt940Options", "open_file", "parse_options"]
