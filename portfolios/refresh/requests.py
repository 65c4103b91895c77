"""What the next refresh has to do: noted with the facts, in one transaction."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import connection

from portfolios.models import Affected, SourceInput


class NotInTransaction(RuntimeError):
    """Work was noted outside the transaction that loads its facts: a crash would lose it."""


def mark_affected(
    *,
    portfolio_ids: Iterable[int] | None = None,
    listing_ids: Iterable[int] | None = None,
    currencies: Iterable[str] | None = None,
    index_levels: bool = False,
    from_on: date,
    batch_id: int | None,
    cause: str,
) -> int:
    """Note whose figures must be computed again from ``from_on`` on; returns how many rows.

    Portfolios: their ledger changed. Listings: their prices changed. Currencies: their fixings
    changed. Index levels: only comparisons change. None of them: everything from that day on.
    ``cause`` is shown with the version.
    """
    _require_transaction()
    targets: list[dict[str, Any]] = [{"portfolio_id": key} for key in portfolio_ids or ()]
    targets += [{"listing_id": key} for key in listing_ids or ()]
    targets += [{"currency": code} for code in currencies or ()]
    if index_levels:
        targets.append({"index_levels": True})
    elif portfolio_ids is None and listing_ids is None and currencies is None:
        targets.append({})
    rows = [
        Affected(from_on=from_on, batch_id=batch_id, cause=cause, **target) for target in targets
    ]
    return len(Affected.objects.bulk_create(rows))


def note_input(
    *,
    source: str,
    received_at: datetime,
    business_date: date | None = None,
    due_at: datetime | None = None,
) -> None:
    """Note a source's newest input; the next version carries its age.

    ``business_date`` is the newest day the input speaks of, ``due_at`` when the next is expected.
    """
    _require_transaction()
    SourceInput.objects.update_or_create(
        source=source,
        defaults={
            "newest_input_at": received_at,
            "business_date": business_date,
            "due_at": due_at,
        },
    )


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise NotInTransaction(
            "Call this inside the transaction that loads the facts: transaction.atomic()."
        )
