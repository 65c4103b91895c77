"""Read-only rows of a query: PostgreSQL by a cursor on the server, SQLite from a file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import psycopg

from ingestion.ways.sql_query.options import MARK, Options
from ingestion.ways.visit import FetchFailed, Visit

ROWS_AT_ONCE = 2_000


@dataclass(frozen=True)
class Result:
    """The query's columns, and its rows as they stream in."""

    columns: list[str]
    rows: Iterator[tuple[Any, ...]]


@contextmanager
def opened(address: str, options: Options, mark: int | str, visit: Visit) -> Iterator[Result]:
    """The query's result. FetchFailed with what the database says, never with its address."""
    scheme = urlsplit(address).scheme
    if scheme in ("postgresql", "postgres"):
        way = _postgresql(address, options, mark, visit)
    elif scheme == "sqlite":
        way = _sqlite(address, options, mark, visit)
    else:
        raise FetchFailed(
            f"The secret {options.database!r} must start with postgresql:// or sqlite:///."
        )
    with way as result:
        yield result


@contextmanager
def _postgresql(address: str, options: Options, mark: int | str, visit: Visit) -> Iterator[Result]:
    limit = int(visit.remaining * 1000)
    query = MARK.sub("%(mark)s", options.query.replace("%", "%%")) if mark != "" else options.query
    try:
        with psycopg.connect(
            address,
            connect_timeout=max(2, int(visit.timeout)),
            options=f"-c default_transaction_read_only=on -c statement_timeout={limit}",
        ) as connection:
            connection.read_only = True
            with connection.cursor("helio_fetch") as cursor:
                cursor.itersize = ROWS_AT_ONCE
                cursor.execute(query.encode(), {"mark": mark} if mark != "" else None)
                yield Result([column.name for column in cursor.description or []], iter(cursor))
    except psycopg.Error as error:
        raise _failure(error, passing=isinstance(error, psycopg.OperationalError)) from None


@contextmanager
def _sqlite(address: str, options: Options, mark: int | str, visit: Visit) -> Iterator[Result]:
    path = Path("/" + unquote(urlsplit(address).path).lstrip("/"))
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=visit.timeout)
        ) as connection:
            connection.execute("PRAGMA query_only = ON")
            # Called every so many steps of the query: a true answer ends it.
            connection.set_progress_handler(lambda: monotonic() >= visit.deadline, 100_000)
            cursor = connection.execute(options.query, {"mark": mark} if mark != "" else {})
            yield Result([column[0] for column in cursor.description or []], iter(cursor))
    except sqlite3.Error as error:
        raise _failure(error, passing=isinstance(error, sqlite3.OperationalError)) from None


def _failure(error: Exception, *, passing: bool) -> FetchFailed:
    """The failure, again worth a try unless the query is at fault."""
    syntax = isinstance(error, psycopg.errors.SyntaxErrorOrAccessRuleViolation | psycopg.DataError)
    if isinstance(error, psycopg.Error) and error.sqlstate is None:
        # Says where it tried to connect and as whom, which is part of the secret.
        return FetchFailed("The database cannot be reached, or refuses the sign-in.", again=True)
    said = str(error).strip().splitlines()[0][:300] if str(error).strip() else "no reason given"
    return FetchFailed(f"The database refuses the query: {said}.", again=passing and not syntax)
