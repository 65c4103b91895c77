"""Time rules: due times over weekends, holidays and changes of the clock."""

from datetime import datetime, time, timedelta

import pytest

from ingestion.schedule import Schedule

LONDON = Schedule(at=time(7), zone="Europe/London", on="weekdays")


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("rule", "moment", "due"),
    [
        (Schedule(every=timedelta(minutes=5)), "2026-01-05T10:00Z", "2026-01-05T10:05Z"),
        (LONDON, "2026-01-05T06:59Z", "2026-01-05T07:00Z"),
        (LONDON, "2026-01-05T07:00Z", "2026-01-06T07:00Z"),
        (LONDON, "2026-01-09T12:00Z", "2026-01-12T07:00Z"),
        (LONDON, "2026-03-27T12:00Z", "2026-03-30T06:00Z"),  # summer time began meanwhile
        (Schedule(every=timedelta(days=1), on="weekdays"),
         "2026-01-09T18:00Z", "2026-01-12T18:00Z"),
        (Schedule(every=timedelta(hours=1), on="weekdays"),
         "2026-01-09T23:30Z", "2026-01-12T00:00Z"),
        (Schedule(at=time(2, 30), zone="Europe/Paris"), "2026-03-28T12:00Z", "2026-03-29T01:30Z"),
        (Schedule(at=time(17), zone="America/New_York", on="XNYS"),
         "2026-11-25T23:00Z", "2026-11-27T22:00Z"),
    ],
)  # fmt: skip
def test_the_next_due_time(rule, moment, due):
    assert rule.after(at(moment)) == at(due)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-01-06T06:12Z", "2026-01-07T07:00Z"),  # early counts for the hour it came before
        ("2026-01-06T09:40Z", "2026-01-07T07:00Z"),
        ("2026-01-09T06:12Z", "2026-01-12T07:00Z"),
    ],
)
def test_input_shortly_before_its_hour_counts_for_it(received, due):
    assert LONDON.due_after_input(at(received)) == at(due)


def test_a_rule_reads_as_a_person_would_say_it():
    assert LONDON.words == "at 07:00 Europe/London on weekdays"
    assert Schedule().words == "every day"
    assert Schedule(at=time(18, 30)).words == "at 18:30 UTC every day"
