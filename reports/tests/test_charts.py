"""The chart's summary, its table and its picture say the same as its points."""

import json
from datetime import date

from reports.dashboards.charts import Chart, Series, period_sentence
from reports.dashboards.periods import PERIODS, start_of

DAYS = [date(2025, 1, 2), date(2025, 1, 31), date(2025, 2, 3), date(2025, 2, 28)]


def chart(values):
    return Chart("c", "Title", "Summary", DAYS, [Series("portfolio", "Return", "percent", values)])


def test_the_summary_names_the_result_and_the_worst_fall():
    sentence = period_sentence("this year", [0.0, 0.10, 0.045, 0.114], DAYS)
    assert sentence == "Up 11.4% this year, worst fall 5.0% to 3 Feb 2025."


def test_a_fall_from_the_start_counts():
    sentence = period_sentence("this year", [0, -0.1, 0, 0.2], DAYS)
    assert "worst fall 10.0% to 31 Jan 2025" in sentence


def test_a_course_that_only_rises_has_no_fall():
    assert period_sentence("this year", [0, 0.1], DAYS[:2]) == (
        "Up 10.0% this year, never below an earlier high."
    )


def test_the_payload_pairs_every_date_with_a_value():
    payload = json.loads(chart([0, None, 0.02, 0.03]).payload)
    assert payload["dates"][0] == "2025-01-02"
    assert payload["series"][0]["values"] == [0, None, 0.02, 0.03]


def test_the_table_shows_month_ends_and_the_first_and_last_day():
    rows = chart([0, 0.01, 0.02, 0.03]).rows
    assert [day for day, _ in rows] == [DAYS[3], DAYS[1], DAYS[0]]


def test_a_flat_line_is_drawn_and_a_gap_left_out():
    ((key, points),) = chart([0.01, None, 0.01, 0.01]).lines
    assert key == "portfolio"
    assert len(points.split()) == 3
    assert len(chart([0.01] * 4).ticks) == 5


def test_a_period_starts_at_the_last_close_on_or_before_its_anchor():
    days = [date(2024, 12, 30), date(2025, 1, 2), date(2025, 3, 28), date(2025, 3, 31)]
    as_of = date(2025, 3, 31)
    assert start_of(PERIODS["ytd"], as_of, days) == date(2024, 12, 30)
    assert start_of(PERIODS["1m"], as_of, days) == date(2025, 1, 2)
    assert start_of(PERIODS["all"], as_of, days) == days[0]
    assert start_of(PERIODS["1y"], as_of, days) == days[0]
