"""The trail is append-only, chained, and signed by the database; on a committed database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from helio.audit import chain, heads, sign_in
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


# What a commit does with the events noted so far.
CHAIN = "SET CONSTRAINTS ALL IMMEDIATE"


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
    """The event as it stands in the chain once the transaction has committed."""
    with transaction.atomic(), acting_as(_person(name)):
        record(**{"action": "export", "object": "positions", "by": None} | changes)
    with transaction.atomic(), acting_as(_person(name)):
        return Event.objects.newest_first()[0]


def test_an_event_carries_the_signed_person_whatever_the_caller_says(people: dict[str, int]):
    stored = _record("ben", by=_person("eve"))
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


@pytest.mark.parametrize("role", ["web", "worker"])
def test_nobody_writes_into_the_trail_past_its_door(
    people: dict[str, int], connect_as: Connect, role: str
):
    for table in ("audit_event", "audit_note"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connect_as(role, autocommit=True).execute(
                f"INSERT INTO {table} (action, object, actor, recorded_by, detail)"
                " VALUES ('export', 'x', 'eve', 'helio_web', '{}')"
            )


def test_a_long_transaction_that_noted_something_holds_up_nobody(
    people: dict[str, int], connect_as: Connect
):
    loading = connect_as("worker")
    loading.execute("SELECT security.record('ingest', 'long', NULL, NULL, '{}', NULL, '')")
    quick = connect_as("worker", autocommit=True)
    quick.execute("SET lock_timeout = '500ms'")
    quick.execute("SELECT security.record('ingest', 'quick', NULL, NULL, '{}', NULL, '')")
    loading.commit()
    objects = quick.execute("SELECT object FROM audit_event ORDER BY id DESC LIMIT 2").fetchall()
    assert objects == [("long",), ("quick",)]
    assert connect_as("superuser").execute("SELECT count(*) FROM audit_note").fetchone() == (0,)


def test_definitions_mappings_and_closes_leave_an_event_whoever_writes_them(
    people: dict[str, int], connect_as: Connect
):
    db = connect_as("superuser", autocommit=True)
    db.execute(
        "INSERT INTO source (name, title, system, load_order, every_seconds, grace_seconds,"
        " definition, digest, way, due_zone, due_on)"
        " VALUES ('planted', 'Planted', 'x', 1, 60, 60, 'secret', 'd1', 'folder', 'UTC', 'days')"
    )
    db.execute("UPDATE source SET newest_input_at = now() WHERE name = 'planted'")
    db.execute("UPDATE source SET definition = 'other', digest = 'd2' WHERE name = 'planted'")
    db.execute(
        "INSERT INTO period_close (month, state, asked_by_id) VALUES ('2025-10-01', 'asked', %s)",
        [people["ben"]],
    )
    db.execute("UPDATE period_close SET state = 'closed'")
    db.execute("DELETE FROM identifier")
    events = db.execute(
        "SELECT action, object, detail - 'id' FROM audit_event ORDER BY id DESC LIMIT 4"
    ).fetchall()
    assert events[:3] == [
        ("close row changed", "2025-10-01", {"state": ["asked", "closed"]}),
        (
            "close row added",
            "2025-10-01",
            {"month": [None, "2025-10-01"], "state": [None, "asked"]},
        ),
        (
            "definition row changed",
            "planted",
            {"definition": "changed", "digest": ["d1", "d2"]},
        ),
    ]
    assert events[3][:2] == ("definition row added", "planted")


def test_signing_in_failing_and_signing_out_are_recorded(people: dict[str, int]):
    sign_in.note_sign_in(None, None, _person("ben"))
    sign_in.note_failure(None, {"username": "eve", "password": "secret"}, None)
    sign_in.note_failure(None, {"username": "my pass phrase", "password": "secret"}, None)
    sign_in.note_sign_out(None, None, _person("ben"))
    with transaction.atomic(), acting_as(_person("ada")):
        newest = list(Event.objects.newest_first()[:4].values_list("action", "object"))
        text = str(list(Event.objects.values_list("detail", flat=True)))
    assert newest == [
        ("sign-out", "ben"),
        ("sign-in failed", "(unknown name)"),
        ("sign-in failed", "eve"),
        ("sign-in", "ben"),
    ]
    assert "secret" not in text
    assert "pass phrase" not in text


def test_bulk_changes_of_people_and_roles_are_recorded_one_by_one(
    people: dict[str, int], connect_as: Connect
):
    db = connect_as("superuser")
    db.execute(
        "UPDATE person SET first_name = 'B', password = 'x' WHERE username IN ('ben', 'eve')"
    )
    db.execute(CHAIN)
    rows = db.execute(
        "SELECT object, detail FROM audit_event WHERE action = 'person changed' ORDER BY object"
    ).fetchall()
    assert rows == [
        (name, {"first_name": ["", "B"], "password": "changed"}) for name in ("ben", "eve")
    ]
    db.execute("DELETE FROM person_groups WHERE user_id = %s", [people["ada"]])
    db.execute(CHAIN)
    last = "SELECT action, object, detail FROM audit_event ORDER BY id DESC LIMIT 1"
    assert db.execute(last).fetchone() == ("role removed", "ada", {"role": "auditor"})
    db.rollback()


def test_joining_and_leaving_a_team_is_not_called_a_role(
    people: dict[str, int], connect_as: Connect
):
    db = connect_as("superuser")
    db.execute("INSERT INTO auth_group (name) VALUES ('London')")
    db.execute("INSERT INTO team (group_id) SELECT id FROM auth_group WHERE name = 'London'")
    join = "INSERT INTO person_groups (user_id, group_id) SELECT %s, id FROM auth_group"
    db.execute(join + " WHERE name = 'London'", [people["ben"]])
    db.execute("DELETE FROM person_groups WHERE user_id = %s", [people["ben"]])
    db.execute(CHAIN)
    last = "SELECT action, object, detail FROM audit_event ORDER BY id DESC LIMIT 2"
    assert db.execute(last).fetchall() == [
        ("team left", "ben", {"team": "London"}),
        ("team joined", "ben", {"team": "London"}),
    ]
    db.rollback()


def test_a_change_of_people_waits_for_its_commit_before_it_is_chained(
    people: dict[str, int], connect_as: Connect
):
    """Chained at once, it would hold the chain's lock until the transaction ends."""
    db = connect_as("superuser")
    db.execute("UPDATE person SET first_name = 'Slow' WHERE id = %s", [people["eve"]])
    assert _record("ben").object == "positions"
    db.rollback()


def test_two_writers_at_once_make_one_chain(people: dict[str, int], connect_as: Connect):
    import threading

    def write() -> None:
        with databases.connect("worker", connection.settings_dict["NAME"]) as db:
            for _ in range(20):
                db.execute("SELECT security.record('ingest', 'x', NULL, NULL, '{}', NULL, '')")
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


@pytest.fixture
def heads_file(tmp_path: Path, settings: Any) -> Path:
    settings.HELIO_AUDIT_HEADS = tmp_path / "audit" / "heads.log"
    return settings.HELIO_AUDIT_HEADS


def test_a_head_is_shipped_once_until_the_chain_moves(people: dict[str, int], heads_file: Path):
    with databases.django_connected_to(role="worker"):
        assert heads.ship() is not None
        assert heads.ship() is None
    newest = _record("ben")
    with databases.django_connected_to(role="worker"):
        heads.ship()
        assert chain.verify() == chain.Verification(newest.pk, newest.hash_text, "", 2)
    assert heads_file.stat().st_mode & 0o777 == 0o600
    assert heads_file.read_text().splitlines()[-1].endswith(f" {newest.pk} {newest.hash_text}")


def test_a_chain_written_anew_from_end_to_end_is_found(
    people: dict[str, int], heads_file: Path, connect_as: Connect
):
    _record("ben")
    with databases.django_connected_to(role="worker"):
        heads.ship()
        with connection.cursor() as cursor:
            cursor.execute(chain.READ_IN_ORDER)
            rows = cursor.fetchall()
        shipped = heads.shipped()
    forged = _rewritten_by_its_owner(rows)
    assert chain.walk(forged).intact
    assert "was rewritten" in chain.walk(forged, shipped).problem
    assert "is missing now" in chain.walk(rows[:-1], shipped).problem


def _rewritten_by_its_owner(rows: list[tuple]) -> list[tuple]:
    """The chain with another actor in its second event, every hash after it made to fit."""
    forged, previous = [], chain.GENESIS
    for row in rows:
        fields = [*row[:-2]]
        if fields[0] == 2:
            fields[3] = "somebody else"
        own = chain.event_hash(previous, fields)
        forged.append((*fields, previous, own))
        previous = own
    return forged


def test_a_file_of_heads_that_was_tampered_with_is_no_silence(
    people: dict[str, int], heads_file: Path
):
    with databases.django_connected_to(role="worker"):
        heads.ship()
        heads_file.write_text("nothing to see here\n")
        assert chain.verify().problem == "Line 1 of the shipped heads is not a head."
