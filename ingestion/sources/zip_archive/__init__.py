"""Zip archives: their members are landed as files of their own."""

from ingestion.sources.zip_archive.members import Member, is_zip, members

__all__ = ["Member", "is_zip", "members"]
