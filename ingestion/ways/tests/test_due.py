"""When a fetch is made: by the clock, by a wish, one at a time, and again after a kill."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ingestion import tasks
from ingestion.models import FetchRun, FetchState, Source
from ingestion.tests.facts import define_sources, together
from ingestion.ways import due
from ingestion.ways.heartbeat import SILENT
from ingestion.ways.tests.servers import vendor

pytestmark = pytest.mark.usefixtures("fresh_database", "as_worker")

FETCH = 'way = "http"\nurl = "https://vendor.example/fixings"\n'


@pytest.fixture(autouse=True)
def nothing_left(as_worker):
    yield
    FetchRun.objects.exclude(state="done").update(state="done")
    FetchState.objects.update(next_at=None)


def test_a_new_source_is_fetched_at_once_and_then_by_its_schedule(tmp_path):
    source = vendor(tmp_path, "hourly", FETCH, schedule='every = "1 hour"')

    [run] = due.due_runs()

    state = FetchState.objects.get(source=source)
    assert timedelta(minutes=59) < state.next_at - timezone.now() <= timedelta(hours=1)
    assert FetchRun.objects.get(pk=run).source == source
    assert due.due_runs() == []


def test_while_one_is_at_work_none_is_added(tmp_path):
    source = vendor(tmp_path, "busy", FETCH)
    due.due_runs()
    FetchState.objects.filter(source=source).update(next_at=timezone.now())

    assert due.due_runs() == []
    with pytest.raises(IntegrityError), transaction.atomic():
        FetchRun.objects.create(source=source)


def test_a_wish_is_granted_once_the_source_is_free(tmp_path):
    source = vendor(tmp_path, "wished", FETCH)
    [first] = due.due_runs()
    wish = FetchRun.objects.create(source=source, state="asked", cause="person", asked_by="otto")

    waiting = due.due_runs()
    FetchRun.objects.filter(pk=first).update(state="done")

    assert waiting == []
    assert due.due_runs() == [wish.pk]


def test_of_two_workers_one_has_the_run(tmp_path):
    vendor(tmp_path, "contested", FETCH)
    [run] = due.due_runs()
    taken = []

    together([lambda name=name: taken.append(due.begin(run, name)) for name in ("a", "b")])

    assert sorted(each is None for each in taken) == [False, True]


def test_a_task_that_is_delivered_again_goes_on_with_its_own_run(tmp_path):
    vendor(tmp_path, "again", FETCH)
    [run] = due.due_runs()

    assert due.begin(run, "task-1") is not None
    assert due.begin(run, "task-2") is None
    assert due.begin(run, "task-1") is not None


def test_a_run_whose_worker_was_killed_makes_room(tmp_path):
    source = vendor(tmp_path, "killed", FETCH)
    [run] = due.due_runs()
    due.begin(run, "task-1")
    FetchRun.objects.filter(pk=run).update(heard_at=timezone.now() - SILENT * 2)
    FetchState.objects.filter(source=source).update(next_at=timezone.now())

    [another] = due.due_runs()

    assert FetchRun.objects.get(pk=run).state == "interrupted"
    assert another != run


def test_a_queued_run_that_the_broker_lost_is_handed_out_again(tmp_path):
    vendor(tmp_path, "dropped", FETCH)
    [run] = due.due_runs()
    FetchRun.objects.filter(pk=run).update(heard_at=timezone.now() - due.LOST * 2)

    assert due.due_runs() == [run]


def test_sources_without_a_way_are_never_due():
    sources = define_sources()

    assert due.due_runs() == []
    assert FetchState.objects.get(source=sources["custody"]).next_at is None


def test_a_look_costs_a_handful_of_queries_when_nothing_is_due(django_assert_max_num_queries):
    due.due_runs()
    with django_assert_max_num_queries(7):
        due.due_runs()


def test_the_task_hands_each_run_to_a_worker(tmp_path, monkeypatch):
    handed = []
    monkeypatch.setattr(tasks.fetch_source, "delay", handed.append)
    vendor(tmp_path, "handed", FETCH)

    assert tasks.start_due_fetches() == handed
    assert len(handed) == 1


def test_a_daily_source_is_not_late_on_a_weekend(tmp_path):
    rule = 'at = "18:30", zone = "America/New_York", on = "XNYS"'
    source = vendor(tmp_path, "closes", FETCH, schedule=rule)
    friday = datetime.fromisoformat("2026-01-16T18:31:00-05:00")
    Source.objects.filter(pk=source.pk).update(newest_input_at=friday)
    source.refresh_from_db()

    # Monday, the 19th, is a holiday in New York.
    assert source.due_at == datetime.fromisoformat("2026-01-20T18:30:00-05:00")
    assert source.schedule == "at 18:30 America/New_York on XNYS sessions"
