"""What operations do: each verb one transaction, with its event in the audit trail."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from helio.accounts.models import User
from helio.audit import actions as audit
from ingestion.models import ExceptionItem, Resend, Source, SourceFile, WorkRequest
from ingestion.operations.resending import OPEN
from ingestion.pipeline.take import CODE


class AlreadySettled(Exception):
    """The exception was settled meanwhile; the message says so."""

    def __init__(self) -> None:
        super().__init__("It was settled meanwhile, so nothing was changed.")


@transaction.atomic
def set_aside(item: ExceptionItem, *, reason: str, by: User) -> None:
    """The record stays without effect, and nobody need look at it again; the reason is kept."""
    changed = ExceptionItem.objects.filter(pk=item.pk, state__in=OPEN).update(
        state=ExceptionItem.State.DISMISSED,
        outcome="set aside",
        settled_at=timezone.now(),
        settled_by=by,
        note=reason,
    )
    _changed(changed)
    _record("exception set aside", item, by=by, detail={"reason": reason})


@transaction.atomic
def take_over(item: ExceptionItem, *, by: User) -> None:
    """From now on that person looks after the exception."""
    changed = ExceptionItem.objects.filter(pk=item.pk, state__in=OPEN).update(owner=by)
    _changed(changed)
    _record("exception taken over", item, by=by)


@transaction.atomic
def ask(kind: WorkRequest.Kind, source: Source, *, by: User) -> None:
    """Asks the worker, unless the same already waits for it."""
    waiting = WorkRequest.objects.filter(
        kind=kind, source=source, state=WorkRequest.State.ASKED
    ).exists()
    if not waiting:
        # Only the columns that the database lets operations fill.
        request = WorkRequest(kind=kind, source=source, asked_by=by)
        request.save(force_insert=True)
    audit.record(action=f"{kind.value} asked for", object=source.name, by=by)


@transaction.atomic
def ask_to_take(item: ExceptionItem, *, reason: str, by: User) -> None:
    """Asks the worker to take this content instead of the first, unless that already waits."""
    if not item.is_open or item.code != CODE:
        raise AlreadySettled
    waiting = WorkRequest.objects.filter(item=item, state=WorkRequest.State.ASKED).exists()
    if not waiting:
        request = WorkRequest(
            kind=WorkRequest.Kind.TAKE, source=item.source, item=item, reason=reason, asked_by=by
        )
        request.save(force_insert=True)
    _record("other content asked for", item, by=by, detail={"reason": reason})


@transaction.atomic
def hand_out(file: SourceFile, exception_ids: Sequence[int], *, by: User) -> Resend:
    """The number under which rejects of a file leave, to be mended and sent again."""
    resend = Resend.objects.create(file=file, exception_ids=list(exception_ids), made_by=by)
    audit.record(
        action="rejects handed out",
        object=file.name,
        by=by,
        resend=resend.pk,
        file=file.pk,
        exceptions=len(exception_ids),
    )
    return resend


def _changed(number: int) -> None:
    if not number:
        raise AlreadySettled


def _record(
    action: str, item: ExceptionItem, *, by: User, detail: Mapping[str, Any] | None = None
) -> None:
    audit.record(
        action=action,
        object=item.reference,
        by=by,
        exception=item.pk,
        code=item.code,
        file=item.file_id,
        line=item.line_no,
        **(detail or {}),
    )
