"""What operations do to months: each verb one transaction, with its event in the audit trail."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from helio.accounts.models import User
from helio.audit import actions as audit
from portfolios.figures.days import head
from portfolios.models import PeriodClose
from portfolios.signals import period_changed


class CannotClose(Exception):
    """The month cannot be closed or reopened; the message says why."""


@transaction.atomic
def close(*, month: date, by: User) -> PeriodClose:
    """Asks for the month that begins on that day to be closed; the worker freezes its figures.

    A month is closed once it is over: there is a valuation day after it.
    """
    if month.day != 1:
        raise ValueError("A month is told by its first day.")
    asked = PeriodClose(month=month, asked_by=by)
    newest = head()
    if newest is None or newest.as_of < _next(month):
        raise CannotClose(f"{asked} is not over: there are no figures of a later day yet.")
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError as taken:
        raise CannotClose(f"{asked} is closed already, or is being closed.") from taken
    audit.record(action="period close asked for", object=str(asked), by=by, close=asked.pk)
    return asked


@transaction.atomic
def reopen(*, period: PeriodClose, reason: str, by: User) -> None:
    """The month is open again: what was restated counts, until somebody closes it again."""
    if not reason.strip():
        raise CannotClose("Say why it is reopened; the reason stays with it.")
    changed = PeriodClose.objects.filter(pk=period.pk, state=PeriodClose.State.CLOSED).update(
        state=PeriodClose.State.REOPENED,
        reopened_at=timezone.now(),
        reopened_by=by,
        reopen_reason=reason.strip(),
    )
    if not changed:
        raise CannotClose(f"{period} is not closed, so nothing was changed.")
    audit.record(
        action="period reopened", object=str(period), by=by, close=period.pk, reason=reason.strip()
    )
    words = str(period)
    transaction.on_commit(lambda: period_changed.send(sender=PeriodClose, period=words))


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
