"""Whole columns are mapped as single rows would be, and one bad cell rejects its row alone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion import records
from ingestion.definition.load import load_path
from ingestion.mapping.expressions import Expression
from ingestion.mapping.fields import compile_field
from ingestion.mapping.mapper import Mapper
from ingestion.mapping.problem import FieldProblem
from ingestion.mapping.values import CONVERTERS, instant
from ingestion.pipeline.definitions import SHIPPED
from ingestion.sources.rows import Frame

[BLOTTER] = [each for each in load_path(SHIPPED) if each.name == "blotter"]
TRADE = {
    "order_no": "A1", "version_no": "1", "record_status": "NEW", "record_kind": "EQT",
    "book_code": "B/1", "buy_sell": "S", "symbol": "ZVAN", "market_code": "XNAS", "cusip_no": "",
    "units": "145", "unit_price": "598.20", "price_unit": "USD", "consideration": "86739.00",
    "charges": "34.70", "tax_withheld": "", "settlement_amount": "86704.30",
    "settlement_currency": "USD", "counter_amount": "", "counter_currency": "", "ratio": "",
    "dealt_local": "2024-01-05 12:26:53", "captured_local": "2024-01-05 12:28:53",
    "zone_name": "America/New_York", "effective_on": "", "settles_on": "2024-01-09", "remark": "",
}  # fmt: skip


def mapped(*changes):
    rows = [TRADE | change for change in changes]
    columns = {name: [row[name] for row in rows] for name in TRADE}
    return Mapper(BLOTTER, BLOTTER.files[0], {}).map(
        Frame("", list(range(2, len(rows) + 2)), columns)
    )


def test_a_sale_is_signed_and_its_times_are_utc():
    [block], rejects = mapped({})

    found = {name: texts[0] for name, texts in block.columns.items() if texts[0]}
    assert rejects == []
    assert (found["kind"], found["units"], found["cash_effect"]) == ("SELL", "-145", "86704.30")
    assert found["executed_at"] == "2024-01-05 17:26:53+00:00"
    assert (found["scheme"], found["identifier"], found["scope"]) == ("SYMBOL", "ZVAN", "XNAS")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"units": "1e5"}, "units: '1e5' is not a number."),
        ({"settles_on": "2024-02-31"}, "settles_on: '2024-02-31' is not a day of the calendar"),
        ({"captured_local": ""}, "known_from is empty."),
        ({"dealt_local": "", "effective_on": ""}, "neither an effective day nor an execution"),
        ({"units": ""}, "units is empty, which a SELL must state."),
        ({"units": "-0.00"}, "units: 0 is not below zero, as in a SELL."),
        ({"units": "-145"}, "units: 145 is not below zero, as in a SELL."),
        ({"buy_sell": "B", "units": "-145"}, "units: -145 is not above zero, as in a BUY."),
        ({"settlement_amount": ""}, "cash_effect is empty, which a SELL must state."),
        ({"order_no": "9" * 61}, "is longer than 60 characters."),
        ({"settlement_currency": "usd"}, "currency: 'usd' is not a currency code."),
        ({"remark": "half \ud800"}, "the text holds characters that cannot be stored."),
    ],
)
def test_one_bad_cell_rejects_its_row_alone(change, sentence):
    [block], [reject] = mapped({}, change, {"order_no": "A3"})

    assert block.line_nos == [2, 4]
    assert reject.line_no == 3
    assert sentence in reject.sentence


def test_equal_content_has_one_digest_however_it_is_written():
    [block], _ = mapped({}, {"units": "145.00", "charges": "034.7"}, {"units": "146"})

    first, same, other = block.columns["content"]
    assert first == same != other


FIRST, LAST = datetime(1975, 1, 1), datetime(2037, 1, 1)  # noqa: DTZ001 (wall clocks)
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")


@given(
    st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(microsecond=0)),
    st.sampled_from(ZONES),
)
@settings(max_examples=200, deadline=None)
def test_a_column_of_times_is_what_each_time_is(moment, zone):
    field = compile_field(Expression("column", ("at",), zone=zone), records.INSTANT)
    frame = Frame("", [1, 2], {"at": [str(moment), "2025-03-31 12:00:00"]})

    texts, problems = field.texts(frame, {})

    assert problems == {}
    assert datetime.fromisoformat(texts[0]) == instant(str(moment), zone)
    assert texts[1] == str(datetime(2025, 3, 31, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC))


@given(st.lists(st.from_regex(r"[+-]?[0-9]{1,22}(\.[0-9]{1,15})?", fullmatch=True), min_size=1))
@settings(max_examples=200, deadline=None)
def test_a_column_of_numbers_is_what_each_number_is(texts):
    field = compile_field(Expression("column", ("n",)), records.UNITS)

    found, problems = field.texts(Frame("", list(range(len(texts))), {"n": texts}), {})

    for at, text in enumerate(texts):
        try:
            number = CONVERTERS[records.UNITS](text)
        except FieldProblem:
            assert at in problems
        else:
            assert at not in problems
            assert CONVERTERS[records.UNITS](found[at]) == number
