"""Facts whose mapping ended lose effect: found by reading their source lines again.

No fact keeps the code it was named by, and need not: its line does. The files that may concern are
read by their definitions once more, and what names the code goes back to quarantine.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection
from psycopg import sql

from ingestion.crosswalk.change import Change
from ingestion.crosswalk.rows import CannotApply, Code, Row
from ingestion.load.versions import VERSIONED, believe, still_stated
from ingestion.models import Batch, Identifier, SourceFile
from ingestion.pipeline.definitions import definition_of
from ingestion.pipeline.progress import Progress
from ingestion.pipeline.read import read_parts
from ingestion.records import RECORDS
from ingestion.sqlfile import fetch, run
from ingestion.staging import stage
from ingestion.staging.part import columns
from ingestion.staging.stage import table
from portfolios.models import Transaction

RESTING: Final = """
    CREATE TEMPORARY TABLE IF NOT EXISTS resting (
        record text, fact_id bigint, row_id bigint, effective boolean,
        PRIMARY KEY (record, fact_id)) ON COMMIT DROP
"""


@dataclass(frozen=True)
class Fact:
    """Where a record's facts are, which day they are about, and which of a line's facts it is."""

    table: str
    day: str
    same: str = "true"


FACTS: Final = {
    "event": Fact(
        "transaction",
        "fact.effective_on",
        "fact.source_reference = staged.reference"
        " AND fact.source_version = coalesce(staged.version, 0)",
    ),
    "price": Fact("price", "fact.priced_on", "fact.revision = coalesce(staged.revision, 0)"),
    "corporate_action": Fact("corporate_action", "fact.effective_on"),
    "index_weight": Fact("index_weight", "fact.known_from::date"),
    "posting": Fact("custody_posting", "fact.value_on"),
    "holding": Fact("custody_holding", "fact.as_at"),
}
# Columns of a ledger entry that one which is believed again does not repeat.
_ANEW: Final = frozenset({"id", "known_from", "known_to", "batch_id"})


def withdraw(change: Change, batch: Batch, at: datetime) -> int:
    """How many facts lost effect with the rows that a mapping closed; their records are held."""
    if change.code is None:
        return 0
    return sum(_withdraw_row(change.code, row, batch, at) for row in change.closed)


def _withdraw_row(code: Code, row: Row, batch: Batch, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(RESTING)
        cursor.execute("DELETE FROM resting")
    kinds = [name for name in FACTS if _may_rest(name, code)]
    files = {file_id for kind in kinds for file_id in _files(kind, code, row)}
    staged = _read_again(files, batch)
    gone = sum(_end(kind, code, row, batch, at) for kind in kinds if kind in staged)
    for record in [*staged, "reject"]:
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("DELETE FROM {} WHERE batch_id = %s").format(table(record)), [batch.pk]
            )
    return gone


def is_code(code: Code) -> bool:
    """True for a code of a listing, false for a book or account."""
    return code.model is Identifier


def _may_rest(record: str, code: Code) -> bool:
    kind = RECORDS[record]
    return kind.listing if is_code(code) else kind.portfolio


def _value(code: Code) -> str:
    return code.columns["value" if is_code(code) else "key"]


def _files(record: str, code: Code, row: Row) -> list[int]:
    found = fetch("crosswalk/sql/300_files.sql", _names(record, code), **_stretch(code, row))
    return [file_id for (file_id,) in found]


def _stretch(code: Code, row: Row) -> dict[str, object]:
    return {
        "meant": getattr(row, code.meaning),
        "first": row.valid_from,
        "last": row.valid_to,
        "value": _value(code),
    }


def _names(record: str, code: Code) -> dict[str, sql.Composable]:
    fact = FACTS[record]
    return {
        "fact": sql.Identifier("public", fact.table),
        "meaning": sql.Identifier(code.meaning),
        "day": sql.SQL(fact.day),
    }


def _read_again(file_ids: set[int], batch: Batch) -> list[str]:
    """The kinds of record that the files hold, staged under the batch."""
    found: set[str] = set()
    for file in SourceFile.objects.filter(pk__in=file_ids).select_related("source").order_by("pk"):
        definition = definition_of(file.source)
        for part in read_parts([file], definition, batch.pk, Progress()):
            if refusal := part.refused.get(file.pk):
                raise CannotApply(
                    f"{file.name}, which names this code, cannot be read again: {refusal}."
                ) from refusal
            found |= set(stage.copy(part))
    for record in found:
        stage.analyze(record)
    return stage.in_order(found)


def _end(record: str, code: Code, row: Row, batch: Batch, at: datetime) -> int:
    """How many facts of one kind lost effect."""
    fact = FACTS[record]
    versioned = record in VERSIONED
    names = _names(record, code) | {
        "table": table(record),
        "names": _named(code),
        "same": sql.SQL(fact.same + (" AND fact.copy_of IS NULL" if versioned else "")),
        "effective": still_stated(record) if versioned else sql.SQL("fact.known_to IS NULL"),
        "covered": _covered(code, fact.day),
    }
    run("crosswalk/sql/310_only_code.sql", names, batch=batch.pk)
    run(
        "crosswalk/sql/320_resting.sql", names, batch=batch.pk, record=record, **_stretch(code, row)
    )
    if versioned:
        run("crosswalk/sql/335_ended.sql", names, batch=batch.pk, record=record, at=at)
        believe(record, batch.pk)
    else:
        _end_entries(batch, at)
    _hold(record, names, code, batch, at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM resting WHERE record = %s AND effective", [record])
        return int(cursor.fetchone()[0])


def _end_entries(batch: Batch, at: datetime) -> None:
    """Ledger entries lose effect, and what they had superseded is in force again."""
    run("crosswalk/sql/330_withdraw.sql", batch=batch.pk, at=at)
    fields = Transaction._meta.concrete_fields  # noqa: SLF001  Django documents it
    kept = [str(field.column) for field in fields if field.column not in _ANEW]
    names: dict[str, sql.Composable] = {
        "columns": sql.SQL(", ").join(map(sql.Identifier, kept)),
        "values": sql.SQL(", ").join(sql.SQL("before.{}").format(sql.Identifier(n)) for n in kept),
    }
    run("crosswalk/sql/340_back_in_force.sql", names, batch=batch.pk, at=at)
    run("crosswalk/sql/360_version_held.sql")


def _named(code: Code) -> sql.Composable:
    """True of a staged record that names the code; a symbol's venue is told by the fact itself."""
    if is_code(code):
        pattern = "staged.scheme = {} AND staged.identifier = {}"
        values = (code.columns["scheme"], code.columns["value"])
    else:
        pattern = "staged.system = {} AND staged.portfolio_key = {}"
        values = (code.columns["system"], code.columns["key"])
    return sql.SQL(pattern).format(*map(sql.Literal, values))


def _covered(code: Code, day: str) -> sql.Composable:
    """True where the code still means the same on the fact's day."""
    same = sql.SQL(" AND ").join(
        sql.SQL("row.{} = {}").format(sql.Identifier(name), sql.Literal(value))
        for name, value in code.columns.items()
    )
    return sql.SQL(
        "EXISTS (SELECT FROM {table} AS row WHERE {same} AND row.known_to IS NULL"
        " AND row.{meaning} = fact.{meaning} AND {day} BETWEEN"
        " coalesce(row.valid_from, '-infinity') AND coalesce(row.valid_to, 'infinity'))"
    ).format(
        table=sql.Identifier("public", "identifier" if is_code(code) else "portfolio_key"),
        same=same,
        meaning=sql.Identifier(code.meaning),
        day=sql.SQL(day),
    )


def _hold(
    record: str, names: dict[str, sql.Composable], code: Code, batch: Batch, at: datetime
) -> None:
    """Judges the records without the mapping, and holds them with the sentence they had."""
    if RECORDS[record].listing:
        run("crosswalk/sql/110_resolve_listing.sql", names, batch=batch.pk, again=True)
    if RECORDS[record].portfolio:
        run("crosswalk/sql/120_resolve_portfolio.sql", names, batch=batch.pk, again=True)
    kept = [name for name in columns(record) if name != "batch_id"]
    pairs = sql.SQL(", ").join(
        sql.SQL("{}, staged.{}").format(sql.Literal(name), sql.Identifier(name)) for name in kept
    )
    run(
        "crosswalk/sql/350_held_again.sql",
        names | {"pairs": pairs},
        batch=batch.pk,
        record=record,
        at=at,
        code=" ".join(filter(None, code.columns.values())),
    )
