"""The one verb of the trail: record an event in the transaction of what it records."""

from __future__ import annotations

from typing import Any, Protocol

from django.db import transaction

from helio.audit.chain import Verification
from helio.audit.models import VERIFIED, Event


class Person(Protocol):
    """Whoever acts: in the web process the database replaces this by the signed identity."""

    pk: Any

    def get_username(self) -> str: ...


class NotInTransactionError(RuntimeError):
    """An event was about to be written apart from what it records."""


def record(
    *,
    action: str,
    object: str,  # noqa: A002  the trail's own word for what was acted on
    by: Person | None,
    portfolio: int | None = None,
    version: int | None = None,
    **detail: Any,
) -> Event:
    """The event as the database chained it.

    ``by`` counts only outside the web process (None: the process itself, "helio_worker"); the
    web role's events carry the person that its signed identity proves, whatever is passed here.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransactionError(
            f"The event “{action}” needs the transaction of what it records; open one around both."
        )
    return Event.objects.create(
        action=action,
        object=object,
        actor_id=by.pk if by else None,
        actor=by.get_username() if by else "",
        portfolio_id=portfolio,
        version_number=version,
        detail=detail,
    )


def record_verification(found: Verification, *, by: Person | None) -> Event:
    """The event that says when the chain was verified, up to where, and with what result."""
    return record(
        action=VERIFIED,
        object="audit trail",
        by=by,
        intact=found.intact,
        events=found.events,
        head=found.head,
        problem=found.problem,
    )
