"""The one verb of the trail: record an event in the transaction of what it records."""

from __future__ import annotations

import json
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from helio.audit.chain import Verification
from helio.audit.models import VERIFIED

RECORD = (
    "SELECT security.record(%s::text, %s::text, %s::integer, %s::integer, %s::jsonb,"
    " %s::integer, %s::text)"
)


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
) -> None:
    """Notes the event; the database chains it when the transaction commits, or forgets both.

    ``by`` counts only outside the web process (None: the process itself, "helio_worker"); the
    web role's events carry the person that its signed identity proves, whatever is passed here.
    """
    if not transaction.get_connection().in_atomic_block:
        raise NotInTransactionError(
            f"The event “{action}” needs the transaction of what it records; open one around both."
        )
    with transaction.get_connection().cursor() as cursor:
        cursor.execute(
            RECORD,
            [
                *(action, object, portfolio, version),
                json.dumps(detail, cls=DjangoJSONEncoder),
                *((by.pk, by.get_username()) if by else (None, "")),
            ],
        )


def record_verification(found: Verification, *, by: Person | None) -> None:
    """Notes when the chain was verified, up to where, and with what result."""
    record(
        action=VERIFIED,
        object="audit trail",
        by=by,
        intact=found.intact,
        events=found.events,
        head=found.head,
        shipped_heads=found.heads,
        problem=found.problem,
    )
