"""The demo's feeder writes plainly marked files that go the ordinary way."""

import os
import time
from datetime import UTC, datetime

import pytest

from ingestion import tasks
from ingestion.feeder import state
from ingestion.feeder.feed import NEW_DAY_EVERY, feed, files_of_turn
from ingestion.models import Batch, ExceptionItem
from ingestion.pipeline import follow
from ingestion.ways.folder.inbox import Inbox
from portfolios.models import FxFixing, IndexLevel, Price
from portfolios.refresh import refresh

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def inbox(tmp_path, settings, monkeypatch):
    settings.HELIO_HOME = tmp_path
    settings.HELIO_DEMO_FEED = True
    monkeypatch.setattr(follow.refresh_figures, "delay", lambda cause: None)
    return Inbox(tmp_path)


def scan(inbox):
    for source in ("vendor", "blotter"):
        for path in inbox.folder(source).iterdir():
            os.utime(path, (time.time() - 5,) * 2)
    return Batch.objects.filter(pk__in=tasks.scan_inbox())


def test_a_turn_depends_on_its_number_alone():
    day = state.last_day()

    assert files_of_turn(3, day, AT) == files_of_turn(3, day, AT)
    assert files_of_turn(3, day, AT) != files_of_turn(4, day, AT)


def test_every_file_says_that_it_is_demo():
    refresh(cause="test")
    for turn in (1, 4, NEW_DAY_EVERY - 1):
        for source, name, text in files_of_turn(turn, state.last_day(), AT):
            assert name.startswith("demo-feed-")
            assert source in ("vendor", "blotter")
            assert "demo feed: made up" in text


def test_a_turn_revises_quotes_and_trades_and_nothing_is_held(inbox):
    refresh(cause="test")
    held = ExceptionItem.objects.count()
    day = state.last_day()
    revised = Price.objects.filter(priced_on=day, revision__gt=0).count()

    for _ in range(3):
        assert feed(inbox)
        for batch in scan(inbox):
            assert batch.received == batch.loaded > 0

    assert ExceptionItem.objects.count() == held
    assert Price.objects.filter(priced_on=day, revision__gt=0).count() > revised


def test_the_feeder_waits_while_its_files_lie_there(inbox):
    assert feed(inbox)
    assert feed(inbox) == []
    scan(inbox)


def test_now_and_then_a_new_business_day_comes_whole(inbox):
    day = state.last_day()
    following = state.next_day(day)
    for source, name, text in files_of_turn(NEW_DAY_EVERY - 1, day, AT):
        inbox.drop(source, name, text)

    scan(inbox)

    assert state.last_day() == following
    assert FxFixing.objects.filter(fixed_on=following).count() == 5
    assert IndexLevel.objects.filter(level_on=following).exists()
    assert Price.objects.filter(priced_on=following).count() > 20


def test_nothing_is_fed_when_the_feed_is_off(inbox, settings):
    settings.HELIO_DEMO_FEED = False

    assert tasks.feed_demo() == []
