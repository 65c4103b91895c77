"""ISO 20022 camt.053: bank statements as entries and balances."""

from ingestion.sources.camt053.reader import CamtOptions, open_file, parse_options

__all__ = ["CamtOptions", "open_file", "parse_options"]
