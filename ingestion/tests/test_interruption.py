"""A run that is killed leaves no half work: the next run takes what was landed."""

import subprocess
import sys
import time
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import DataError

from helio.testing import databases
from ingestion.models import Batch, ExceptionItem, Source, SourceFile
from ingestion.pipeline import run, staged
from ingestion.pipeline.run import ingest
from ingestion.pipeline.wave import LOAD_LOCK, RUN_LOCK
from ingestion.tests.expected import ALPHA
from ingestion.tests.facts import define_sources, take, write
from portfolios.models import MarketSession, Portfolio

pytestmark = pytest.mark.usefixtures("fresh_database", "as_worker")


PORTFOLIOS = (
    "portfolio_id,portfolio_name,client_id,base_currency,desk,team,opened_on,closed_on\n"
    "P-01,Test,C-1,USD,London,Team,2024-01-01,\n"
)
KEYS = "portfolio_id,system,system_key,applies_from,applies_until\nP-01,OMS,X/1,2024-01-01,\n"


def waiting_files() -> int:
    return SourceFile.objects.filter(status=SourceFile.Status.LANDED).count()


def wait_until(true, seconds=60):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def test_a_killed_load_is_done_whole_by_the_next_run(fresh_database, connect_as, monkeypatch):
    define_sources()
    blocker = connect_as("worker", autocommit=True)
    blocker.execute("SELECT pg_advisory_lock(%s)", [LOAD_LOCK])
    command = [sys.executable, "manage.py", "ingest", "reference", "--path"]
    process = subprocess.Popen(
        [*command, str(ALPHA / "sources" / "vendor" / "reference_dump.sql")],
        cwd=settings.BASE_DIR,
        env=databases.serving_environment(fresh_database, "worker"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: waiting_files() == 1)
    finally:
        process.kill()
        process.wait()
    blocker.execute("SELECT pg_advisory_unlock(%s)", [LOAD_LOCK])
    assert MarketSession.objects.count() == 0
    assert ingest(Source.objects.get(name="reference"), [], by="test") is None  # it may yet live

    monkeypatch.setattr(run, "SILENT", timedelta(0))
    batch = ingest(Source.objects.get(name="reference"), [], by="test")

    assert (batch.received, batch.loaded) == (7203, 7202)
    assert MarketSession.objects.count() == 3793
    assert waiting_files() == 0


def test_the_batch_of_a_killed_run_is_marked_and_its_counts_stay_right(monkeypatch):
    source = define_sources()["reference"]
    dead = Batch.objects.create(source=source, started_by="test")
    monkeypatch.setattr(run, "SILENT", timedelta(0))

    ingest(source, [], by="test")

    dead.refresh_from_db()
    assert dead.state == Batch.State.INTERRUPTED
    assert dead.received == 0


def test_a_run_that_loads_for_long_is_not_taken_for_dead(connect_as, monkeypatch):
    define_sources()
    monkeypatch.setattr(run, "SILENT", timedelta(0))
    source = Source.objects.get(name="crosswalk")
    batch = Batch.objects.create(source=source, started_by="test")
    loader = connect_as("worker")
    loader.execute("SELECT pg_advisory_xact_lock(%s, %s)", [RUN_LOCK, batch.pk])

    ingest(source, [], by="test")
    batch.refresh_from_db()
    assert batch.state == "running"

    loader.rollback()  # as the death of its process would
    ingest(source, [], by="test")
    batch.refresh_from_db()
    assert batch.state == "interrupted"


def test_counts_that_do_not_add_up_are_refused_by_the_database(connect_as):
    source = define_sources()["reference"]
    connection = connect_as("worker", autocommit=True)
    batch = Batch.objects.create(source=source, started_by="test")

    with pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("UPDATE batch SET received = 1 WHERE id = %s", [batch.pk])


def test_a_file_that_the_database_cannot_take_stops_no_other(monkeypatch, tmp_path):
    source = define_sources()["crosswalk"]
    good = write(tmp_path, "portfolios.csv", PORTFOLIOS)
    bad = write(tmp_path, "portfolio_keys.csv", KEYS)
    load = staged.load_record

    def fail_on_keys(record, batch_id, **options):
        if record == "portfolio_key":
            raise DataError("value out of range")
        load(record, batch_id, **options)

    monkeypatch.setattr(staged, "load_record", fail_on_keys)

    batch = take(source, bad, good)

    assert Portfolio.objects.filter(code="P-01").exists()
    assert (batch.state, batch.files_loaded, batch.files_rejected) == ("done", 1, 1)
    item = ExceptionItem.objects.get(reference="portfolio_keys.csv")
    assert (item.code, item.reason) == ("LOAD_FAILED", "value out of range")
