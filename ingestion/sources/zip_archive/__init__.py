"""Zip archives: their members are landed as files of their own."""

from ingestion.sources.zip_archive.members import Member, claims, members

__all__ = ["Member", "claims", "members"]
