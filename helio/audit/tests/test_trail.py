"""The trail is append-only, chained, and signed by the database; on a committed database."""

from collections.abc import Callable

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from helio.audit import chain, sign_in
from helio.audit.actions import NotInTransactionError, record
from helio.audit.models import Event
from helio.rls.identity import acting_as
from helio.rls.middleware import one_state
from helio.testing import databases

pytestmark = pytest.mark.usefixtures("fresh_database")

Connect = Callable[..., psycopg.Connection]
PERSON = """
INSERT INTO person (username, password, is_superuser, first_name, last_name, email, is_staff,
                    is_active, date_joined, reporting_currency)
VALUES (%s, '', false, '', '', '', false, true, now(), 'USD') RETURNING id
"""


@pytest.fixture(scope="module")
def people(fresh_database: str) -> dict[str, int]:
    """Ids of the cast: an auditor, an analyst and a stranger."""
    with databases.connect("superuser", fresh_database) as db:
        ids = {name: db.execute(PERSON, [name]).fetchone()[0] for name in ("ada", "ben", "eve")}
        role = "INSERT INTO auth_group (name) VALUES ('auditor') ON CONFLICT DO NOTHING"
        db.execute(role)
        assign = "INSERT INTO person_groups (user_id, group_id) SELECT %s, id FROM auth_group"
        db.execute(assign + " WHERE name = 'auditor'", [ids["ada"]])
    return ids


def _person(name: str):
    return get_user_model().objects.get(username=name)


def _record(name: str, **changes: object) -> Event:
    with transaction.atomic(), acting_as(_person(name)):
        return record(**{"action": "export", "object": "positions", "by": None} | changes)


def test_an_event_carries_the_signed_person_whatever_the_caller_says(people: dict[str, int]):
    event = _record("ben", by=_person("eve"))
    with transaction.atomic(), acting_as(_person("ben")):
        stored = Event.objects.get(pk=event.pk)
    assert (stored.actor_id, stored.actor, stored.recorded_by) == (
        people["ben"],
        "ben",
        "helio_web",
    )


def test_without_an_identity_the_web_role_records_nothing(people: dict[str, int]):
    with pytest.raises(DatabaseError, match="needs a signed identity"), transaction.atomic():
        record(action="export", object="positions", by=_person("ben"))


def test_an_event_apart_from_its_transaction_is_refused(people: dict[str, int]):
    with pytest.raises(NotInTransactionError):
        record(action="export", object="positions", by=None)


def test_an_event_under_an_old_snapshot_is_refused(people: dict[str, int]):
    with (
        pytest.raises(DatabaseError, match="READ COMMITTED"),
        one_state(repeatable=True),
        acting_as(_person("ben")),
    ):
        record(action="export", object="positions", by=None)


def test_an_event_goes_with_the_rollback_of_what_it_records(people: dict[str, int]):
    before = _record("ben").pk
    with transaction.atomic(), acting_as(_person("ben")):
        record(action="export", object="rolled back", by=None)
        transaction.set_rollback(True)
    assert _record("ben").pk == before + 1


def test_others_see_only_their_own_events_and_an_auditor_all(people: dict[str, int]):
    _record("ben")
    with transaction.atomic(), acting_as(_person("eve")):
        assert not Event.objects.exists()
    with transaction.atomic(), acting_as(_person("ada")):
        assert Event.objects.filter(actor="ben").exists()
    with transaction.atomic():
        assert not Event.objects.exists()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET actor = ''", "DELETE FROM audit_event", "TRUNCATE audit_event"],
)
@pytest.mark.parametrize("role", ["web", "worker", "owner", "guard", "superuser"])
def test_no_role_changes_the_trail(
    people: dict[str, int], connect_as: Connect, role: str, statement: str
):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect_as(role).execute(statement)


def test_signing_in_failing_and_signing_out_are_recorded(people: dict[str, int]):
    sign_in.note_sign_in(None, None, _person("ben"))
    sign_in.note_failure(None, {"username": "ghost", "password": "secret"}, None)
    sign_in.note_sign_out(None, None, _person("ben"))
    with transaction.atomic(), acting_as(_person("ada")):
        newest = list(Event.objects.newest_first()[:3].values_list("action", "object"))
        text = str(list(Event.objects.values_list("detail", flat=True)))
    assert newest == [("sign-out", "ben"), ("sign-in failed", "ghost"), ("sign-in", "ben")]
    assert "secret" not in text


def test_bulk_changes_of_people_and_roles_are_recorded_one_by_one(
    people: dict[str, int], connect_as: Connect
):
    db = connect_as("superuser")
    db.execute(
        "UPDATE person SET first_name = 'B', password = 'x' WHERE username IN ('ben', 'eve')"
    )
    rows = db.execute(
        "SELECT object, detail FROM audit_event WHERE action = 'person changed' ORDER BY object"
    ).fetchall()
    assert rows == [
        (name, {"first_name": ["", "B"], "password": "changed"}) for name in ("ben", "eve")
    ]
    db.execute("DELETE FROM person_groups WHERE user_id = %s", [people["ada"]])
    last = "SELECT action, object, detail FROM audit_event ORDER BY id DESC LIMIT 1"
    assert db.execute(last).fetchone() == ("role removed", "ada", {"role": "auditor"})
    db.rollback()


def test_two_writers_at_once_make_one_chain(people: dict[str, int], connect_as: Connect):
    import threading

    def write() -> None:
        with databases.connect("worker", connection.settings_dict["NAME"]) as db:
            for _ in range(20):
                db.execute("INSERT INTO audit_event (action, object) VALUES ('ingest', 'x')")
                db.commit()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with databases.django_connected_to(role="worker"):
        assert chain.verify().intact


def test_the_command_finds_what_a_superuser_did(people: dict[str, int], connect_as: Connect):
    _record("ben")
    with databases.django_connected_to(role="worker"):
        call_command("audit", "verify")
    db = connect_as("superuser", autocommit=True)
    original = db.execute("SELECT actor FROM audit_event WHERE id = 2").fetchone()[0]
    _tamper(db, "somebody else")
    with databases.django_connected_to(role="worker"):
        assert chain.verify().problem == "Event 2 was changed after it was written."
        with pytest.raises(SystemExit) as ended:
            call_command("audit", "verify")
    assert ended.value.code == 1
    _tamper(db, original)
    with databases.django_connected_to(role="worker"):
        assert chain.verify().intact


def _tamper(db: psycopg.Connection, actor: str) -> None:
    db.execute("ALTER TABLE audit_event DISABLE TRIGGER audit_refuse")
    db.execute("UPDATE audit_event SET actor = %s WHERE id = 2", [actor])
    db.execute("ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_refuse")


def test_a_removed_event_is_missed(people: dict[str, int]):
    _record("ben")
    with databases.django_connected_to(role="worker"), connection.cursor() as cursor:
        cursor.execute(chain.READ_IN_ORDER)
        rows = cursor.fetchall()
    assert chain.walk(rows).intact
    assert chain.walk(rows[:1] + rows[2:]).problem == "Event 2 is missing."
