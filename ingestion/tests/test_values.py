"""Text becomes exact values, or a sentence."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion import records
from ingestion.mapping import values
from ingestion.mapping.expressions import Expression, FieldProblem, compile_text


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", "1"), ("-0", "0"), ("+2.50", "2.50"), ("0.0000000001", "0.0000000001")],
)
def test_a_number_keeps_its_digits(text, number):
    assert str(values.number(text).normalize()) == str(Decimal(number).normalize())


@pytest.mark.parametrize(
    "text",
    [
        *("", "NaN", "Infinity", "1e5", "1,5", "1_000", "0x10", "١٢", "1.", ".5", "--1", "1 000"),
        *("1" * 21, "0.00000000001"),
    ],
)
def test_what_is_no_plain_number_is_refused(text):
    with pytest.raises(FieldProblem):
        values.number(text)


@pytest.mark.parametrize("text", ["2025-02-31", "20250201", "31.01.2025", "2025-1-1", "0000-01-01"])
def test_a_day_must_exist(text):
    with pytest.raises(FieldProblem):
        values.day(text)


def test_local_time_needs_its_zone():
    with pytest.raises(FieldProblem, match="has no time zone"):
        values.instant("2025-06-30 23:30:00")
    tokyo = values.instant("2025-07-01 08:30:00", "Asia/Tokyo")
    assert tokyo == datetime(2025, 6, 30, 23, 30, tzinfo=UTC)


def test_daylight_saving_is_that_of_the_day():
    summer = values.instant("2025-07-01 12:00:00", "Europe/London")
    winter = values.instant("2025-12-01 12:00:00", "Europe/London")

    assert (summer.hour, winter.hour) == (11, 12)


@given(st.text(max_size=60), st.sampled_from(sorted(values.CONVERTERS)))
def test_any_text_is_a_value_or_a_sentence(text, kind):
    try:
        value = values.CONVERTERS[kind](text)
    except FieldProblem as problem:
        value = str(problem)

    assert isinstance(value, str | int | Decimal | date)


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        (Expression("column", ("a",)), "3:1"),
        (Expression("value", ("X",)), "X"),
        (Expression("header", ("h",)), "H"),
        (Expression("first", ("none", "b")), "BUY"),
        (Expression("join", ("b", "none", "c"), glue="-"), "BUY-c"),
        (Expression("object", ("t.new", "t.none")), '{"new": "2"}'),
        (Expression("end_of_day", ("d",)), "2025-02-01T00:00:00+00:00"),
        (Expression("column", ("a",), part=2, separator=":"), "1"),
        (Expression("column", ("b",), slice=(0, 2)), "BU"),
        (Expression("column", ("b",), words={"BUY": "B"}), "B"),
        (Expression("column", ("none",), when_empty="?"), "?"),
    ],
)
def test_each_expression(expression, found):
    row = {"a": "3:1", "b": "BUY", "c": "c", "d": "2025-01-31", "none": None, "t.new": "2"}

    assert compile_text(expression)(row, {"h": "H"}) == found


def test_an_unknown_word_is_told_with_the_known_ones():
    expression = Expression("column", ("b",), words={"BUY": "B", "SELL": "S"})

    with pytest.raises(FieldProblem, match="'HOLD' is not a known word; known: BUY, SELL"):
        compile_text(expression)({"b": "HOLD"}, {})


def test_every_field_type_has_a_converter():
    kinds = {kind for record in records.RECORDS.values() for kind in record.fields.values()}

    assert kinds - {records.INSTANT} <= values.CONVERTERS.keys()
