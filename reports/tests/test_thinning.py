"""A thinned line keeps its ends, its extremes and the days that the table names."""

import json
import math
from datetime import date, timedelta
from itertools import pairwise

from reports.dashboards.charts import MOST_POINTS, Chart, Series
from reports.dashboards.thinning import kept

DAYS = [date(2015, 1, 1) + timedelta(days=at) for at in range(3_000)]
WAVE = [math.sin(at / 50) + at / 1_000 for at in range(3_000)]


def chart(*lines, days=DAYS):
    series = [Series(f"line{at}", "Line", "percent", line) for at, line in enumerate(lines)]
    return Chart("c", "Title", "Summary", days, series)


def test_a_short_line_keeps_every_point():
    assert kept([WAVE[:800]], 800) == list(range(800))
    assert not chart(WAVE[:800], days=DAYS[:800]).is_thinned


def test_a_long_line_keeps_its_ends_and_extremes_and_no_more_than_allowed():
    spiked = [*WAVE]
    spiked[1_234], spiked[2_345] = 99.0, -99.0
    places = kept([spiked, WAVE], 400, always=[7])
    assert len(places) <= 400
    assert places == sorted(set(places))
    assert {0, 7, 1_234, 2_345, 2_999} <= set(places)


def test_gaps_and_empty_lines_are_left_alone():
    gapped = [None if at % 2 else value for at, value in enumerate(WAVE)]
    places = kept([gapped, [None] * 3_000], 100)
    assert {0, 2_999} <= set(places)
    assert kept([[None] * 3_000], 100) == [0, 2_999]
    assert kept([], 100) == []


def test_the_line_between_drawn_points_never_leaves_out_a_peak():
    """Between two neighbouring drawn points no value lies beyond the drawn ones around them."""
    places = kept([WAVE], 200)
    longest = max(after - before for before, after in pairwise(places))
    for at, value in enumerate(WAVE):
        near = [WAVE[one] for one in places if abs(one - at) <= longest]
        assert min(near) <= value <= max(near)


def test_the_tables_days_are_drawn_and_have_the_same_values():
    long = chart(WAVE, [value / 2 for value in WAVE])
    assert long.is_thinned
    payload = json.loads(long.payload)
    drawn = dict(zip(payload["dates"], payload["series"][0]["values"], strict=True))
    assert len(drawn) == len(long.drawn) <= MOST_POINTS
    for day, cells in long.rows:
        assert drawn[day.isoformat()] == round(cells[0][0], 6)


def test_the_picture_without_script_draws_the_same_days():
    long = chart(WAVE)
    assert len(long.lines[0][1].split()) == len(long.drawn)
