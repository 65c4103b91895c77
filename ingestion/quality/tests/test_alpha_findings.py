"""On the alpha case Helio raises the expected findings by itself: none missing, none invented."""

from decimal import Decimal

import pytest

from ingestion.models import ExceptionItem, Finding, FindingEvent, QualityRun, ReconciliationLine
from ingestion.quality.codes import CODES
from ingestion.quality.run import run_checks
from ingestion.tests.expected import expected

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")


def _told() -> set[tuple[str, str, str]]:
    return {
        (one.code, one.subject, one.finding_day.isoformat() if one.finding_day else "")
        for one in Finding.objects.filter(still_true=True)
    }


def test_the_findings_are_the_expected_ones():
    answers = {
        (row["finding"], row["subject"], row["finding_day"])
        for row in expected("quality_findings.csv")
    }
    told = _told()

    assert sorted(answers - told) == []
    assert sorted(told - answers) == []


def test_the_breaks_are_the_expected_ones_to_the_last_number():
    lines = ReconciliationLine.objects.filter(broken=True).select_related("portfolio", "listing")
    told = {
        (
            line.as_at.isoformat(),
            line.made_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            line.portfolio.code,
            "CASH" if line.is_cash else "POSITION",
            line.listing.price_currency if line.is_cash else line.listing.key,
            line.ledger_settled,
            line.custodian_holds,
            line.break_size,
        )
        for line in lines
    }

    assert told == {
        (
            row["holdings_day"],
            row["file_made_at"],
            row["portfolio_id"],
            row["break_kind"],
            row["holding"],
            Decimal(row["ledger_settled"]),
            Decimal(row["custodian_holds"]),
            Decimal(row["break_size"]),
        )
        for row in expected("reconciliation_breaks.csv")
    }


def test_the_quarantine_is_the_expected_one():
    told = {
        (
            item.reference,
            str(item.version or ""),
            item.source.name,
            item.code,
            item.known_from.strftime("%Y-%m-%dT%H:%M:%SZ"),
            item.outcome,
        )
        for item in ExceptionItem.objects.select_related("source")
    }

    assert told == {
        (
            row["held_item"],
            row["version_no"],
            row["source_system"],
            row["reason_code"],
            row["known_from"],
            row["outcome"],
        )
        for row in expected("quarantine.csv")
    }


def test_every_finding_has_its_weight_its_sentence_and_its_numbers():
    for one in Finding.objects.all():
        assert one.severity == CODES[one.code].severity, one
        assert one.sentence.endswith("."), one.sentence
        assert "%s" not in one.sentence, one.sentence
        assert one.evidence["numbers"], one


def test_every_finding_leads_to_its_source_lines():
    for one in Finding.objects.exclude(code__in=("BREAK_CASH", "BREAK_POSITION")):
        assert one.evidence["rows"], one
        assert all(row["file"] for row in one.evidence["rows"]), one


def test_what_took_care_of_itself_waits_for_nobody():
    waiting = Finding.objects.filter(state="open").exclude(severity="note")

    assert {(one.code, one.subject) for one in waiting} == {
        ("LATE_CAPTURE", "AM72368 v1"),
        ("LATE_CAPTURE", "AM75298 v1"),
        ("SEQUENCE_GAP", "holdings 0085"),
        ("UNKNOWN_BOOK", "AM74253 v1"),
        ("CHECK_DIGIT", "EU74257 v1"),
    }
    closed = Finding.objects.filter(state="resolved")
    assert all(one.closed_because for one in closed)


def test_looking_at_everything_again_changes_nothing():
    before = list(Finding.objects.order_by("pk").values())
    history = FindingEvent.objects.count()

    run = run_checks(cause="test", everything=True)

    assert (run.raised, run.closed, run.problems) == (0, 0, {})
    assert list(Finding.objects.order_by("pk").values()) == before
    assert FindingEvent.objects.count() == history


def test_without_anything_new_there_is_no_run():
    runs = QualityRun.objects.count()

    assert run_checks(cause="test") is None
    assert QualityRun.objects.count() == runs
