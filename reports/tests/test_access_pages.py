"""Who sees what, reviews, and the proof an auditor takes along: who may read it, what it says."""

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helio.accounts.models import User
from helio.rls import isolation
from helio.rls.identity import acting_as
from helio.testing import databases
from portfolios import effective
from reports.access import views
from reports.models import ExportRecord

pytestmark = pytest.mark.usefixtures("alpha")
TODAY = dt.datetime.now(dt.UTC).date()
COVER = """
    INSERT INTO portfolio_user_grant
        (user_id, permission_id, content_object_id, reason, granted_by_id, covers_id, valid_until)
    SELECT a.id, p.id, o.id, 'Cover', m.id, c.id, now() + interval '1 day'
      FROM person a, person c, person m, auth_permission p, portfolio o
     WHERE a.username = 'analyst4' AND c.username = 'analyst2' AND m.username = 'manager1'
       AND p.codename = 'view_portfolio' AND o.code = 'HA-01'
"""


@pytest.fixture
def sign_in():
    def client(name: str) -> Client:
        client = Client()
        person = get_user_model().objects.get(username=name)
        client.force_login(person, "helio.signin.backend.PasswordBackend")
        return client

    return client


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def _access(client: Client, **query: str) -> list[dict[str, str]]:
    return _rows(client.get(reverse("access"), query | {"format": "csv"}).content)


@pytest.mark.parametrize("name", ["analyst1", "executive1", "operations1"])
@pytest.mark.parametrize("view", ["access", "access-reviews"])
def test_others_are_turned_away(sign_in, name, view):
    assert sign_in(name).get(reverse(view)).status_code == 403


@pytest.mark.parametrize("name", ["auditor1", "manager1", "admin"])
def test_who_may_ask_finds_the_page_from_everywhere(sign_in, name):
    page = sign_in(name).get(reverse("access-reviews")).content.decode()
    assert '<a href="/access/" aria-current="page"' in page


def test_others_are_not_offered_the_page(sign_in):
    assert 'href="/access/"' not in sign_in("analyst1").get("/").content.decode()


def test_everybody_who_sees_a_portfolio_is_named_with_the_way(sign_in):
    rows = _access(sign_in("auditor1"), portfolio="HA-01")
    assert {(row["holder"], row["right"], row["through"]) for row in rows} == {
        ("analyst1", "view", "own grant"),
        ("analyst2", "view", "own grant"),
        ("manager1", "manage", "own grant"),
        ("auditor1", "view", "role auditor"),
    }
    assert _access(sign_in("admin"), portfolio="HA-01") == rows


def test_a_manager_reads_of_what_they_manage_only(sign_in):
    codes = {row["code"] for row in _access(sign_in("manager2"))}
    assert "HA-05" in codes
    assert "HA-01" not in codes
    page = sign_in("manager2").get(reverse("access"), {"portfolio": "HA-01"}).content.decode()
    assert "Nobody could see such a portfolio then" in page


def test_cover_says_whose_absence_it_covers(sign_in, connect_as):
    connect_as("superuser", autocommit=True).execute(COVER)
    covering = [row for row in _access(sign_in("auditor1"), person="analyst4") if row["covers"]]
    assert [(row["code"], row["covers"], row["granted_by"]) for row in covering] == [
        ("HA-01", "analyst2", "manager1")
    ]
    page = sign_in("auditor1").get(reverse("access"), {"person": "analyst4"}).content.decode()
    assert "covers analyst2" in page


def test_a_past_day_shows_what_ended_since(sign_in, connect_as):
    """analyst11's grant ends now: today's list still has the others, the day before has nobody."""
    connect_as("superuser", autocommit=True).execute(
        "UPDATE portfolio_user_grant SET valid_until = now()"
        " WHERE user_id = (SELECT id FROM person WHERE username = 'analyst11')"
    )
    client = sign_in("auditor1")
    assert _access(client, person="analyst11") == []
    yesterday = (TODAY - dt.timedelta(days=1)).isoformat()
    assert _access(client, on=yesterday) == []
    page = client.get(reverse("access"), {"on": yesterday}).content.decode()
    assert "Before the history began" in page


@pytest.mark.parametrize(
    "query",
    [{"on": "2999-01-01"}, {"on": "yesterday"}, {"by": "colour"}, {"sort": "x"}, {"page": "0"}],
)
def test_what_is_not_understood_is_a_400_with_a_sentence(sign_in, query):
    answer = sign_in("auditor1").get(reverse("access"), query)
    assert answer.status_code == 400
    assert "Not understood" in answer.content.decode()


def test_due_grants_are_read_by_name_a_page_at_a_time(sign_in, connect_as, monkeypatch):
    monkeypatch.setattr(views, "ROWS", 5)
    owner = connect_as("superuser", autocommit=True)
    move = "UPDATE portfolio_user_grant SET valid_from = valid_from + %s * interval '120 days'"
    owner.execute(move, [-1])
    try:
        client = sign_in("auditor1")
        first = client.get(reverse("access-reviews")).content.decode()
        second = client.get(reverse("access-reviews"), {"page": 2})
        beyond = client.get(reverse("access-reviews"), {"page": 999})
    finally:
        owner.execute(move, [1])
    assert first.count("overdue</strong> since") == 5
    assert ">HA-01 " in first
    assert "1 to 5 of" in first
    assert second.content.decode().count("overdue</strong> since") == 5
    assert second.content.decode() != first
    assert beyond.status_code == 400


# --- the proof ----------------------------------------------------------------------------------


def _proof(client: Client, **form: str):
    data = {"portfolio": "HA-01", "on": TODAY.isoformat(), "format": "csv"} | form
    return client.post(reverse("access-proof"), data)


@pytest.fixture
def proven(alpha):
    """A run of the proof is recorded, as `make prove` records it."""
    with databases.django_connected_to(role="worker"):
        isolation.record_run(reads_compared=1_000_000, foreign_rows=0, missing_rows=0, seconds=61.5)


@pytest.mark.parametrize("name", ["analyst1", "manager1", "admin", "executive1"])
def test_the_proof_is_for_auditors(sign_in, name):
    assert _proof(sign_in(name)).status_code == 403


def test_the_proof_holds_who_could_who_did_what_left_and_the_rule(sign_in, proven):
    sign_in("analyst2").post(
        reverse("reports:export"), {"report": "positions", "portfolio": "HA-01"}
    )
    answer = _proof(sign_in("auditor1"))
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    manifest = json.loads(archive.read("manifest.json"))
    named = {file["name"]: file["sha256"] for file in manifest["files"]}
    for name, digest in named.items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest

    def part(report: str) -> list[dict[str, str]]:
        return _rows(archive.read(next(name for name in named if f"helio_{report}_" in name)))

    assert {row["holder"] for row in part("access_proof")} >= {"analyst2", "manager1", "auditor1"}
    assert ("analyst2", "export") in {(row["actor"], row["action"]) for row in part("access_uses")}
    assert {"exported_by": "analyst2", "report": "positions"}.items() <= part("access_exports")[
        0
    ].items()
    rule = part("access_rule")
    text = "\n".join(row["rule_text"].lstrip("'") for row in rule)
    assert "portfolio_user_grant" in text
    assert "person_has_role(asked_id, '{auditor}')" in text
    run = part("access_isolation")[0]
    assert (run["passed"], run["reads_compared"]) == ("yes", "1000000")
    assert run["rule_is_as_proven"] == "yes"
    with databases.django_connected_to(role="worker"):
        assert run["rule_digest"] == isolation.rule().digest


def test_a_changed_rule_is_told_apart_from_the_proven_one(sign_in, proven, connect_as):
    owner = connect_as("guard", autocommit=True)
    body = "SELECT pg_get_functiondef('security.perimeter_of(bigint)'::regprocedure)"
    kept = owner.execute(body).fetchone()[0]
    owner.execute(kept.replace("granted (portfolio_id)", "given (portfolio_id)"))
    try:
        archive = zipfile.ZipFile(io.BytesIO(_proof(sign_in("auditor1")).content))
        name = next(one for one in archive.namelist() if "access_isolation" in one)
        assert _rows(archive.read(name))[0]["rule_is_as_proven"] == "no"
    finally:
        owner.execute(kept)


def test_the_proof_is_registered_and_issued_again_to_the_byte(sign_in):
    client = sign_in("auditor1")
    answer = _proof(client, format="pdf")
    number = answer["X-Helio-Export"]
    assert ExportRecord._meta.db_table == "export_record"
    assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist()[-1] == "manifest.json"
    again = client.post(reverse("reports:again", args=[number]))
    assert again.content == answer.content


@pytest.mark.parametrize(
    "form",
    [{"portfolio": "HA-99"}, {"on": "2999-01-01"}, {"on": "soon"}, {"format": "exe"}],
)
def test_a_proof_of_nothing_is_refused_in_a_sentence(sign_in, form):
    assert _proof(sign_in("auditor1"), **form).status_code == 400


# --- the run that is quoted ---------------------------------------------------------------------


def test_only_the_worker_records_runs_and_nobody_changes_them(connect_as, proven):
    for role in ("web", "worker"):
        for statement in ("UPDATE isolation_run SET seconds = 0", "DELETE FROM isolation_run"):
            with pytest.raises(Exception, match="permission denied"):
                connect_as(role).execute(statement)
    with pytest.raises(Exception, match="permission denied"):
        connect_as("web").execute("INSERT INTO isolation_run (code_digest) VALUES ('')")


def test_a_run_with_a_wrong_row_did_not_pass(alpha):
    with databases.django_connected_to(role="worker"):
        isolation.record_run(reads_compared=10, foreign_rows=1, missing_rows=0, seconds=1)
        found = isolation.last_run()
    assert found is not None
    assert not found.passed


@pytest.mark.parametrize("by_person", [False, True], ids=["by portfolio", "by person"])
@pytest.mark.parametrize(("who", "codes"), [("", []), ("analyst5", []), ("", ["HA-05", "HA-06"])])
def test_page_and_file_are_cut_from_the_same_spans_in_order(alpha, by_person, who, codes):
    """What the database cuts and counts, against all spans cut and counted here."""
    now = timezone.now()
    with transaction.atomic(), acting_as(User.objects.get(username="auditor1")):
        found = effective.of_day(now.date(), now)
        cut = effective.of_day(now.date(), now, person=who, codes=codes, by_person=by_person)
        shown = effective.page_of_day(
            now.date(), now, person=who, codes=codes, by_person=by_person, window=slice(1, 4)
        )
    wanted = [
        one for one in found if (not who or one.person == who) and (not codes or one.code in codes)
    ]
    if by_person:
        wanted.sort(key=lambda one: (one.person, one.code))
    assert len(wanted) > 4
    assert cut == wanted
    assert [_place(one) for one in shown.spans] == [_place(one) for one in wanted[1:4]]
    assert shown.total == len(wanted)
    assert shown.person_count == len({one.person for one in wanted})
    assert shown.portfolio_count == len({one.code for one in wanted})
    assert shown.people == sorted({one.person for one in found})
    assert shown.codes == sorted({one.code for one in found})


def test_in_a_large_firm_names_are_typed(sign_in, monkeypatch):
    monkeypatch.setattr(effective, "MOST_LISTED", 5)
    page = sign_in("auditor1").get(reverse("access"), {"person": "analyst5"}).content.decode()
    assert '<input class="field" type="search" name="person" value="analyst5"' in page
    assert "analyst6" not in page


def _place(one: effective.Span) -> tuple[str, str, dt.datetime]:
    return one.code, one.person, one.since
