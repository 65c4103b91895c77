"""Whatever the order in which files arrive, the facts are the same."""

import random

import pytest

from helio.testing import databases
from ingestion.models import ExceptionItem, Finding, Source
from ingestion.pipeline.run import ingest
from ingestion.quality.run import run_checks
from ingestion.tests.expected import expected
from ingestion.tests.facts import alpha_deliveries, digests
from portfolios.models import Transaction


@pytest.fixture(scope="module")
def in_order(alpha_database, django_db_setup, django_db_blocker):
    """What the facts are when the files come in order."""
    with (
        django_db_blocker.unblock(),
        databases.django_connected_to(database=alpha_database, role="worker"),
    ):
        return digests()


@pytest.fixture(scope="module", autouse=True)
def shuffled(in_order, fresh_database):
    """Trades and statements before the crosswalk that explains them, files in a random order."""
    with databases.django_connected_to(role="worker"):
        found = alpha_deliveries()
        for name in reversed(list(found)):
            source = Source.objects.get(name=name)
            files = found[name]
            random.Random(7).shuffle(files)
            half = len(files) // 2
            ingest(source, files[:half], by="test")
            ingest(source, files[half:], by="test")
            # Each run looks only at what came: what it finds too early it must close later.
            run_checks(cause="test")
        yield


def test_the_facts_are_the_same(in_order):
    ours = digests()

    differing = {table: (ours[table], in_order[table]) for table in ours}
    assert {table: pair for table, pair in differing.items() if pair[0] != pair[1]} == {}


def test_the_ledger_is_the_answer():
    now = Transaction.objects.filter(known_to=None)

    references = {row["source_reference"] for row in expected("ledger.csv.gz")}
    assert set(now.values_list("source_reference", flat=True)) == references


def test_an_ended_entry_names_the_batch_that_ended_it():
    """By it a version is told apart from what was captured before it and delivered after."""
    ended = Transaction.objects.exclude(known_to=None)
    assert ended.exists()
    for entry in ended:
        ending = Transaction.objects.filter(
            source=entry.source,
            source_reference=entry.source_reference,
            source_version__gt=entry.source_version,
        )
        batches = set(ending.values_list("batch_id", flat=True))
        assert entry.ended_by_batch_id in batches or not batches, entry
        assert entry.ended_by_batch_id is not None, entry


def test_what_is_still_held_is_what_the_answer_holds():
    held = ExceptionItem.objects.filter(state="held").values_list("reference", flat=True)

    answers = expected("quarantine.csv")
    assert set(held) == {row["held_item"] for row in answers if row["outcome"] == "still held"}


def test_the_findings_are_the_answer():
    told = {
        (one.code, one.subject, one.finding_day.isoformat() if one.finding_day else "")
        for one in Finding.objects.filter(still_true=True)
    }
    # Which of two files with the same bytes is the repetition depends on which came first.
    answers = {
        (row["finding"], row["subject"], row["finding_day"])
        for row in expected("quality_findings.csv")
        if row["finding"] != "DUPLICATE_FILE"
    }
    assert {one for one in told if one[0] != "DUPLICATE_FILE"} == answers
    assert len(told) == len(answers) + 1


def test_what_the_runs_found_step_by_step_is_what_a_look_at_everything_finds():
    run = run_checks(cause="test", everything=True)

    assert (run.raised, run.closed, run.problems) == (0, 0, {})
