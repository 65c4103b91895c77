"""Runs the SQL files that are no migrations: statements in reading order, parameters by name."""

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db import connection
from psycopg.pq import Format

from portfolios import packed

FOLDER = Path(__file__).resolve().parent / "sql"
# Rows that are mostly floats: written out in digits, and read back, they take twice as long.
IN_BINARY: Final = frozenset({*packed.COLUMNS, "figures/portfolio_rows"})
# An empty line after a semicolon ends a statement: the server takes one at a time.
_END = re.compile(r";\s*\n\s*\n")


@cache
def statements(name: str) -> tuple[str, ...]:
    """The statements of the file ``name``, such as ``refresh/10_work``."""
    text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    return tuple(part.strip().removesuffix(";") for part in _END.split(text) if part.strip())


def run(name: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """Run a file and return the rows of its last statement, if it has any."""
    with connection.cursor() as cursor:
        for statement in statements(name):
            cursor.execute(statement, parameters or None)
        return cursor.fetchall() if cursor.description else []


def row(name: str, **parameters: Any) -> dict[str, Any]:
    """Run a file whose last statement always returns one row, by column."""
    with connection.cursor() as cursor:
        for statement in statements(name):
            cursor.execute(statement, parameters or None)
        columns = [column.name for column in cursor.description]
        return dict(zip(columns, cursor.fetchone(), strict=True))


def rows(name: str, **parameters: Any) -> list[dict[str, Any]]:
    """Run a file and return the rows of its last statement, each by column."""
    with _cursor(name) as cursor:
        for statement in statements(name):
            cursor.execute(statement, parameters or None)
        return _by_column(name, cursor)


def rows_of_each(asked: Sequence[tuple[str, Mapping[str, Any]]]) -> list[list[dict[str, Any]]]:
    """The rows of several files of one statement each, by name and parameters, in that order.

    They are sent together (libpq's pipeline): the server works on the second while the first one's
    rows travel and are read, and a server far away costs one round trip instead of one each.
    """
    with ExitStack() as open_cursors, connection.wrap_database_errors:
        open_cursors.enter_context(connection.connection.pipeline())
        cursors = []
        for name, parameters in asked:
            cursor = open_cursors.enter_context(_cursor(name))
            (statement,) = statements(name)
            cursor.execute(statement, parameters or None)
            cursors.append((name, cursor))
        return [_by_column(name, cursor) for name, cursor in cursors]


def _cursor(name: str) -> Any:
    """A cursor that takes the file's rows in the format that suits them."""
    cursor = connection.cursor()
    if name in IN_BINARY:
        cursor.cursor.format = Format.BINARY
    return cursor


def _by_column(name: str, cursor: Any) -> list[dict[str, Any]]:
    found = cursor.fetchall()
    columns = [column.name for column in cursor.description]
    told = [dict(zip(columns, values, strict=True)) for values in found]
    for column, read in packed.COLUMNS.get(name, {}).items():
        for row in told:
            row[column] = read(row[column])
    return told
