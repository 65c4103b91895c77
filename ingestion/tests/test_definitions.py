"""Definitions are checked; every mistake is a sentence that names file, key and remedy."""

import pytest

from ingestion.definition.load import load_path, load_text
from ingestion.definition.section import BadDefinition
from ingestion.pipeline.definitions import SHIPPED

BLOTTER = (SHIPPED / "blotter.toml").read_text()


def mistakes(text: str) -> list[str]:
    with pytest.raises(BadDefinition) as raised:
        load_text(text, "x.toml")
    return raised.value.sentences


def test_the_shipped_definitions_are_sound_and_in_order_of_loading():
    names = [definition.name for definition in load_path(SHIPPED)]

    assert names == ["crosswalk", "reference", "vendor", "blotter", "custody"]


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        (
            'kind = "delimited"',
            'kind = "delimted"',
            (
                "x.toml: file 1.format.kind is 'delimted'; allowed: delimited, fixed_width,"
                " json_pages, json_lines, xlsx, ofx, mt940, camt053, sql_dump."
            ),
        ),
        (
            "delimiter =",
            "delimeter =",
            "x.toml: file 1.format.delimeter is an unknown key; did you mean 'delimiter'?",
        ),
        (
            'delimiter = ","',
            'delimiter = ",,"',
            "x.toml: file 1.format.delimiter is ',,'; write one character, like ',' or '|'.",
        ),
        (
            'encoding = "utf-8"',
            'encoding = "utf-9"',
            (
                "x.toml: file 1.format.encoding is 'utf-9';"
                " allowed: utf-8, utf-8-sig, utf-16, utf-16-le, utf-16-be, ascii,"
                " latin-1, iso8859-15, cp1252, cp1250, cp850, cp437, shift_jis."
            ),
        ),
        (
            'reference = "order_no"',
            "reference = 5",
            (
                "x.toml: file 1.record 1.fields.reference must be a column's name or a table"
                " with one of: "
                "column, value, header, first, join, object, start_of_day, end_of_day."
            ),
        ),
        (
            'reference = "order_no"\n',
            "",
            "x.toml: file 1.record 1.fields.reference is missing; the record 'event' needs it.",
        ),
        (
            'every = "1 day"',
            'every = "daily"',
            (
                "x.toml: source.schedule.every is 'daily';"
                " write a length of time like '5 minutes' or '1 day'."
            ),
        ),
        (
            'zone_column = "zone_name"',
            'zone = "Mars/Base"',
            "x.toml: file 1.record 1.fields.executed_at.zone 'Mars/Base' is not an IANA time zone.",
        ),
        (
            'scheme = "CUSIP"',
            'scheme = "CUSPI"',
            (
                "x.toml: file 1.record 1.listing 1.scheme is 'CUSPI';"
                " allowed: FIGI, ISIN, CUSIP, SEDOL, SYMBOL, LEI, CASH, INTERNAL."
            ),
        ),
        (
            'pattern = "*blotter*.csv"',
            "",
            "x.toml: file 1.pattern is missing.",
        ),
    ],
)
def test_a_mistake_is_told_in_a_sentence(right, wrong, sentence):
    assert right in BLOTTER

    assert sentence in mistakes(BLOTTER.replace(right, wrong, 1))


def test_all_mistakes_are_told_at_once():
    text = BLOTTER.replace('"delimited"', '"x"').replace('scheme = "CUSIP"', 'scheme = "Y"')

    assert len(mistakes(text)) == 2


def test_what_is_not_toml_is_told_with_its_place():
    [sentence] = mistakes("[source\n")

    assert sentence.startswith("x.toml: is not TOML:")


def test_a_field_that_the_record_lacks_is_told_with_those_it_has():
    [sentence] = mistakes(BLOTTER.replace('remark = "remark"', 'comment = "remark"'))

    assert "comment is no field of the record 'event'; allowed: cash_effect, charges" in sentence


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        (
            'system = "OMS"',
            'system = "OMS"\narchives = ["rar"]',
            "x.toml: source.archives has 'rar'; allowed: zip, gz.",
        ),
        (
            'kind = "delimited", delimiter = ",", encoding = "utf-8"',
            'kind = "fixed_width", columns = { a = [0, 3] }',
            (
                "x.toml: file 1.format.columns.a is [0, 3];"
                " write the first and last position, like [3, 14]."
            ),
        ),
        (
            'kind = "delimited", delimiter = ",", encoding = "utf-8"',
            'kind = "xlsx", names_row = 2, header = { made_at = "B2" }',
            ("x.toml: file 1.format.header.made_at is 'B2'; name a cell above row 2, like 'B1'."),
        ),
        (
            'units = { column = "units"',
            'units = { column = "units", factor = "x"',
            (
                "x.toml: file 1.record 1.fields.units.factor is 'x';"
                " write a number as text, like '0.01'."
            ),
        ),
        (
            'remark = "remark"',
            'remark = { column = "remark", sign = { column = "d" } }',
            (
                "x.toml: file 1.record 1.fields.remark.sign.minus is missing;"
                " list the words that mean minus, like ['D']."
            ),
        ),
    ],
)
def test_a_mistake_in_a_newer_key_is_told_in_a_sentence(right, wrong, sentence):
    assert right in BLOTTER

    assert sentence in mistakes(BLOTTER.replace(right, wrong, 1))
