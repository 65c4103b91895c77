"""Tells the refresh whose figures a load changes, and how fresh its source now is."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from psycopg import sql

from ingestion.definition.model import Definition
from ingestion.models import Batch, Source
from ingestion.sqlfile import fetch
from portfolios.refresh.requests import mark_affected, note_input

# The staged column that holds the day a record speaks of.
BUSINESS_DAYS = {
    "price": "on_day",
    "fx_fixing": "fixed_on",
    "index_level": "level_on",
    "event": "on_day",
    "holding": "on_day",
    "posting": "booked_on",
}


def mark(batch: Batch, definition: Definition, records: list[str]) -> None:
    """Marks what was touched, in the transaction that touched it."""
    mark_touched(batch, cause_of(batch, definition))
    mark_market(batch, cause_of(batch, definition), records)


def cause_of(batch: Batch, definition: Definition) -> str:
    """A load as the cause of a refresh."""
    return f"{definition.title}, batch {batch.pk}"


def mark_touched(batch: Batch, cause: str) -> None:
    """Marks the portfolios and listings whose facts a load changed, from the first day on."""
    portfolios: dict[date, list[int]] = defaultdict(list)
    listings: dict[date, list[int]] = defaultdict(list)
    for portfolio_id, listing_id, from_on in fetch("pipeline/sql/90_touched.sql", batch=batch.pk):
        if portfolio_id is not None:
            portfolios[from_on].append(portfolio_id)
        elif listing_id is not None:
            listings[from_on].append(listing_id)
    for from_on, ids in portfolios.items():
        mark_affected(portfolio_ids=ids, from_on=from_on, batch_id=batch.pk, cause=cause)
    for from_on, ids in listings.items():
        mark_affected(listing_ids=ids, from_on=from_on, batch_id=batch.pk, cause=cause)


def mark_market(batch: Batch, cause: str, records: list[str]) -> None:
    """Fixings concern whoever holds the currency; index levels every comparison from their day."""
    if "fx_fixing" in records:
        days: dict[date, set[str]] = defaultdict(set)
        for currency, from_on in fetch("pipeline/sql/91_touched_currencies.sql", batch=batch.pk):
            days[from_on].add(currency)
        for from_on, currencies in days.items():
            mark_affected(
                currencies=sorted(currencies), from_on=from_on, batch_id=batch.pk, cause=cause
            )
    if "index_level" in records:
        [(from_on,)] = fetch("pipeline/sql/92_touched_index.sql", batch=batch.pk)
        if from_on is not None:
            mark_affected(index_levels=True, from_on=from_on, batch_id=batch.pk, cause=cause)


def business_day(record: str) -> sql.Composable:
    """The staged column of the day that a record speaks of; an empty one where it has none."""
    if record in BUSINESS_DAYS:
        return sql.Identifier(BUSINESS_DAYS[record])
    return sql.SQL("NULL::date")


def note_newest(batch: Batch, definition: Definition, days: Iterable[date | None]) -> None:
    """The source's newest input: when it came, the day it speaks of, when the next is expected."""
    source = Source.objects.select_for_update().get(pk=batch.source_id)
    source.newest_input_at = timezone.now()
    source.business_date = max(filter(None, [source.business_date, *days]), default=None)
    source.save(update_fields=["newest_input_at", "business_date"])
    note_input(
        source=definition.name,
        received_at=source.newest_input_at,
        business_date=source.business_date,
        due_at=source.due_at,
    )
