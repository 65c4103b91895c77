"""Keeps which records of a load had been delivered before, while they are still staged."""

from typing import Final

from psycopg import sql

from ingestion.models import Batch
from ingestion.sqlfile import run
from ingestion.staging.stage import table

# What a repeated record is about, and of which day. Master data is stated again by its nature.
ABOUT: Final[dict[str, tuple[str, str]]] = {
    "event": (
        "staged.reference || ' v' || coalesce(staged.version, 0)",
        "(staged.known_from AT TIME ZONE 'UTC')::date",
    ),
    "price": (
        "coalesce(listing.key, staged.identifier) || ' rev ' || coalesce(staged.revision, 0)",
        "staged.on_day",
    ),
    "posting": ("staged.posting_no", "staged.booked_on"),
    "holding": (
        "concat_ws(' ', staged.portfolio_key, coalesce(listing.key, staged.identifier))",
        "staged.on_day",
    ),
}


def note(records: list[str], batch: Batch) -> None:
    """Notes the repeated records of each kind staged; bounded for each file."""
    for record in records:
        if record in ABOUT:
            subject, day = ABOUT[record]
            names = {"staging": table(record), "subject": sql.SQL(subject), "day": sql.SQL(day)}
            run("quality/sql/815_repeats_more.sql", names, batch=batch.pk, record=record)
            run("quality/sql/820_repeats.sql", names, batch=batch.pk, record=record)
