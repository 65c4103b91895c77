"""Puts parts of files into the staging tables by COPY, and takes them out again."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import connection, transaction
from django.db.utils import OperationalError
from psycopg import errors, sql

from ingestion.records import RECORDS
from ingestion.staging.part import RESOLVED, Part, columns

# What loads join and choose by; statistics of the other columns would help nobody.
KEYS: Final = {
    "row_id", "batch_id", "file_id", "line_no", "source", "reference", "version", "scheme",
    "identifier", "portfolio_key", "listing_id", "portfolio_id", "on_day", "outcome", "code",
}  # fmt: skip
REJECT_COLUMNS: Final = ("batch_id", "file_id", "line_no", "code", "sentence")
# What is noted beside the records: of the part that is being loaded, and of the whole load.
OF_A_PART: Final = ("reject", "renewed", "rival", "contested")
OF_A_LOAD: Final = ("touched",)


def copy(part: Part) -> list[str]:
    """Stages a part; the kinds of record it holds, in the order to load them."""
    with connection.cursor() as cursor:
        for record, names, texts in part.texts():
            with cursor.copy(_copy_in(record, names)) as sink:
                for text in texts:
                    sink.write(text)
        if part.rejects:
            with cursor.copy(_copy_in("reject", REJECT_COLUMNS)) as sink:
                for row in part.rejects:
                    sink.write_row(row)
    return in_order(record for record, _, _ in part.texts())


def in_order(records: Iterable[str]) -> list[str]:
    """The kinds of record, each once, in the order to load them."""
    found = set(records)
    return [record for record in RECORDS if record in found]


def _copy_in(name: str, names: Iterable[str]) -> sql.Composed:
    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    return sql.SQL("COPY {} ({}) FROM STDIN WITH (NULL '')").format(table(name), listed)


def table(record: str) -> sql.Identifier:
    """The staging table of a record."""
    return sql.Identifier("staging", record)


def drop(file_id: int, records: Iterable[str]) -> None:
    """Takes a file's records out again: it is refused whole."""
    for record in [*records, "reject"]:
        _execute("DELETE FROM {table} WHERE file_id = %s", record, [file_id])


def analyze(record: str) -> None:
    """Counts what was just staged: without statistics the joins of a load are planned blind."""
    looked_at = KEYS & {*columns(record), *RESOLVED, "row_id", "outcome", "code"}
    names = sql.SQL(", ").join(map(sql.Identifier, sorted(looked_at)))
    _execute("ANALYZE {table} ({names})", record, [], names=names)


def analyze_rivals() -> None:
    """Counts the records that are not alone: a million of them are joined otherwise than three."""
    _execute("ANALYZE {table}", "rival", [])


def claim(records: Iterable[str]) -> bool:
    """Takes the tables of some records for this transaction alone; False while others read them.

    Then they can be emptied by TRUNCATE. A backup reads them for as long as it takes; nobody waits
    for it.
    """
    try:
        with transaction.atomic():
            for record in [*in_order(records), *OF_A_PART]:
                _execute("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE NOWAIT", record, [])
    except OperationalError as error:
        if isinstance(error.__cause__, errors.LockNotAvailable):
            return False
        raise
    return True


def truncate(records: Iterable[str]) -> None:
    """Empties tables that were claimed, so that the next part is scanned without the last one."""
    for record in [*in_order(records), *OF_A_PART]:
        _execute("TRUNCATE {table}", record, [])


def empty(batch_id: int, records: Iterable[str]) -> None:
    """Takes a batch's records and notes out of the staging tables."""
    for record in [*in_order(records), *OF_A_PART, *OF_A_LOAD]:
        _execute("DELETE FROM {table} WHERE batch_id = %s", record, [batch_id])


def _execute(statement: str, record: str, parameters: list[Any], **names: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(table=table(record), **names), parameters or None)
