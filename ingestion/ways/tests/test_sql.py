"""Fetching from a database: read-only, from a mark on, landed as CSV."""

import datetime as dt
import sqlite3
from contextlib import closing
from decimal import Decimal

import pytest

from helio.testing import databases
from ingestion.models import FetchState, SourceFile, SourceText
from ingestion.ways import retries
from ingestion.ways.sql_query.render import lines
from ingestion.ways.tests.servers import fetch_now, portfolios
from portfolios.models import Portfolio

pytestmark = pytest.mark.usefixtures("fresh_database", "as_worker")

COLUMNS = "portfolio_id, portfolio_name, client_id, base_currency, desk, team, opened_on, closed_on"
FETCH = f"""
way = "sql"
database = "books"
name = "portfolios.csv"
query = "SELECT {COLUMNS}, changed FROM book WHERE changed > :mark ORDER BY changed"
mark = {{ column = "changed", start = 0 }}
attempts = 1
"""
BOOK = "Test", "C-1", "USD", "London", "Team", "2024-01-01", ""


@pytest.fixture
def secrets(settings, tmp_path):
    settings.HELIO_SECRETS_DIR = tmp_path
    return tmp_path


@pytest.fixture
def books(secrets):
    """A SQLite database with a table of books; add to it with ``execute``."""
    with closing(sqlite3.connect(secrets / "books.db", isolation_level=None)) as connection:
        connection.execute(f"CREATE TABLE book ({COLUMNS}, changed integer)")
        (secrets / "books").write_text(f"sqlite:///{secrets}/books.db")
        yield connection


def add(books, code, changed):
    books.execute(f"INSERT INTO book VALUES ({', '.join('?' * 9)})", [code, *BOOK, changed])


def test_rows_are_landed_as_csv_and_the_next_fetch_goes_on_from_the_mark(books, tmp_path):
    source = portfolios(tmp_path, "books", FETCH)
    add(books, "Q-1", 7)
    first = fetch_now(source)
    add(books, "Q-2", 9)
    second = fetch_now(source)
    third = fetch_now(source)

    assert [run.state for run in (first, second, third)] == ["done"] * 3, first.sentence
    assert Portfolio.objects.filter(code__in=("Q-1", "Q-2")).count() == 2
    texts = SourceText.objects.filter(file__batch=second.batch).values_list("body", flat=True)
    assert texts[0].splitlines()[1:] == ["Q-2,Test,C-1,USD,London,Team,2024-01-01,,9"]
    assert FetchState.objects.get(source=source).memory == {"mark": 9}
    assert third.sentence == "The query returns no rows since 9."


def test_the_mark_stays_when_the_file_was_rejected(books, tmp_path):
    source = portfolios(tmp_path, "refused", FETCH.replace("portfolio_id,", "portfolio_id AS x,"))
    add(books, "Q-3", 5)

    run = fetch_now(source)

    assert SourceFile.objects.get(batch=run.batch).status == "rejected"
    assert FetchState.objects.get(source=source).memory == {}


def test_nothing_can_be_written(books, tmp_path):
    query = "UPDATE book SET changed = 1 RETURNING portfolio_id"
    add(books, "Q-4", 5)
    fetch = f'way = "sql"\ndatabase = "books"\nname = "portfolios.csv"\nquery = "{query}"'

    run = fetch_now(portfolios(tmp_path, "writer", f"{fetch}\nattempts = 1"))

    assert run.state == "failed"
    assert "readonly" in run.sentence
    assert books.execute("SELECT changed FROM book").fetchone() == (5,)


@pytest.fixture
def server_books(connect_as, fresh_database, secrets):
    """The same table in PostgreSQL, in the test's own database."""
    with connect_as("superuser", autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS book (portfolio_id text, portfolio_name"
                           " text, client_id text, base_currency text, desk text, team text,"
                           " opened_on date, closed_on text, changed timestamptz)")  # fmt: skip
        connection.execute("GRANT ALL ON book TO helio_backup")
        (secrets / "books").write_text(databases.dsn("backup", fresh_database))
        yield connection


def test_postgresql_is_read_through_a_cursor_from_a_time_on(server_books, tmp_path):
    moments = ["2026-01-05 10:00Z", "2026-01-05 11:00Z"]
    for code, moment in zip(("S-1", "S-2"), moments, strict=True):
        server_books.execute(
            "INSERT INTO book VALUES (%s, 'T', 'C', 'USD', 'London', 'X', '2024-01-01', '', %s)",
            [code, moment],
        )
    source = portfolios(tmp_path, "pg", FETCH.replace("start = 0", 'start = "2026-01-01"'))

    first, second = fetch_now(source), fetch_now(source)

    assert (first.state, first.batch.loaded) == ("done", 2), first.sentence
    assert second.sentence == "The query returns no rows since 2026-01-05T11:00:00+00:00."


def test_postgresql_refuses_to_write(server_books, tmp_path):
    before = server_books.execute("SELECT count(*) FROM book").fetchone()
    query = "WITH gone AS (DELETE FROM book RETURNING *) SELECT * FROM gone"
    fetch = f'way = "sql"\ndatabase = "books"\nname = "portfolios.csv"\nquery = "{query}"'

    run = fetch_now(portfolios(tmp_path, "pgwriter", f"{fetch}\nattempts = 1"))

    assert "must not contain data-modifying statements" in run.sentence
    assert server_books.execute("SELECT count(*) FROM book").fetchone() == before


def test_an_address_that_does_not_answer_is_not_told(secrets, tmp_path, monkeypatch):
    monkeypatch.setattr(retries, "FIRST_WAIT_SECONDS", 0)
    (secrets / "books").write_text("postgresql://me:hunter2@127.0.0.1:1/books")

    run = fetch_now(portfolios(tmp_path, "away", FETCH.replace("attempts = 1", "attempts = 2")))

    assert run.sentence == "The database cannot be reached, or refuses the sign-in."
    assert run.attempts == 2


def test_a_value_always_has_the_same_text():
    moment = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    row = (None, True, Decimal("1E+3"), moment, dt.date(2026, 1, 2), 'a "b", c', {"b": 1, "a": 2})

    assert b"".join(lines(list("abcdefg"), [row])).decode().splitlines()[1] == (
        ',true,1000,2026-01-02T02:04:00+00:00,2026-01-02,"a ""b"", c","{""a"": 2, ""b"": 1}"'
    )
