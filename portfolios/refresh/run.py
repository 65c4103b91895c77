"""refresh(): brings all figures up to the facts, one run at a time.

One transaction holds the lock, takes what was noted, values, refreshes the rollups and inserts the
version, so that readers see all of it or nothing. A request that arrives meanwhile notes its work
before it asks for the lock: the runner looks again after its commit and runs once more.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import SerializationFailure

from portfolios.models import RefreshRun, Version
from portfolios.refresh import cycle
from portfolios.signals import figures_refreshed

log = structlog.get_logger(__name__)

# Any number that nothing else locks with.
LOCK: Final = 0x48454C494F
ATTEMPTS: Final = 5


class RefreshInTransaction(RuntimeError):
    """refresh() was called inside a transaction, which could not see one state of the facts."""


@dataclass(frozen=True)
class RefreshReport:
    """How a request ended: refreshed, unchanged, or coalesced into the run under way."""

    outcome: str
    version: int | None = None
    steps: dict[str, int] = field(default_factory=dict)


COALESCED: Final = RefreshReport("coalesced")


def refresh(*, cause: str) -> RefreshReport:
    """Bring the figures up to the facts; says what came of it.

    Raises what went wrong, after recording it: the last good version stands.
    """
    if connection.in_atomic_block:
        raise RefreshInTransaction("Call refresh() outside any transaction.")
    report = _cycle(cause)
    while report.outcome != COALESCED.outcome and cycle.is_due():
        following = _cycle(cause)
        if following.outcome != RefreshRun.Outcome.UNCHANGED:
            report = following
    return report


def _cycle(cause: str) -> RefreshReport:
    started_at = timezone.now()
    try:
        result = _retried(cause)
    except Exception as error:
        _record(started_at, cause, RefreshRun.Outcome.FAILED, sentence=_sentence(error))
        log.exception("refresh.failed", cause=cause)
        raise
    if result is None:
        return COALESCED
    version, sentence = result
    if version is None:
        _record(started_at, cause, RefreshRun.Outcome.UNCHANGED, sentence=sentence)
        return RefreshReport(RefreshRun.Outcome.UNCHANGED.value)
    _record(started_at, cause, RefreshRun.Outcome.REFRESHED, version=version, sentence=sentence)
    log.info("refresh.done", version=version.number, steps=version.steps)
    figures_refreshed.send(sender=Version, version=version.number)
    return RefreshReport(RefreshRun.Outcome.REFRESHED.value, version.number, version.steps)


def _retried(cause: str) -> cycle.Result | None:
    """What came of the cycle; None when another one holds the lock.

    A run that ended between our snapshot and our lock makes the database refuse ours: once more.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _locked(cause)
        except OperationalError as error:
            if attempt == ATTEMPTS or not isinstance(error.__cause__, SerializationFailure):
                raise
    raise AssertionError("the last attempt returns or raises")


def _locked(cause: str) -> cycle.Result | None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return None
    return cycle.run(cause=cause) if cycle.is_due() else cycle.Result(None)


def _record(
    started_at: datetime,
    cause: str,
    outcome: RefreshRun.Outcome,
    *,
    version: Version | None = None,
    sentence: str = "",
) -> None:
    RefreshRun.objects.create(
        started_at=started_at,
        ended_at=timezone.now(),
        cause=cause,
        outcome=outcome,
        version=version,
        sentence=sentence,
    )


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".strip()
