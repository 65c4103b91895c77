"""One run of all checks: each in its own transaction, so that one that fails stops no other."""

from time import perf_counter

import structlog
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ingestion.models import Finding, QualityRun
from ingestion.quality import custody, files, prices, results, sources, trades
from ingestion.quality.check import Check, Looks
from ingestion.quality.frames import WrongFrame, findings
from ingestion.quality.keep import keep
from ingestion.quality.scope import Scope

log = structlog.get_logger(__name__)

CHECKS = (
    files.CHECKS + trades.CHECKS + prices.CHECKS + sources.CHECKS + custody.CHECKS + results.CHECKS
)
# Any number that nothing else locks with: one run at a time.
LOCK = 7_301_012


def run_checks(*, cause: str, everything: bool = False) -> QualityRun | None:
    """The last finished run; None when there is nothing new, or another run is at it.

    Looks again after each run, for those who asked meanwhile and found this one at work.

    A check that fails is told in the run and as a finding CHECK_FAILED, and is looked at again
    with everything by the next run; it never harms what was loaded.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return None
    try:
        run = _run(cause, everything)
        while run is not None and not run.problems and (following := _run(cause, False)):
            run = following
        return run
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _run(cause: str, everything: bool) -> QualityRun | None:
    last = QualityRun.objects.filter(ended_at__isnull=False).order_by("-pk").first()
    scope = Scope.now(last, everything=everything or bool(last and last.problems))
    if scope.is_empty:
        return None
    run = QualityRun.objects.create(
        cause=cause,
        everything=scope.everything,
        batch_to=scope.batch_to,
        version_to=scope.version_to,
        marks=scope.marks,
    )
    for check in CHECKS:
        _tried(check, scope, run)
    _tell_of_problems(scope, run)
    run.ended_at = timezone.now()
    run.save()
    log.info("quality.done", run=run.pk, raised=run.raised, closed=run.closed, steps=run.steps)
    return run


def _tried(check: Check, scope: Scope, run: QualityRun) -> None:
    """Runs one check; what goes wrong is noted in the run."""
    started = perf_counter()
    try:
        with transaction.atomic():
            raised, closed = keep(check, check.find(scope), scope)
    except (DatabaseError, WrongFrame, ArithmeticError, LookupError) as error:
        log.exception("quality.check_failed", check=check.name)
        run.problems[check.name] = f"{type(error).__name__}: {error}"[:1000]
    else:
        run.raised += raised
        run.closed += closed
    run.steps[check.name] = round((perf_counter() - started) * 1000)


def _tell_of_problems(scope: Scope, run: QualityRun) -> None:
    """A check that fails is a finding itself; it closes when the check works again."""
    told = findings(
        [
            {
                "code": "CHECK_FAILED",
                "source": "helio",
                "subject": name,
                "finding_day": None,
                "sentence": "This check could not be run: what it would find is not known.",
                "evidence": {"numbers": {"reason": sentence}, "rows": []},
                "portfolio_id": None,
                "listing_id": None,
                "known_from": None,
                "closed_because": "",
            }
            for name, sentence in run.problems.items()
        ]
    )
    itself = Check("checks", ("CHECK_FAILED",), Looks.EVERYWHERE, lambda _: told)
    with transaction.atomic():
        raised, closed = keep(itself, told, scope)
    run.raised += raised
    run.closed += closed


def open_findings() -> dict[str, int]:
    """How many findings wait for somebody, by severity."""
    waiting = Finding.objects.filter(state__in=("open", "acknowledged"))
    return {
        severity: waiting.filter(severity=severity).count() for severity in Finding.Severity.values
    }
