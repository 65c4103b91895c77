"""How large a file may be before it is refused whole."""

from django.conf import settings

from ingestion.sources.rows import FileRefused

MEGABYTE = 1_000_000


def is_too_large(size: int) -> bool:
    """True for a file beyond the limit; its bytes are not kept."""
    return bool(size > settings.HELIO_FILE_MAX_MEGABYTES * MEGABYTE)


def refuse_too_large(size: int) -> None:
    """FileRefused for a file beyond the limit."""
    if is_too_large(size):
        raise FileRefused(
            "FILE_TOO_LARGE",
            f"the file has {size:,} bytes, more than the {settings.HELIO_FILE_MAX_MEGABYTES:,} MB"
            " that are taken (HELIO_FILE_MAX_MEGABYTES)",
        )
