"""Uploading in the page: who may, what is refused with a sentence, and what becomes of it."""

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from helio.audit.models import Event
from helio.testing import databases
from ingestion.models import SourceFile, Upload
from ingestion.ways.upload.take import take_all

pytestmark = pytest.mark.usefixtures("alpha")

HEADER = "portfolio_id,portfolio_name,client_id,base_currency,desk,team,opened_on,closed_on\n"
ROW = "{},Test,C-1,USD,London,Team,2024-01-01,\n"


BRING = """
INSERT INTO upload (source_id, uploaded_by_id, uploaded_by, state, tries, sentence)
VALUES (1, 1, 'x', 'waiting', 0, '')
"""
ASK = """
INSERT INTO fetch_run (source_id, state, cause, asked_by, asked_by_id, worker, sentence, files,
                       bytes, attempts)
VALUES (1, 'asked', 'person', '', 1, '', '', 0, 0, 0)
"""


@pytest.fixture
def sign_in():
    def client(name: str, **options) -> Client:
        client = Client(**options)
        person = get_user_model().objects.get(username=name)
        client.force_login(person, "helio.signin.backend.PasswordBackend")
        return client

    return client


@pytest.fixture
def otto(sign_in):
    return sign_in("operations1")


def file(code="U-1", name="portfolios.csv"):
    return SimpleUploadedFile(name, (HEADER + ROW.format(code)).encode())


def send(client, *files, source="crosswalk"):
    return client.post(reverse("operations:upload"), {"source": source, "file": list(files)})


def as_worker(work):
    with databases.django_connected_to(role="worker"):
        return work()


def wrong(response) -> str:
    assert response.status_code == 422
    return " ".join(response.context["wrong"])


def test_an_upload_waits_is_taken_in_and_shows_its_batch(otto):
    sent = send(otto, file("U-1"))

    assert sent.status_code == 303
    assert "Waiting for a worker" in otto.get(sent.url).content.decode()

    *_, batch = as_worker(take_all)

    page = otto.get(sent.url).content.decode()
    assert (batch.received, batch.loaded) == (1, 1)
    assert f"batch {batch.pk}" in page
    assert 'data-figure="received"' in page
    assert "hx-trigger" not in page  # nothing more will happen
    assert as_worker(lambda: SourceFile.objects.get(batch=batch).way) == "upload"


def test_the_bytes_do_not_stay_twice(otto, connect_as):
    send(otto, file("U-2"))
    as_worker(take_all)

    assert connect_as("superuser").execute("SELECT count(*) FROM upload_part").fetchone() == (0,)


def test_the_same_file_again_says_so_and_has_no_effect(otto):
    send(otto, file("U-3"))
    as_worker(take_all)

    again = otto.post(
        reverse("operations:upload"), {"source": "crosswalk", "file": file("U-3")}, follow=True
    )
    *_, batch = as_worker(take_all)

    assert "has the same bytes as portfolios.csv, received on" in again.content.decode()
    assert (batch.received, batch.duplicate, batch.loaded) == (1, 1, 0)


def test_it_is_audited_with_names_and_hashes(otto):
    send(otto, file("U-4"))

    event = _event("upload")
    assert event.actor == "operations1"
    assert event.detail["files"][0]["name"] == "portfolios.csv"
    assert len(event.detail["files"][0]["sha256"]) == 64


def _event(action):
    with databases.connect("superuser", databases_name()) as db:
        row = db.execute(
            "SELECT actor, detail FROM audit_event WHERE action = %s ORDER BY id DESC", [action]
        ).fetchone()
    return Event(actor=row[0], detail=row[1])


def databases_name():
    return connection.settings_dict["NAME"]


@pytest.mark.parametrize(
    ("files", "source", "sentence"),
    [
        ([], "crosswalk", "Choose at least one file."),
        ([file()], "nobody", "Choose the source that the files are from."),
        ([file(name="notes.xlsx")], "crosswalk", "notes.xlsx is not named like a file of"),
        ([SimpleUploadedFile("portfolios.csv", b"")], "crosswalk", "portfolios.csv is empty."),
        ([file() for _ in range(51)], "crosswalk", "upload at most 50 at a time."),
    ],
    ids=["none", "unknown source", "wrong type", "empty", "too many"],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(otto, files, source, sentence):
    before = count()

    assert sentence in wrong(send(otto, *files, source=source))
    assert count() == before


def count():
    with databases.connect("superuser", databases_name()) as db:
        return db.execute("SELECT count(*) FROM upload").fetchone()


def test_what_is_too_large_is_refused_with_a_sentence(otto, settings):
    settings.HELIO_UPLOAD_MAX_MEGABYTES = 1
    large = SimpleUploadedFile("portfolios.csv", b"x" * 1_000_001)

    assert "larger than 1 MB" in wrong(send(otto, large))


def test_a_file_of_another_kind_inside_is_rejected_by_landing(otto):
    sent = send(otto, SimpleUploadedFile("portfolios.csv", b"\x89PNG\r\n\x1a\n\x00\x00"))
    as_worker(take_all)

    assert "not utf-8" in otto.get(sent.url).content.decode().lower()


@pytest.mark.parametrize("name", ["analyst1", "manager1", "executive1", "admin", "auditor1"])
def test_others_may_not_upload(sign_in, name):
    client = sign_in(name)

    assert client.get(reverse("operations:upload")).status_code == 403
    assert send(client, file()).status_code == 403


def test_an_auditor_may_follow_an_upload(otto, sign_in):
    sent = send(otto, file("U-5"))

    assert sign_in("auditor1").get(sent.url).status_code == 200
    assert sign_in("analyst1").get(sent.url).status_code == 403


def test_a_form_of_another_site_is_refused(sign_in):
    client = sign_in("operations1", enforce_csrf_checks=True)

    assert send(client, file()).status_code == 403


class TestRights:
    """The database refuses what a crafted request or a slipped-in query would try."""

    @pytest.mark.parametrize(
        "statement",
        [
            BRING,
            ASK,
            "INSERT INTO upload_part (file_id, part_no, body) VALUES (1, 0, 'x')",
            "UPDATE upload SET state = 'done'",
            "UPDATE fetch_state SET paused_until = NULL",
            "SELECT body FROM upload_part",
            "DELETE FROM upload",
            "SELECT security.expire_bytes(false, 10)",
        ],
    )
    def test_nobody_writes_without_an_identity(self, connect_as, statement):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connect_as("web").execute(statement)


def test_an_upload_whose_worker_was_killed_is_taken_by_the_next(otto):
    sent = send(otto, file("U-6"))
    number = int(sent.url.rstrip("/").rpartition("/")[2])

    def killed():
        Upload.objects.filter(pk=number).update(
            state="landing", tries=1, heard_at="2026-01-01T00:00:00Z"
        )

    as_worker(killed)
    *_, batch = as_worker(take_all)

    assert as_worker(lambda: Upload.objects.get(pk=number).state) == "done"
    assert batch.loaded == 1


def test_an_upload_that_fails_each_time_is_given_up_with_a_sentence(otto):
    sent = send(otto, file("U-7"))
    number = int(sent.url.rstrip("/").rpartition("/")[2])

    def given_up():
        Upload.objects.filter(pk=number).update(tries=3, sentence="It could not be taken in.")
        return take_all()

    assert as_worker(given_up) == []
    assert "It could not be taken in." in otto.get(sent.url).content.decode()
