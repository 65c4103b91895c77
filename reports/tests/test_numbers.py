"""The three special cases and the writing of numbers."""

from datetime import date
from decimal import Decimal

import pytest

from helio import numbers
from helio.numbers import NotApplicable


@pytest.mark.parametrize(
    ("value", "kind", "options", "text"),
    [
        (Decimal("1234567.891"), "money", {}, "1,234,567.89"),
        (Decimal("-1234.5"), "money", {}, "\N{MINUS SIGN}1,234.50"),
        (Decimal("0.125"), "money", {}, "0.13"),
        (Decimal("0"), "money", {"signed": True}, "0.00"),
        (Decimal("-0.001"), "money", {"signed": True}, "0.00"),
        (Decimal("412600000"), "compact", {"places": 1}, "412.6 m"),
        (Decimal("-1240"), "compact", {"signed": True}, "\N{MINUS SIGN}1.24 k"),
        (0.0030, "percent", {"signed": True, "arrow": True}, "\N{UPWARDS ARROW} +0.30%"),
        (-0.0030, "percent", {"signed": True, "arrow": True}, "\N{DOWNWARDS ARROW} \u22120.30%"),
        (0.0, "percent", {"signed": True, "arrow": True}, "0.00%"),
        (0.021, "points", {"signed": True, "places": 1}, "+2.1 pp"),
        (Decimal("90946"), "units", {}, "90,946"),
    ],
)
def test_a_number_is_written_as_people_read_it(value, kind, options, text):
    assert numbers.text_of(value, kind, **options) == text


def test_missing_zero_and_not_applicable_are_three_things():
    assert numbers.text_of(None, "money") == "–"
    assert numbers.text_of(Decimal(0), "money") == "0.00"
    assert numbers.text_of(NotApplicable("Too young"), "money") == "n/a"


def test_a_number_that_is_not_finite_is_missing():
    assert numbers.text_of(float("nan"), "percent") == "–"
    assert numbers.machine(float("inf")) == ""


def test_the_machine_form_keeps_every_digit():
    assert numbers.machine(Decimal("1234567.891200")) == "1234567.8912"
    assert numbers.machine(Decimal("100")) == "100"
    assert numbers.machine(Decimal("1E+3")) == "1000"
    assert numbers.machine(Decimal("-0.00")) == "0"
    assert numbers.machine(None) == ""


def test_a_column_shows_as_many_decimals_as_its_most_precise_value():
    assert numbers.places_needed([Decimal("1"), Decimal("2.5"), Decimal("3.125")]) == 3
    assert numbers.places_needed([Decimal("1"), Decimal("20.00")]) == 0


def test_a_date_cannot_be_misread():
    assert numbers.day(date(2025, 10, 3)) == "Fri 3 Oct 2025"
