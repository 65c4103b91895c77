"""What operations may do to exceptions, and what the database refuses: attacks first."""

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from helio.rls.identity import acting_as
from helio.testing import databases
from ingestion.models import Batch, ExceptionItem, Resend, Source, SourceFile, WorkRequest
from ingestion.operations.requests import work_off

pytestmark = pytest.mark.usefixtures("alpha")

DENIED = (psycopg.errors.InsufficientPrivilege, DatabaseError)


@pytest.fixture
def person():
    return lambda name: get_user_model().objects.get(username=name)


@pytest.fixture
def post(person):
    """Posts as a person: the answer, followed to the page it leads to."""

    def send(name: str, view: str, *args: int, **data: str):
        client = Client()
        client.force_login(person(name), "helio.signin.backend.PasswordBackend")
        return client.post(reverse(f"operations:{view}", args=args), data, follow=True)

    return send


@pytest.fixture
def known(connect_as):
    """Rows as the worker knows them."""

    def ask(statement: str, *parameters: object) -> list:
        return connect_as("worker", autocommit=True).execute(statement, parameters).fetchall()

    return ask


@pytest.fixture
def held(known) -> int:
    return known("SELECT id FROM exception_item WHERE code = 'UNKNOWN_BOOK'")[0][0]


def attempt(person, statement: str, *parameters: object) -> int:
    """Rows that a statement touches as helio_web under that person's identity."""
    with transaction.atomic(), acting_as(person), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


@pytest.mark.parametrize(
    "change",
    [
        "state = 'released', settled_by_id = security.uid()",
        "state = 'mended'",
        "state = 'dismissed'",  # by nobody
        "state = 'dismissed', settled_by_id = security.uid() + 1",
        "raw_text = 'nothing to see'",
        "sentence = 'All is well.'",
        "staged = NULL",
        "batch_id = 1",
    ],
)
def test_even_operations_cannot_write_an_exception_otherwise(person, held, change):
    with pytest.raises(DENIED):
        attempt(person("operations1"), f"UPDATE exception_item SET {change} WHERE id = %s", held)


def test_a_rejected_record_cannot_be_made_held_for_a_replay(person, known):
    [(item,)] = known("SELECT id FROM exception_item WHERE code = 'TRAILER_MISMATCH'")
    with pytest.raises(DENIED):
        attempt(
            person("operations1"), "UPDATE exception_item SET state = 'held' WHERE id = %s", item
        )


def test_what_is_settled_stays_as_it_was_settled(person, known):
    [(item,)] = known("SELECT id FROM exception_item WHERE state = 'released' LIMIT 1")
    statement = (
        "UPDATE exception_item SET state = 'dismissed', settled_by_id = security.uid()"
        " WHERE id = %s"
    )
    assert attempt(person("operations1"), statement, item) == 0


@pytest.mark.parametrize("name", ["auditor1", "analyst1", "manager1", "admin"])
def test_nobody_else_changes_an_exception_or_asks_for_anything(person, held, name):
    one = person(name)
    statement = (
        "UPDATE exception_item SET state = 'dismissed', settled_by_id = security.uid()"
        " WHERE id = %s"
    )
    assert attempt(one, statement, held) == 0
    for insert in (
        "work_request (kind, source_id, asked_by_id) VALUES ('run', 1, security.uid())",
        "resend (file_id, exception_ids, made_by_id) VALUES (1, '{}', security.uid())",
    ):
        with pytest.raises(DENIED):
            attempt(one, f"INSERT INTO {insert}")


@pytest.mark.parametrize(
    "values",
    [
        "('run', 1, 'asked', security.uid() + 1)",
        "('run', 1, 'done', security.uid())",
    ],
)
def test_a_request_is_asked_in_ones_own_name_and_not_done(person, values):
    insert = "INSERT INTO work_request (kind, source_id, state, asked_by_id) VALUES "
    with pytest.raises(DENIED):
        attempt(person("operations1"), insert + values)


@pytest.mark.parametrize("name", ["analyst1", "executive1", "admin"])
def test_bytes_and_lineage_are_closed_to_others(person, name):
    one = person(name)
    assert attempt(one, "SELECT FROM source_part") == 0
    assert attempt(one, "SELECT FROM figures.line_fact LIMIT 1") == 0
    assert attempt(one, "SELECT FROM resend") == 0


def test_bytes_cannot_be_changed_by_operations(person):
    for statement in ("UPDATE source_part SET body = ''", "DELETE FROM source_part"):
        with pytest.raises(DENIED):
            attempt(person("operations1"), statement)


def test_everybody_signed_in_sees_the_line_of_a_price_and_nobody_else(person, connect_as):
    assert attempt(person("analyst12"), "SELECT FROM figures.market_line LIMIT 1") == 1
    assert connect_as("web").execute("SELECT FROM figures.market_line LIMIT 1").rowcount == 0


@pytest.mark.parametrize("name", ["auditor1", "analyst1"])
def test_the_buttons_are_for_operations_alone(post, held, name):
    for view, args in [
        ("set-aside", [held]),
        ("take-over", [held]),
        ("try-again", []),
        ("run-again", [1]),
        ("file-rejects", [1]),
    ]:
        assert post(name, view, *args, reason="x", source="blotter").status_code == 403, view


def test_an_auditor_reads_the_exception_without_buttons(person, held):
    client = Client()
    client.force_login(person("auditor1"), "helio.signin.backend.PasswordBackend")
    page = client.get(reverse("operations:exception", args=[held])).content.decode()
    assert "You may read." in page
    assert reverse("operations:set-aside", args=[held]) not in page


def test_taking_over_and_setting_aside_leave_their_trace(post, known):
    [(item,)] = known("SELECT id FROM exception_item WHERE code = 'CHECK_DIGIT'")
    answer = post("operations1", "take-over", item)
    assert answer.redirect_chain[0][1] == 303
    assert "It is yours now." in answer.content.decode()
    page = post("operations1", "set-aside", item, reason=" ").content.decode()
    assert "Say why it can be set aside" in page
    page = post("operations1", "set-aside", item, reason="Typing error, never traded").content
    assert "Typing error, never traded" in page.decode()
    [(state, note, owner, by)] = known(
        "SELECT state, note, o.username, s.username FROM exception_item"
        " JOIN person o ON o.id = owner_id JOIN person s ON s.id = settled_by_id"
        " WHERE exception_item.id = %s",
        item,
    )
    assert (state, owner, by) == ("dismissed", "operations1", "operations1")
    assert note == "Typing error, never traded"
    events = known(
        "SELECT action, actor, detail ->> 'reason' FROM audit_event"
        " WHERE (detail ->> 'exception')::int = %s ORDER BY id",
        item,
    )
    assert events == [
        ("exception taken over", "operations1", None),
        ("exception set aside", "operations1", "Typing error, never traded"),
    ]
    page = post("operations1", "set-aside", item, reason="again").content.decode()
    assert "It was settled meanwhile" in page


def test_a_request_waits_in_the_database_and_is_done_once(post, known):
    post("operations1", "try-again", source="blotter")
    page = post("operations1", "try-again", source="blotter").content.decode()
    assert "try held records again" in page
    with databases.django_connected_to(role="worker"):
        assert WorkRequest.objects.filter(state="asked").count() == 1
        batches = work_off(lambda source, by: None)
        assert work_off(lambda source, by: None) == []
        [batch] = batches
        assert (batch.state, batch.started_by) == (Batch.State.DONE, "operations1")
        assert "Held records tried again" in batch.sentence
        assert ExceptionItem.objects.get(code="UNKNOWN_BOOK").state == "held"
    [(actor,)] = known("SELECT DISTINCT actor FROM audit_event WHERE action = 'replay asked for'")
    assert actor == "operations1"


def test_a_failed_batch_says_what_happens_to_its_files_and_runs_again(post, person, known):
    sentence = "OperationalError: the server went away"
    with databases.django_connected_to(role="worker"):
        failed = Batch.objects.create(
            source=Source.objects.get(name="custody"), started_by="inbox", sentence=sentence
        )
        Batch.objects.filter(pk=failed.pk).update(state=Batch.State.FAILED)
    client = Client()
    client.force_login(person("operations1"), "helio.signin.backend.PasswordBackend")
    page = client.get(reverse("operations:batch", args=[failed.pk])).content.decode()
    assert sentence in page
    assert "Its files go to the next run." in page
    page = post("operations1", "run-again", failed.pk).content.decode()
    assert "runs again in a moment" in page
    asked: list[tuple[str, str]] = []
    with databases.django_connected_to(role="worker"):
        work_off(lambda source, by: asked.append((source.name, by)))
        request = WorkRequest.objects.get(kind="run")
    assert asked == [("custody", "operations1")]
    assert (request.state, request.sentence) == ("done", "There was nothing to take.")


def test_rejects_leave_under_a_name_that_brings_them_back(person, known, held):
    [(file_id,)] = known("SELECT file_id FROM exception_item WHERE id = %s", held)
    client = Client()
    client.force_login(person("operations1"), "helio.signin.backend.PasswordBackend")
    answer = client.post(reverse("operations:file-rejects", args=[file_id]))
    with databases.django_connected_to(role="worker"):
        resend = Resend.objects.get()
        assert held in resend.exception_ids
        assert SourceFile.objects.get(pk=file_id).name == "blotter_2025-Q2.csv"
    assert f"blotter_2025-Q2_resend-{resend.pk}.csv" in answer["Content-Disposition"]
    lines = answer.content.decode().splitlines()
    assert lines[0].startswith("order_no,version_no")
    assert "NYC/TEST/99" in lines[1]
    [(exceptions,)] = known(
        "SELECT detail ->> 'exceptions' FROM audit_event WHERE action LIKE 'rejects%%'"
    )
    assert int(exceptions) == len(lines) - 1


def test_operations_asks_to_take_the_other_content_with_a_reason(post, known, connect_as):
    worker = connect_as("worker", autocommit=True)
    worker.execute(
        "UPDATE exception_item SET code = 'CONFLICTING_RECORD', state = 'rejected'"
        " WHERE id = (SELECT max(id) FROM exception_item WHERE staged IS NOT NULL)"
    )
    [(item,)] = known("SELECT max(id) FROM exception_item WHERE code = 'CONFLICTING_RECORD'")
    page = post("operations1", "take-instead", item).content.decode()
    assert "Say why it is to be taken" in page
    page = post("operations1", "take-instead", item, reason="The desk says so").content.decode()
    assert "It takes the first one&#x27;s place in a moment." in page
    post("operations1", "take-instead", item, reason="Twice")

    asked = "SELECT kind, state, reason FROM work_request WHERE item_id = %s"
    assert known(asked, item) == [("take", "asked", "The desk says so")]
    assert post("auditor1", "take-instead", item, reason="Me too").status_code == 403
    [(reason,)] = known(
        "SELECT detail ->> 'reason' FROM audit_event WHERE action = 'other content asked for'"
        " ORDER BY id LIMIT 1"
    )
    assert reason == "The desk says so"
