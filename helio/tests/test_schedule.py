"""The schedule stands in one table, administrators edit it, and beat leaves what they edited."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from helio import celery
from helio.schedule import TableScheduler
from helio.testing import databases
from helio.testing import firm as firms

pytestmark = pytest.mark.usefixtures("fresh_database")
LIST = "admin:django_celery_beat_periodictask_changelist"
CHANGE = "admin:django_celery_beat_periodictask_change"
REFRESH = "Refresh the figures"


@pytest.fixture(scope="module", autouse=True)
def firm(fresh_database: str) -> firms.Firm:
    """The cast, and a schedule as beat enters it when it starts."""
    found = firms.found(fresh_database)
    _start_beat()
    return found


def _start_beat() -> None:
    with databases.django_connected_to(role="worker"):
        TableScheduler(app=celery.app).setup_schedule()


def _client(name: str) -> Client:
    client = Client()
    person = get_user_model().objects.get(username=name)
    client.force_login(person, "helio.signin.backend.PasswordBackend")
    return client


def _row(connect_as: Callable[..., psycopg.Connection], name: str) -> tuple[Any, ...]:
    query = """
        SELECT t.id, t.enabled, i.every, i.period, t.task FROM django_celery_beat_periodictask t
          LEFT JOIN django_celery_beat_intervalschedule i ON i.id = t.interval_id
         WHERE t.name = %s
    """
    row = connect_as("superuser").execute(query, [name]).fetchone()
    assert row is not None
    return row


def test_everything_that_beat_does_is_in_the_table(connect_as) -> None:
    query = "SELECT name FROM django_celery_beat_periodictask"
    names = {name for (name,) in connect_as("superuser").execute(query)}
    assert {*settings.CELERY_BEAT_SCHEDULE, REFRESH, "Sweep up noted changes"} <= names


def test_an_administrator_reads_and_edits_it(connect_as) -> None:
    client = _client("root")
    assert REFRESH in client.get(reverse(LIST)).content.decode()
    pk, *_ = _row(connect_as, REFRESH)
    added = client.post(
        reverse("admin:django_celery_beat_intervalschedule_add"), {"every": 2, "period": "minutes"}
    )
    assert added.status_code == 302
    with databases.django_connected_to(role="worker"):
        two = IntervalSchedule.objects.get(every=2, period="minutes").pk
    edited = client.post(
        reverse(CHANGE, args=[pk]), {"interval": two, "crontab": "", "description": "more often"}
    )
    assert edited.status_code == 302
    assert _row(connect_as, REFRESH)[1:4] == (False, 2, "minutes")


def test_beat_leaves_what_was_edited(connect_as) -> None:
    name = "run the checks"
    root = connect_as("superuser", autocommit=True)
    root.execute(
        "UPDATE django_celery_beat_periodictask SET enabled = false WHERE name = %s", [name]
    )
    before = _row(connect_as, name)
    _start_beat()
    assert _row(connect_as, name) == before


@pytest.mark.parametrize("name", ["mia", "ann", "otto", "ada"])
def test_nobody_else_sees_it(name: str) -> None:
    assert _client(name).get(reverse(LIST)).status_code in (302, 403)


def test_not_even_an_administrator_says_what_a_task_calls() -> None:
    with (
        pytest.raises(Exception, match="permission denied"),
        databases.django_connected_to(role="web"),
        transaction.atomic(),
    ):
        PeriodicTask.objects.filter(name=REFRESH).update(task="os.system")
