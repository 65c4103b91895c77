"""Retention: raw bytes go when their time is over; lines, hashes, counts and facts stay.

How long is a source's own rule ([retention] in its definition). The database lets nobody delete a
received byte but one function, which judges the rule itself (landing/sql/040_expire.sql).
"""

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection, transaction

from helio.audit import actions as audit
from ingestion.models import Source

log = structlog.get_logger(__name__)

AT_ONCE = 200
DAY_SECONDS = 86_400
CALL = "SELECT * FROM security.expire_bytes(%s, %s)"


@dataclass(frozen=True)
class Expired:
    """A file whose bytes went, or would go."""

    file: int
    source: str
    name: str
    size: int
    received_at: datetime


def expire(*, dry: bool = False) -> list[Expired]:
    """The files whose bytes were let go; with ``dry`` those that would be. Audited by source."""
    if dry:
        return _call(dry=True, most=1_000_000)
    gone: list[Expired] = []
    while found := _some():
        gone += found
    for source in Source.objects.exclude(keep_bytes_days=None):
        _clear_copies(source)
    log.info("retention.done", files=len(gone))
    return gone


@transaction.atomic
def _some() -> list[Expired]:
    """Lets some go, together with what the audit trail says of them."""
    found = _call(dry=False, most=AT_ONCE)
    by_source: dict[str, list[Expired]] = defaultdict(list)
    for each in found:
        by_source[each.source].append(each)
    for source, files in by_source.items():
        audit.record(
            action="bytes expired",
            object=source,
            by=None,
            files=[each.file for each in files],
            size=sum(each.size for each in files),
        )
    return found


def _call(*, dry: bool, most: int) -> list[Expired]:
    with connection.cursor() as cursor:
        cursor.execute(CALL, [dry, most])
        return [Expired(*row) for row in cursor.fetchall()]


def _clear_copies(source: Source) -> None:
    """Removes the copies that were filed away after they were taken in, by the same rule."""
    if source.keep_bytes_days is None:
        return
    oldest = time.time() - source.keep_bytes_days * DAY_SECONDS
    for folder in ("processed", "quarantine"):
        for path in Path(settings.HELIO_HOME, folder, source.name).glob("*"):
            # The time of the last change of state: when the file was moved here.
            if path.is_file() and not path.is_symlink() and path.lstat().st_ctime < oldest:
                path.unlink(missing_ok=True)
