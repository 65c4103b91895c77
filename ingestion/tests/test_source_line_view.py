"""The line behind a fact opens to whoever may see the fact, and to nobody else."""

import psycopg
import pytest
from django.db import connection, transaction

from helio.accounts.models import User
from helio.rls.identity import acting_as
from ingestion.tests.expected import ALPHA

pytestmark = pytest.mark.usefixtures("alpha")

SEEN = "SELECT line_text, file_name FROM figures.source_line WHERE file_id = %s AND line_no = %s"


@pytest.fixture
def place(connect_as):
    """File and line of one trade of HA-01."""
    found = connect_as("worker").execute(
        "SELECT file_id, line_no FROM transaction WHERE source_reference = 'AM70007'"
    )
    return found.fetchone()


def seen_by(username, statement, parameters=()):
    """Rows of a statement as the web role, under a person's signed identity."""
    with (
        transaction.atomic(),
        acting_as(User.objects.get(username=username)),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def lines_seen(username, place):
    return seen_by(username, SEEN, place)


@pytest.mark.parametrize("username", ["analyst1", "manager1", "auditor1"])
def test_who_may_see_the_portfolio_sees_the_line_as_received(username, place):
    [(text, name)] = lines_seen(username, place)

    lines = (ALPHA / "sources" / "blotter" / name).read_text().split("\n")
    assert text == lines[place[1] - 1]
    assert text.startswith("AM70007,1,NEW,EQT,NYC/GLB/01,B,")


@pytest.mark.parametrize("username", ["analyst5", "executive1", "operations1", "admin"])
def test_who_may_not_see_the_portfolio_sees_no_line(username, place):
    assert lines_seen(username, place) == []


def test_other_lines_of_the_same_file_stay_closed(place):
    statement = "SELECT DISTINCT portfolio_id FROM figures.source_line WHERE file_id = %s"

    lines = seen_by("analyst4", statement, place[:1])

    assert lines == seen_by("analyst4", "SELECT DISTINCT portfolio_id FROM transaction")
    assert len(lines) == 1


@pytest.mark.parametrize("table", ["event_version", "staging.event"])
def test_what_concerns_the_worker_alone_is_closed_to_the_web(connect_as, table):
    web = connect_as("web")

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(f"SELECT count(*) FROM {table}")


def test_the_bytes_as_received_open_to_operations_and_auditors_only():
    statement = "SELECT count(*) > 0 FROM source_part"

    assert seen_by("analyst1", statement) == [(False,)]
    assert seen_by("manager1", statement) == [(False,)]
    assert seen_by("operations1", statement) == seen_by("auditor1", statement) == [(True,)]


def test_deliveries_and_exceptions_open_to_operations_only():
    statement = "SELECT (SELECT count(*) FROM batch), (SELECT count(*) FROM exception_item)"

    assert seen_by("analyst1", statement) == [(0, 0)]
    assert seen_by("operations1", statement) == [(5, 6)]
