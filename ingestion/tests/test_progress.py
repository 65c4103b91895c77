"""What a run tells of its progress while it works, and that it never disturbs the run."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings

from ingestion.pipeline import progress
from ingestion.pipeline.progress import Progress, last_said
from ingestion.tests.facts import ALPHA, define_sources, take

NOBODY_THERE = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves."""
    now = [1_000.0]
    monkeypatch.setattr(progress, "time", SimpleNamespace(time=lambda: now[0]))
    cache.clear()
    return now


def test_a_new_stage_is_told_at_once_and_the_rest_once_a_second(clock):
    run = Progress(7)
    run.stage("reading", 1_000)
    assert last_said(7).percent == 0
    clock[0] += 0.5
    run.advance(100, rows=90)
    assert last_said(7).done == 0
    clock[0] += 1.5
    run.advance(100, rows=100)
    said = last_said(7)
    assert (said.done, said.percent, said.rows) == (200, 20, 190)
    assert said.rate == 100
    assert said.seconds_left == 8


def test_a_stage_of_unknown_length_promises_nothing(clock):
    run = Progress(7)
    run.stage("settling")
    clock[0] += 5
    run.advance(3)
    assert (last_said(7).percent, last_said(7).seconds_left) == (None, None)


def test_a_run_that_is_over_says_nothing(clock):
    run = Progress(7)
    run.stage("reading", 10)
    run.done()
    assert last_said(7) is None


def test_without_a_batch_nothing_is_told(clock):
    run = Progress()
    run.stage("reading", 10)
    run.advance(10, rows=9)
    assert run.rows == 9
    assert last_said(7) is None


@pytest.mark.usefixtures("fresh_database", "as_worker")
def test_a_load_tells_its_stages_in_order_and_takes_no_harm_without_a_cache(monkeypatch):
    stages: list[str] = []
    tell = Progress._tell

    def remember(self: Progress) -> None:
        stages.append(self._name)
        tell(self)

    monkeypatch.setattr(Progress, "_tell", remember)
    source = define_sources()["reference"]
    with override_settings(CACHES=NOBODY_THERE):
        batch = take(source, ALPHA / "sources" / "vendor" / "reference_dump.sql")
    assert batch.loaded
    order = list(dict.fromkeys(stages))
    assert order == ["landing", "reading", "loading", "settling"]
