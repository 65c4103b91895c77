"""Retention: raw bytes go by each source's rule; every line and fact stays reachable."""

from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction

from ingestion.landing.received import received
from ingestion.landing.text import source_line
from ingestion.models import Source, SourceFile
from ingestion.tests.facts import define_sources, take, write
from ingestion.ways.retention import expire
from portfolios.models import Portfolio

pytestmark = pytest.mark.usefixtures("fresh_database", "as_worker")

HEADER = "portfolio_id,portfolio_name,client_id,base_currency,desk,team,opened_on,closed_on\n"


@pytest.fixture
def landed(tmp_path, settings):
    """Lands a file and says that it came so long ago."""
    settings.HELIO_HOME = tmp_path
    source = define_sources()["crosswalk"]
    Source.objects.update(keep_bytes_days=90)

    def land(code, days, status=None):
        folder = tmp_path / code
        folder.mkdir()
        path = write(folder, "portfolios.csv", f"{HEADER}{code},T,C,USD,London,X,2024-01-01,\n")
        file = SourceFile.objects.get(batch=take(source, path))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE source_file SET received_at = now() - make_interval(days => %s),"
                " status = coalesce(%s, status) WHERE id = %s",
                [days, status, file.pk],
            )
        return file

    yield land
    SourceFile.objects.filter(status="landed").update(status="loaded")


def has_bytes(file) -> bool:
    file.refresh_from_db()
    return b"".join(received(file)).startswith(HEADER.encode())


def test_only_bytes_beyond_their_time_go_and_lines_stay(landed):
    old, young = landed("R-1", 91), landed("R-2", 89)

    gone = expire()

    assert [each.file for each in gone] == [old.pk]
    assert (has_bytes(old), has_bytes(young)) == (False, True)
    assert source_line(old.pk, 2) == "R-1,T,C,USD,London,X,2024-01-01,"
    assert Portfolio.objects.filter(code="R-1").exists()
    old.refresh_from_db()
    assert old.bytes_expired_at is not None


def test_a_dry_run_says_what_would_go_and_lets_nothing_go(landed):
    file = landed("R-3", 200)
    out = StringIO()

    call_command("retention", "--dry-run", stdout=out)

    assert "portfolios.csv" in out.getvalue()
    assert "would go." in out.getvalue()
    assert has_bytes(file)
    expire()


def test_what_is_kept_for_ever_never_goes(landed):
    file = landed("R-4", 20_000)
    Source.objects.update(keep_bytes_days=None)

    assert expire() == []
    assert has_bytes(file)


def test_a_file_that_waits_to_be_loaded_keeps_its_bytes(landed):
    file = landed("R-5", 200, status="landed")

    assert file.pk not in [each.file for each in expire()]
    assert has_bytes(file)


def test_it_is_audited_by_source(landed, connect_as):
    file = landed("R-6", 200)

    expire()

    rows = connect_as("superuser").execute(
        "SELECT object, detail->'files' FROM audit_event WHERE action = 'bytes expired'"
        " ORDER BY id DESC LIMIT 1"
    )
    source, files = rows.fetchone()
    assert source == "crosswalk"
    assert file.pk in files


def test_the_worker_itself_may_delete_no_byte(landed):
    file = landed("R-7", 10)

    for statement in ("DELETE FROM source_part", "DELETE FROM source_text", "TRUNCATE source_part"):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
    assert has_bytes(file)


def test_a_rule_shorter_than_a_month_is_refused_by_the_database(landed, connect_as):
    with pytest.raises(psycopg.errors.CheckViolation):
        connect_as("worker").execute("UPDATE source SET keep_bytes_days = 1")


def test_copies_that_were_filed_away_go_by_the_same_rule(landed, tmp_path, monkeypatch):
    filed = tmp_path / "processed" / "crosswalk"
    filed.mkdir(parents=True)
    (filed / "portfolios.csv").write_text("x")
    expire()
    kept = (filed / "portfolios.csv").exists()
    monkeypatch.setattr("ingestion.ways.retention.DAY_SECONDS", -86_400)

    expire()

    assert kept
    assert not (filed / "portfolios.csv").exists()
