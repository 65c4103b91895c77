"""Runs the SQL files of this app: one statement a file, parameters by name."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import sql

Names = Mapping[str, sql.Composable]
APP = Path(__file__).parent


@cache
def _read(path: str) -> str:
    return APP.joinpath(path).read_text("utf-8")


def run(path: str, names: Names | None = None, **parameters: Any) -> int:
    """Rows the statement touched. ``names`` fills {braces}, parameters fill %(names)s."""
    with connection.cursor() as cursor:
        _execute(cursor, path, names, parameters)
        return max(int(cursor.rowcount), 0)


def fetch(path: str, names: Names | None = None, **parameters: Any) -> list[tuple[Any, ...]]:
    """The statement's rows."""
    with connection.cursor() as cursor:
        _execute(cursor, path, names, parameters)
        return list(cursor.fetchall())


def _execute(cursor: Any, path: str, names: Names | None, parameters: dict[str, Any]) -> None:
    statement: str | sql.Composed = _read(path)
    if names:
        statement = sql.SQL(_read(path)).format(**names)
    cursor.execute(statement, parameters or None)
