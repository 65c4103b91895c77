"""A plain SQL dump: CREATE TABLE and INSERT … VALUES, read without running any of it."""

from ingestion.sources.sql_dump.reader import DumpOptions, open_file, parse_options

__all__ = ["DumpOptions", "open_file", "parse_options"]
