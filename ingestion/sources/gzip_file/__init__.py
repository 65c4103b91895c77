"""One file compressed by gzip: it is landed as a file of its own, under its name without .gz."""

from ingestion.sources.gzip_file.members import claims, members

__all__ = ["claims", "members"]
