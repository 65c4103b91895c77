"""The watched folders: whole files only, each filed away where it belongs."""

import os
import time

import pytest

from ingestion import tasks
from ingestion.models import SourceFile
from ingestion.pipeline import follow
from ingestion.tests.facts import define_sources
from ingestion.ways.folder.inbox import Inbox
from portfolios.models import Portfolio

pytestmark = pytest.mark.usefixtures("fresh_database", "as_worker")

PORTFOLIOS = (
    "portfolio_id,portfolio_name,client_id,base_currency,desk,team,opened_on,closed_on\n"
    "T-01,Test,C-1,USD,London,Team,2024-01-01,\n"
)


@pytest.fixture
def home(tmp_path, settings):
    settings.HELIO_HOME = tmp_path
    define_sources()
    return tmp_path


@pytest.fixture
def asked(monkeypatch):
    """The causes for which a refresh was asked."""
    causes = []
    monkeypatch.setattr(follow.refresh_figures, "delay", lambda cause: causes.append(cause))
    return causes


def age(path, seconds=5):
    """Makes a file look as if it was last written so long ago."""
    os.utime(path, (time.time() - seconds,) * 2)
    return path


def test_a_dropped_file_is_taken_filed_away_and_asks_for_a_refresh(home, asked):
    age(Inbox(home).drop("crosswalk", "portfolios.csv", PORTFOLIOS))

    [batch] = tasks.scan_inbox()

    assert Portfolio.objects.filter(code="T-01").exists()
    assert (home / "processed" / "crosswalk" / "portfolios.csv").read_text() == PORTFOLIOS
    assert Inbox(home).names("crosswalk") == []
    assert asked == [f"Portfolio crosswalk (batch {batch})"]


def test_a_file_that_is_still_written_is_left_alone(home, asked):
    folder = Inbox(home).folder("crosswalk")
    (folder / "portfolios.csv").write_text("portfolio_id,portf")
    (folder / "portfolios.csv.part").write_text("x")
    age(folder / "portfolios.csv.part")
    (folder / ".portfolios.csv").write_text("x")
    age(folder / ".portfolios.csv")

    assert tasks.scan_inbox() == []
    assert (folder / "portfolios.csv").exists()
    assert asked == []


def test_a_file_that_is_rejected_lies_in_quarantine(home, asked):
    age(Inbox(home).drop("crosswalk", "unknown.xls", "nothing"))

    tasks.scan_inbox()

    assert (home / "quarantine" / "crosswalk" / "unknown.xls").exists()
    assert asked == []


def test_a_link_out_of_the_folder_is_not_followed(home, asked):
    secret = home / "secret.csv"
    secret.write_text(PORTFOLIOS.replace("T-01", "T-99"))
    (Inbox(home).folder("crosswalk") / "portfolios.csv").symlink_to(age(secret))

    tasks.scan_inbox()

    assert not Portfolio.objects.filter(code="T-99").exists()


def test_two_scans_at_once_do_the_work_once(home, asked):
    with tasks._alone(home / "inbox") as first, tasks._alone(home / "inbox") as second:
        assert (first, second) == (True, False)


def test_a_second_file_of_the_same_name_is_kept_beside_the_first(home, asked):
    for text in (PORTFOLIOS.replace("T-01", "T-02"), PORTFOLIOS.replace("T-01", "T-03")):
        age(Inbox(home).drop("crosswalk", "portfolios.csv", text))
        tasks.scan_inbox()

    kept = sorted(path.name for path in (home / "processed" / "crosswalk").iterdir())
    assert len(kept) == 2
    assert SourceFile.objects.filter(name="portfolios.csv", status="loaded").count() >= 2
