"""Sessions of the web role that switched their limits off are ended by the watch."""

from datetime import timedelta

import psycopg
import pytest

from helio.rls import tasks
from helio.testing import databases

pytestmark = pytest.mark.usefixtures("fresh_database")
NO_TIME = timedelta(0)


@pytest.fixture
def impatient(monkeypatch) -> None:
    """The watch as it sees a session a minute later."""
    monkeypatch.setattr(tasks, "STATEMENT_LIMIT", NO_TIME)
    monkeypatch.setattr(tasks, "IDLE_LIMIT", NO_TIME)


def test_a_transaction_left_open_is_ended(connect_as, impatient):
    with connect_as("web") as web:
        web.execute("SET idle_in_transaction_session_timeout = 0")
        with databases.django_connected_to(role="worker"):
            assert tasks.end_overdue() == 1
        with pytest.raises(psycopg.OperationalError):
            web.execute("SELECT 1")


def test_what_keeps_its_limits_is_left_alone(connect_as):
    with connect_as("web") as web:
        web.execute("SELECT 1")
        with databases.django_connected_to(role="worker"):
            assert tasks.end_overdue() == 0
        assert web.execute("SELECT 1").fetchone() == (1,)


def test_other_roles_are_left_alone(connect_as, impatient):
    with connect_as("audit") as audit:
        audit.execute("SELECT 1")
        with databases.django_connected_to(role="worker"):
            assert tasks.end_overdue() == 0
        assert audit.execute("SELECT 1").fetchone() == (1,)


def test_the_web_role_cannot_call_the_watch(connect_as):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect_as("web").execute("SELECT security.end_overdue('1 s', '1 s')")
