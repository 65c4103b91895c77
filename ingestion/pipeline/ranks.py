"""Ranks of sources that change: kept with their time, and felt by what is believed from then on."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from django.utils import timezone
from psycopg import sql

from ingestion.definition.model import Definition
from ingestion.load.versions import VERSIONED, believe, target
from ingestion.models import Batch, Source, SourceRank
from ingestion.pipeline import affected
from ingestion.pipeline.wave import lock_load
from ingestion.sqlfile import fetch, run

# What a source says when it is defined counts as said all along.
BEGINNING: Final = datetime(1900, 1, 1, tzinfo=UTC)


def ranks_of(source: Source) -> dict[str, int]:
    """The rank that a source has now, by kind of record; kinds it never ranked are left out."""
    rows = SourceRank.objects.filter(source=source).order_by("known_from", "pk")
    return {row.record: row.rank for row in rows}


def order_of(record: str) -> list[tuple[Source, int]]:
    """The sources that state a kind of record and have a rank for it, who decides first."""
    ranked = [(source, ranks_of(source).get(record)) for source in Source.objects.all()]
    return sorted(
        ((source, rank) for source, rank in ranked if rank is not None), key=lambda pair: pair[1]
    )


def set_ranks(source: Source, definition: Definition, *, new: bool, by: str) -> list[str]:
    """What changed, in words; facts that now have another deciding source have it from now on.

    Nothing that was believed before changes: rows of before are closed, and those of the source
    that now decides are written again.
    """
    before = ranks_of(source)
    changes = _changes(before, definition.precedence)
    if not changes:
        return []
    lock_load()
    at = BEGINNING if new else timezone.now()
    for record, rank in changes.items():
        SourceRank.objects.create(source=source, record=record, rank=rank, known_from=at)
    words = [
        f"precedence of {record} {before.get(record, SourceRank.UNSAID)} → {rank}"
        for record, rank in changes.items()
    ]
    if not new:
        _judge(source, definition, list(changes), words, by)
    return words


def _changes(before: Mapping[str, int], said: Mapping[str, int]) -> dict[str, int]:
    """Ranks that differ from before; one that is said no more is what it is unsaid."""
    unsaid = dict.fromkeys(before.keys() - said.keys(), SourceRank.UNSAID)
    wanted = {**unsaid, **said}
    return {
        record: rank
        for record, rank in sorted(wanted.items())
        if rank != before.get(record, SourceRank.UNSAID)
    }


def _judge(
    source: Source, definition: Definition, records: list[str], words: list[str], by: str
) -> None:
    batch = Batch.objects.create(
        source=source, started_by=by, sentence=f"{', '.join(words).capitalize()}."
    )
    for record in records:
        spec = VERSIONED[record]
        names: dict[str, sql.Composable] = {
            "target": target(record),
            "fact": sql.SQL(", ".join(f"t.{name}" for name in spec.identity)),
        }
        if run(
            "load/sql/precedence/110_stated_by_several.sql", names, batch=batch.pk, source=source.pk
        ):
            _mark_market(record, batch, definition)
            believe(record, batch.pk)
    affected.mark_touched(batch, f"{definition.title}, precedence")
    run("load/sql/precedence/140_marked.sql", batch=batch.pk)
    batch.state, batch.ended_at = Batch.State.DONE, timezone.now()
    batch.save(update_fields=["state", "ended_at"])


def _mark_market(record: str, batch: Batch, definition: Definition) -> None:
    cause = f"{definition.title}, precedence"
    if record == "fx_fixing":
        for currency, from_on in fetch("load/sql/precedence/120_currencies.sql", batch=batch.pk):
            affected.mark_affected(
                currencies=[currency], from_on=from_on, batch_id=batch.pk, cause=cause
            )
    if record == "index_level":
        [(from_on,)] = fetch("load/sql/precedence/130_levels.sql", batch=batch.pk)
        affected.mark_affected(index_levels=True, from_on=from_on, batch_id=batch.pk, cause=cause)
