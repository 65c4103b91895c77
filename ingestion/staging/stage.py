"""Puts mapped records into the staging tables by COPY, and takes them out again."""

from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

import psycopg
from django.db import connection
from psycopg import sql

from ingestion.mapping.mapper import TRUE, Block, Texts
from ingestion.records import RECORDS
from ingestion.sources.rows import Reject

STEM_COLUMNS = (
    "batch_id", "file_id", "line_no", "beside", "content", "source", "system", "portfolio_key",
    "scheme", "identifier", "scope", "scope_preferred", "check_fails",
    "on_day", "executed_at", "known_from",
)  # fmt: skip
EXTRA_COLUMNS = {"listing": ("price_currency",)}
# What the crosswalk answers while a file is read; a replay asks it anew.
RESOLVED: Final = ("listing_id", "portfolio_id", "mapped_from")
FLAGS: Final = {"scope_preferred", "check_fails"}
FALSE: Final = "f"
# What loads join and choose by; statistics of the other columns would help nobody.
KEYS: Final = {
    "row_id", "batch_id", "file_id", "line_no", "source", "reference", "version", "scheme",
    "identifier", "portfolio_key", "listing_id", "portfolio_id", "on_day", "outcome", "code",
}  # fmt: skip
BUFFER_CHARACTERS: Final = 1_000_000
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
Columns = tuple[str, ...]


def columns(record: str) -> Columns:
    """The columns of a record's staging table that are filled before loading."""
    return STEM_COLUMNS + RECORDS[record].columns + EXTRA_COLUMNS.get(record, ())


class Stager:
    """Collects the records of a wave's files and copies them in large pieces.

    A piece is copied while the next one is made: the database works on one core, the reader on
    the other. The connection is one, so whoever else needs it meanwhile calls ``settled`` first;
    leaving the context waits for the last piece, be it for good or for a failure.
    """

    def __init__(self, batch_id: int, source: str) -> None:
        self._helper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="copy")
        self._copying: Future[None] | None = None
        self.batch_id = batch_id
        self.source = source
        self.used: set[str] = set()
        self._pieces: dict[tuple[str, Columns], list[tuple[int, str]]] = defaultdict(list)
        self._sizes: dict[tuple[str, Columns], int] = defaultdict(int)
        self._rejects: list[tuple[Any, ...]] = []
        self._taken = {name: {*columns(name), *RESOLVED} for name in RECORDS}

    def __enter__(self) -> "Stager":
        return self

    def __exit__(self, *failure: object) -> None:
        self._helper.shutdown(wait=True)

    def settled(self) -> None:
        """Waits until nothing is being copied; raises what went wrong with it."""
        if self._copying is not None:
            copying, self._copying = self._copying, None
            copying.result()

    def add(self, file_id: int, block: Block) -> None:
        """Takes some records of a file."""
        if not block.line_nos:
            return
        names, text = self._copy_text(file_id, block)
        kind = (block.record, names)
        self._pieces[kind].append((file_id, text))
        self._sizes[kind] += len(text)
        if self._sizes[kind] >= BUFFER_CHARACTERS:
            self._flush(kind)

    def reject(self, file_id: int, reject: Reject) -> None:
        """Takes one line that could not be read."""
        self._rejects.append((self.batch_id, file_id, reject.line_no, reject.code, reject.sentence))

    def drop(self, file_id: int) -> None:
        """Takes a file's records back: it is refused whole."""
        self.settled()
        for kind, pieces in self._pieces.items():
            self._pieces[kind] = [piece for piece in pieces if piece[0] != file_id]
        self._rejects = [row for row in self._rejects if row[1] != file_id]
        for record in self.used:
            _execute("DELETE FROM {table} WHERE file_id = %s", record, [file_id])

    def finish(self) -> list[str]:
        """Copies what is left; the records that were staged, in the order to load them."""
        for kind in list(self._pieces):
            self._flush(kind)
        self.settled()
        if self._rejects:
            with connection.cursor() as cursor, cursor.copy(COPY_REJECTS) as copy:
                for row in self._rejects:
                    copy.write_row(row)
        for record in self.used:
            analyze(record)
        return [record for record in RECORDS if record in self.used]

    def _copy_text(self, file_id: int, block: Block) -> tuple[Columns, str]:
        """The columns that hold anything, and their rows as COPY reads them; empty is NULL."""
        size = len(block.line_nos)
        filled: dict[str, Texts] = {
            "batch_id": [str(self.batch_id)] * size,
            "file_id": [str(file_id)] * size,
            "source": [self.source] * size,
            "line_no": list(map(str, block.line_nos)),
        }
        if block.beside:
            filled["beside"] = [TRUE] * size
        taken = self._taken[block.record]
        held = {n: texts for n, texts in block.columns.items() if n in taken and any(texts)}
        for flag in FLAGS & held.keys():
            held[flag] = [text or FALSE for text in held[flag]]
        text = _rows(filled | held)
        width = len(filled) + len(held)
        if "\\" in text or "\r" in text or _signs(text) != (size * (width - 1), size):
            clean = {name: [t.translate(_ESCAPES) for t in texts] for name, texts in held.items()}
            text = _rows(filled | clean)
        return (*filled, *held), text

    def _flush(self, kind: tuple[str, Columns]) -> None:
        pieces = self._pieces.pop(kind)
        self._sizes.pop(kind, None)
        if not pieces:
            return
        record, names = kind
        self.used.add(record)
        listed = sql.SQL(", ").join(map(sql.Identifier, names))
        statement = sql.SQL("COPY {} ({}) FROM STDIN WITH (NULL '')").format(table(record), listed)
        self.settled()
        connection.ensure_connection()
        driver = connection.connection
        self._copying = self._helper.submit(_copy, driver, statement, [text for _, text in pieces])


def _copy(driver: psycopg.Connection, statement: sql.Composed, texts: list[str]) -> None:
    """Copies by the driver's own connection: Django's belongs to the thread that opened it."""
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for text in texts:
            copy.write(text)


def _rows(filled: dict[str, Texts]) -> str:
    return "\n".join(map("\t".join, zip(*filled.values(), strict=True))) + "\n"


def _signs(text: str) -> tuple[int, int]:
    return text.count("\t"), text.count("\n")


COPY_REJECTS = "COPY staging.reject (batch_id, file_id, line_no, code, sentence) FROM STDIN"


def table(record: str) -> sql.Identifier:
    """The staging table of a record."""
    return sql.Identifier("staging", record)


def analyze(record: str) -> None:
    """Counts what was just staged: without statistics the joins of a load are planned blind."""
    looked_at = KEYS & {*columns(record), *RESOLVED, "row_id", "outcome", "code"}
    names = sql.SQL(", ").join(map(sql.Identifier, sorted(looked_at)))
    _execute("ANALYZE {table} ({names})", record, [], names=names)


def analyze_rivals() -> None:
    """Counts the records that are not alone: a million of them are joined otherwise than three."""
    _execute("ANALYZE {table}", "rival", [])


def empty(batch_id: int, records: list[str]) -> None:
    """Takes a batch's rows out of the staging tables."""
    for record in [*records, "reject", "touched", "renewed", "rival", "contested"]:
        _execute("DELETE FROM {table} WHERE batch_id = %s", record, [batch_id])


def _execute(statement: str, record: str, parameters: list[Any], **names: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(table=table(record), **names), parameters or None)
