"""Landing under stress: two processes, a kill, large files, unreadable ones, no room, no folder."""

import errno
import io
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile

import pytest
from django.conf import settings as django_settings
from django.db import connection

from helio.testing import databases
from ingestion import tasks
from ingestion.landing.delivery import Delivery
from ingestion.models import Batch, ExceptionItem, FetchState, SourceFile, SourcePart
from ingestion.pipeline import follow, run
from ingestion.tests.facts import define_sources, take, write
from ingestion.ways.folder import inbox
from ingestion.ways.folder.inbox import Inbox
from portfolios.models import Portfolio

pytestmark = pytest.mark.usefixtures("fresh_database", "as_worker")

HEADER = "portfolio_id,portfolio_name,client_id,base_currency,desk,team,opened_on,closed_on\n"


def text(*codes):
    return HEADER + "".join(f"{code},T,C,USD,London,X,2024-01-01,\n" for code in codes)


@pytest.fixture
def home(tmp_path, settings, monkeypatch):
    settings.HELIO_HOME = tmp_path
    monkeypatch.setattr(inbox, "SETTLE_SECONDS", -1)
    monkeypatch.setattr(follow.refresh_figures, "delay", lambda cause: None)
    define_sources()
    return tmp_path


def start(database, path):
    """A process that ingests a file, as an operator would start it."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "ingest", "crosswalk", "--path", str(path)],
        cwd=django_settings.BASE_DIR,
        env=databases.serving_environment(database, "worker"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_one_file_from_two_processes_at_one_moment_is_one_load(home, fresh_database):
    path = write(home, "portfolios.csv", text("H-1", "H-2"))

    processes = [start(fresh_database, path) for _ in range(2)]
    assert [process.wait(60) for process in processes] == [0, 0]

    files = SourceFile.objects.filter(source__name="crosswalk", name="portfolios.csv")
    assert sorted(files.values_list("status", flat=True)) == ["duplicate", "loaded"]
    assert Portfolio.objects.filter(code__in=("H-1", "H-2")).count() == 2
    assert sum(b.loaded for b in Batch.objects.all()) == 2
    assert all(batch.adds_up for batch in Batch.objects.all())


def test_a_worker_killed_while_landing_leaves_no_byte(home, fresh_database, monkeypatch):
    """Held up by a lock inside the landing transaction, then SIGKILL: nothing half is there."""
    path = write(home, "portfolios.csv", text("H-3"))
    with databases.connect("superuser", fresh_database) as blocker:
        blocker.execute("LOCK TABLE source_text IN ACCESS EXCLUSIVE MODE")
        process = start(fresh_database, path)
        _wait_for_lock(blocker)
        process.send_signal(signal.SIGKILL)
        process.wait()
        blocker.rollback()
    _wait_until_alone()
    sha = SourceFile.objects.filter(name="portfolios.csv").count()

    monkeypatch.setattr(run, "SILENT", run.SILENT * 0)
    batch = take(define_sources()["crosswalk"], path)

    assert batch.loaded == 1
    assert SourceFile.objects.filter(name="portfolios.csv").count() == sha + 1
    orphans = SourcePart.objects.exclude(file__in=SourceFile.objects.all())
    assert not orphans.exists()


def _wait_for_lock(blocker):
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'source_text'::regclass"
    deadline = time.monotonic() + 30
    while blocker.execute(query).fetchone() == (0,):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _wait_until_alone():
    """Until the server has noticed that the killed process is gone."""
    deadline = time.monotonic() + 30
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'helio_worker'"
        " AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    with databases.connect("superuser", connection.settings_dict["NAME"]) as db:
        own = 1  # this test's own connection
        while db.execute(query).fetchone()[0] > own and time.monotonic() < deadline:
            db.rollback()
            time.sleep(0.05)


def test_a_file_beyond_the_limit_is_refused_and_its_bytes_are_not_kept(home, settings):
    settings.HELIO_FILE_MAX_MEGABYTES = 1
    path = write(home, "portfolios.csv", text("H-4") + " " * 1_000_001)

    take(define_sources()["crosswalk"], path)

    item = ExceptionItem.objects.get(code="FILE_TOO_LARGE")
    assert "more than the 1 MB that are taken" in item.sentence
    assert not SourcePart.objects.filter(file=item.file).exists()


def test_an_unreadable_file_stays_in_place_and_is_told(home, monkeypatch):
    inbox_ = Inbox(home)
    locked = inbox_.drop("crosswalk", "portfolios.csv", text("H-5"))
    real = os.access
    monkeypatch.setattr(inbox.os, "access", lambda path, mode: path != locked and real(path, mode))

    tasks.scan_inbox()

    assert locked.exists()
    said = FetchState.objects.get(source__name="crosswalk").folder_sentence
    assert said == "portfolios.csv cannot be read by the worker; it stays in the folder."

    monkeypatch.setattr(inbox.os, "access", real)
    tasks.scan_inbox()
    assert Portfolio.objects.filter(code="H-5").exists()
    assert FetchState.objects.get(source__name="crosswalk").folder_sentence == ""


def test_no_room_on_the_disk_loses_nothing_and_stops_no_other_source(home, monkeypatch):
    box = Inbox(home)
    box.drop("crosswalk", "portfolios.csv", text("H-6"))
    box.drop("custody", "notes.txt", "not ours")
    opened = Delivery.opened

    def full(self):
        if self.name == "portfolios.csv":
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(self)

    monkeypatch.setattr(Delivery, "opened", full)
    tasks.scan_inbox()

    assert box.names("crosswalk") == ["portfolios.csv"]
    failed = Batch.objects.filter(source__name="crosswalk").first()
    assert (failed.state, "No space left" in failed.sentence) == ("failed", True)
    assert (home / "quarantine" / "custody" / "notes.txt").exists()

    monkeypatch.setattr(Delivery, "opened", opened)
    tasks.scan_inbox()
    assert Portfolio.objects.filter(code="H-6").exists()


def test_a_folder_that_is_removed_meanwhile_is_made_again(home):
    box = Inbox(home)
    shutil.rmtree(box.folder("crosswalk"))

    assert tasks.scan_inbox() == []
    box.drop("crosswalk", "portfolios.csv", text("H-7"))
    assert len(tasks.scan_inbox()) == 1


def test_many_files_are_taken_in_portions(home, monkeypatch):
    monkeypatch.setattr(inbox, "FILES_AT_ONCE", 2)
    box = Inbox(home)
    for number in range(3):
        box.drop("crosswalk", f"unknown{number}.txt", f"{number}")

    [first] = tasks.scan_inbox()
    said = FetchState.objects.get(source__name="crosswalk").folder_sentence
    [second] = tasks.scan_inbox()

    assert said == "3 files lie here; they are taken 2 at a time."
    counts = Batch.objects.filter(pk__in=(first, second)).order_by("pk")
    assert [batch.files_received for batch in counts] == [2, 1]


def archive(members, *, spoil=False):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    body = held.getvalue()
    return body.replace(b"meant", b"spoil", 1) if spoil else body


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (archive({"MSK-STM-1.csv": "what was meant"}, spoil=True), "UNREADABLE_FILE"),
        (archive({"MSK-STM-1.csv": archive({"x.csv": "1"})}), "ARCHIVE_NESTED"),
        (archive({"MSK-STM-1.csv": "x" * 5_000})[:3_000], "UNREADABLE_FILE"),
    ],
    ids=["spoilt member", "archive in disguise", "cut off"],
)
def test_an_archive_that_is_not_what_it_says_is_refused_whole(home, body, code):
    path = write(home, f"MSK-STM-{len(body)}.zip", body)

    batch = take(define_sources()["custody"], path)

    refused = ExceptionItem.objects.filter(batch=batch).values_list("code", flat=True)
    assert code in refused
    assert batch.files_loaded == 0
