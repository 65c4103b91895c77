"""Puts mapped records into the staging tables by COPY, and takes them out again."""

from collections import defaultdict
from typing import Any

from django.db import connection
from psycopg import sql

from ingestion.mapping.mapper import Staged
from ingestion.records import RECORDS
from ingestion.sources.rows import Reject

STEM_COLUMNS = (
    "batch_id", "file_id", "line_no", "beside", "content", "source", "system", "portfolio_key",
    "scheme", "identifier", "scope", "scope_preferred", "check_fails",
    "on_day", "executed_at", "known_from",
)  # fmt: skip
MAPPED_STEM = STEM_COLUMNS[6:]
EXTRA_COLUMNS = {"listing": ("price_currency",)}
BUFFER_ROWS = 5_000


def columns(record: str) -> tuple[str, ...]:
    """The columns of a record's staging table that are filled before loading."""
    return STEM_COLUMNS + RECORDS[record].columns + EXTRA_COLUMNS.get(record, ())


class Stager:
    """Collects the records of a wave's files and copies them in large pieces."""

    def __init__(self, batch_id: int, source: str) -> None:
        self.batch_id = batch_id
        self.source = source
        self.used: set[str] = set()
        self._rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._rejects: list[tuple[Any, ...]] = []
        self._mapped = {
            name: MAPPED_STEM + record.columns + EXTRA_COLUMNS.get(name, ())
            for name, record in RECORDS.items()
        }

    def add(self, file_id: int, staged: Staged) -> None:
        """Takes one record of a file."""
        values = staged.values
        stem = (
            self.batch_id, file_id, staged.line_no, staged.beside, values["content"], self.source,
        )  # fmt: skip
        rows = self._rows[staged.record]
        rows.append(stem + tuple(values[name] for name in self._mapped[staged.record]))
        if len(rows) >= BUFFER_ROWS:
            self._flush(staged.record)

    def reject(self, file_id: int, reject: Reject) -> None:
        """Takes one line that could not be read."""
        self._rejects.append((self.batch_id, file_id, reject.line_no, reject.code, reject.sentence))

    def drop(self, file_id: int) -> None:
        """Takes a file's records back: it is refused whole."""
        for record, rows in self._rows.items():
            self._rows[record] = [row for row in rows if row[1] != file_id]
        self._rejects = [row for row in self._rejects if row[1] != file_id]
        for record in self.used:
            _execute("DELETE FROM {table} WHERE file_id = %s", record, [file_id])

    def finish(self) -> list[str]:
        """Copies what is left; the records that were staged, in the order to load them."""
        for record in list(self._rows):
            self._flush(record)
        if self._rejects:
            with connection.cursor() as cursor, cursor.copy(COPY_REJECTS) as copy:
                for row in self._rejects:
                    copy.write_row(row)
        for record in self.used:
            analyze(record)
        return [record for record in RECORDS if record in self.used]

    def _flush(self, record: str) -> None:
        rows, self._rows[record] = self._rows[record], []
        if not rows:
            return
        self.used.add(record)
        names = sql.SQL(", ").join(map(sql.Identifier, columns(record)))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table(record), names)
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)


COPY_REJECTS = "COPY staging.reject (batch_id, file_id, line_no, code, sentence) FROM STDIN"


def table(record: str) -> sql.Identifier:
    """The staging table of a record."""
    return sql.Identifier("staging", record)


def analyze(record: str) -> None:
    """Counts what was just staged: without statistics the joins of a load are planned blind."""
    _execute("ANALYZE {table}", record, [])


def empty(batch_id: int, records: list[str]) -> None:
    """Takes a batch's rows out of the staging tables."""
    for record in [*records, "reject", "touched"]:
        _execute("DELETE FROM {table} WHERE batch_id = %s", record, [batch_id])


def _execute(statement: str, record: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(table=table(record)), parameters or None)
