"""Celery task of row-level security: the watch over sessions that raised their own limits."""

from datetime import timedelta
from typing import Final

import structlog
from celery import shared_task
from django.db import connection

log = structlog.get_logger(__name__)

# A little above what helio/database/sql/010_roles.sql sets for the web role.
STATEMENT_LIMIT: Final = timedelta(seconds=45)
IDLE_LIMIT: Final = timedelta(seconds=90)


@shared_task(name="rls.end_overdue")
def end_overdue() -> int:
    """Ends web sessions that work or wait longer than they may; returns how many.

    Each is an error in the logs: no page takes that long, so somebody switched the limits off.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, state, seconds"
            "  FROM security.end_overdue(make_interval(secs => %s), make_interval(secs => %s))",
            [STATEMENT_LIMIT.total_seconds(), IDLE_LIMIT.total_seconds()],
        )
        ended = cursor.fetchall()
    for pid, state, seconds in ended:
        log.error("database.session_overstayed", pid=pid, state=state, seconds=seconds)
    return len(ended)
