"""Names of fetched files, from the template in the definition."""

from datetime import UTC, datetime
from typing import Final

SAMPLE: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def file_name(template: str, at: datetime, page: int = 1) -> str:
    """The name with {time} and {date} (UTC) and {page} filled in."""
    return (
        template.replace("{time}", f"{at:%Y%m%dT%H%M%SZ}")
        .replace("{date}", f"{at:%Y-%m-%d}")
        .replace("{page}", f"{page:04d}")
    )
