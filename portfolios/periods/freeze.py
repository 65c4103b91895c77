"""The worker's part of closing months: figures frozen, and compared with what they are now."""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from helio.audit import actions as audit
from portfolios import statements
from portfolios.models import ClosedRestatement, PeriodClose, Version
from portfolios.signals import period_changed


def freeze_asked() -> int:
    """Closes every month that waits, as the worker; returns how many there were."""
    waiting = list(
        PeriodClose.objects.filter(state=PeriodClose.State.ASKED).values_list("pk", flat=True)
    )
    return sum(_freeze(pk) for pk in waiting)


@transaction.atomic
def _freeze(pk: int) -> bool:
    """Keeps the month's figures of one version; False when another worker has done it.

    The audit trail wants each statement to see what is committed, so the version is told apart
    by looking before and after: a refresh that lands between waits for the next look.
    """
    period = (
        PeriodClose.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk, state=PeriodClose.State.ASKED)
        .first()
    )
    if period is None:
        return False
    version = _newest()
    _month_figures(period.month)
    if _newest() != version:
        _forget()
        return False
    frozen = statements.run("periods/20_freeze", close=period.pk)
    _forget()
    period.state = PeriodClose.State.CLOSED
    period.closed_at = timezone.now()
    period.version_number = version
    period.valued_on = max((valued_on for _, valued_on in frozen), default=None)
    period.portfolio_count = len(frozen)
    period.save()
    audit.record(
        action="period closed",
        object=str(period),
        by=None,
        version=version,
        close=period.pk,
        asked_by=period.asked_by.get_username(),
        portfolios=len(frozen),
    )
    words = str(period)
    transaction.on_commit(lambda: period_changed.send(sender=PeriodClose, period=words))
    return True


def _newest() -> int:
    return Version.objects.latest("number").number


@transaction.atomic
def note_restatements(from_on: date) -> int:
    """Notes which closed months, from a day on, have other figures now; how many rows differ."""
    closed = PeriodClose.objects.filter(
        state=PeriodClose.State.CLOSED, month__gte=from_on.replace(day=1)
    )
    for period in closed:
        _month_figures(period.month)
        statements.run("periods/30_restated", close=period.pk, version=period.version_number)
        _forget()
    return ClosedRestatement.objects.filter(close__in=closed).count()


def _month_figures(month: date) -> None:
    statements.run("periods/10_month_figure", month=month)


def _forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE month_figure")
