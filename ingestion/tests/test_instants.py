"""Times by the column are the times one by one, or are left to be looked at one by one."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.mapping import instants
from ingestion.mapping.values import instant

# Offsets of whole, half and quarter hours; half an hour of summer time; a day that was left out.
ZONES = (
    "Europe/London", "America/New_York", "Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "America/St_Johns", "UTC",
)  # fmt: skip
# Changes of the clocks are in these days, or close to them.
TURNS = ("2025-03-30", "2025-10-26", "2025-11-02", "2025-04-05", "2025-10-04", "2011-12-30")

moments = st.one_of(
    st.datetimes(datetime.fromisoformat("1971-01-01"), datetime.fromisoformat("2037-01-01")),
    st.builds(
        lambda day, seconds: datetime.fromisoformat(day) + timedelta(seconds=seconds),
        st.sampled_from(TURNS),
        st.integers(-90_000, 90_000),
    ),
)
rows = st.lists(st.tuples(moments, st.sampled_from(ZONES)), min_size=1, max_size=20)


@pytest.fixture(autouse=True)
def few_remembered(monkeypatch):
    monkeypatch.setattr(instants, "REMEMBERED", 30)


@given(rows)
def test_local_times_are_in_utc_what_each_is_by_itself(found):
    texts = [moment.isoformat(" ", "seconds") for moment, _ in found]
    zones = [zone for _, zone in found]

    in_utc = instants.utc_texts(texts, zones)

    if in_utc is not None:
        assert in_utc == [str(instant(*pair)) for pair in zip(texts, zones, strict=True)]


@pytest.mark.parametrize("zone", ["Europe/London", "Asia/Tokyo", "America/New_York"])
@pytest.mark.parametrize("day", ["2025-01-15", "2025-07-15", "2025-03-30", "2025-10-26"])
def test_ordinary_hours_are_not_left_to_be_looked_at_one_by_one(zone, day):
    texts = [f"{day} {hour:02d}:{minute:02d}:59" for hour in range(9, 18) for minute in (0, 59)]

    assert instants.utc_texts(["", *texts], zone) is not None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2025-10-26 01:30:00", "Europe/London"),  # repeated
        ("2025-03-30 01:30:00", "Europe/London"),  # skipped
        ("2011-12-30 12:00:00", "Pacific/Apia"),  # a day that was left out
        ("2025-02-31 12:00:00", "Europe/London"),
        ("2025-02-28 12:00:00", "Europe/Nowhere"),
        ("2025-02-28 12:00:00", ""),
        ("0001-01-01 00:30:00", "Asia/Tokyo"),
        ("9999-12-31 23:30:00", "America/New_York"),
    ],
)
def test_what_is_no_plain_time_is_left_to_be_looked_at_by_itself(text, zone):
    plain = "2025-02-28 12:00:00"

    assert instants.utc_texts([plain, text], ["Europe/London", zone]) is None
    assert instants.utc_texts([plain], ["Europe/London"]) == ["2025-02-28 12:00:00+00:00"]


@given(rows)
def test_the_day_of_a_moment_is_its_date_in_the_zone(found):
    texts = [f"{moment.isoformat(' ', 'seconds')}+00:00" for moment, _ in found]
    zones = [zone for _, zone in found]
    there = [
        str(datetime.fromisoformat(text).astimezone(ZoneInfo(zone)).date())
        for text, zone in zip(texts, zones, strict=True)
    ]

    assert instants.days_at(texts, zones) == there
    assert instants.days_in(zones[0], texts[:1]) == there[:1]
