"""A file's own way of writing numbers, days and times becomes the one way, or a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion import records
from ingestion.definition.load import load_text
from ingestion.definition.section import BadDefinition
from ingestion.mapping.expressions import Expression, FieldProblem, Sign, compile_text
from ingestion.mapping.style import PLAIN, Style
from ingestion.mapping.values import day, instant, number
from ingestion.pipeline.definitions import SHIPPED

GERMAN = Style(decimal=",", thousands=(".",), sign_after=True, parentheses=True)
BLOTTER = (SHIPPED / "blotter.toml").read_text()


@pytest.mark.parametrize(
    ("style", "text", "canonical"),
    [
        (GERMAN, "1.234.567,89", "1234567.89"),
        (GERMAN, "1234567,89", "1234567.89"),
        (GERMAN, "1.234,56-", "-1234.56"),
        (GERMAN, "(1.234,56)", "-1234.56"),
        (GERMAN, "-0,50", "-0.50"),
        (Style(thousands=(",",)), "1,234.5", "1234.5"),
        (Style(thousands=("'", "’")), "1’234’567.00", "1234567.00"),
        (Style(decimal=",", thousands=("\u00a0",)), "1\u00a0234,5", "1234.5"),
    ],
)
def test_a_number_in_a_style(style, text, canonical):
    assert style.number_text(text) == canonical
    number(canonical)


@pytest.mark.parametrize(
    "text",
    ["1.234.56", "1,234.56", "12.34", "1.2345,6", "1,2,3", "--1", "-1-", "(1", "(-1)", "NaN", ""],
)
def test_a_number_of_another_style_is_refused_not_guessed(text):
    with pytest.raises(FieldProblem, match="is not a number written like"):
        GERMAN.number_text(text)


@pytest.mark.parametrize(
    ("pattern", "text", "canonical"),
    [
        ("DD.MM.YYYY", "31.01.2025", "2025-01-31"),
        ("MM/DD/YY", "01/31/25", "2025-01-31"),
        ("MM/DD/YY", "01/31/69", "1969-01-31"),
        ("YYYYMMDD", "20250131", "2025-01-31"),
        ("DD-MON-YYYY", "31-jan-2025", "2025-01-31"),
        ("D.M.YYYY", "1.2.2025", "2025-02-01"),
    ],
)
def test_a_day_in_a_style(pattern, text, canonical):
    assert Style(days=(pattern,)).day_text(text) == canonical


@pytest.mark.parametrize("text", ["31.02.2025", "2025-01-31", "1.2.2025", "", "00.00.0000"])
def test_a_day_that_does_not_fit_is_a_sentence(text):
    with pytest.raises(FieldProblem, match=r"DD\.MM\.YYYY"):
        Style(days=("DD.MM.YYYY",)).day_text(text)


def test_times_take_their_offset_or_the_zone_of_the_style():
    swiss = Style(times=("DD.MM.YYYY hh:mm:ss",), zone="Europe/Zurich")
    stamped = Style(times=("YYYYMMDDThhmmsszz",))

    assert swiss.instant_text("01.07.2025 12:00:00") == "2025-07-01T12:00:00+02:00"
    assert stamped.instant_text("20250701T120000+0530") == "2025-07-01T12:00:00+05:30"
    assert stamped.instant_text("20250701T120000Z") == "2025-07-01T12:00:00+00:00"
    with pytest.raises(FieldProblem, match="not a time of the day"):
        swiss.instant_text("01.07.2025 24:61:00")


@given(
    st.sampled_from(
        [
            GERMAN,
            Style(days=("DD.MM.YYYY", "D/M/YY"), times=("DD.MM.YYYY hh:mm", "DDMONYYhhmmssffzz")),
            Style(zone="Asia/Tokyo"),
        ]
    ),
    st.sampled_from([records.UNITS, records.DAY, records.INSTANT]),
    st.one_of(st.text(max_size=40), st.text(alphabet="0123456789.,-() :JANZ+", max_size=24)),
)
def test_any_text_is_canonical_or_a_sentence(style, kind, text):
    read = style.reader(kind) or str
    values = {records.UNITS: number, records.DAY: day, records.INSTANT: instant}
    try:
        said = values[kind](read(text))
    except FieldProblem as problem:
        said = str(problem)

    assert said is not None
    assert said != ""


def test_an_expression_writes_in_the_style_of_its_file_but_constants_as_they_are():
    row = {
        "a": "1.234,50",
        "d": "31.01.2025",
        "m": "D",
        "c": "250",
        "n": "FEE ISIN XF01 Q",
        "e": "",
    }
    style = Style(decimal=",", thousands=(".",), days=("DD.MM.YYYY",))

    def text(kind, **keys):
        return compile_text(Expression(**keys), style, kind)(row, {})

    assert text(records.UNITS, way="column", names=("a",)) == "1234.50"
    assert text(records.UNITS, way="value", names=("0.5",)) == "0.5"
    assert text(records.DAY, way="column", names=("d",)) == "2025-01-31"
    assert text(records.INSTANT, way="end_of_day", names=("d",)) == "2025-02-01T00:00:00+00:00"
    debit = Sign("m", ("D",), ("C",))
    assert text(records.UNITS, way="column", names=("a",), sign=debit) == "-1234.50"
    assert text(records.UNITS, way="column", names=("c",), factor="0.01") == "2.50"
    assert text(records.UNITS, way="column", names=("c",), style=PLAIN) == "250"
    assert text(records.TEXT, way="column", names=("n",), after="ISIN ", before=" ") == "XF01"
    assert text(records.TEXT, way="column", names=("n",), after="CUSIP") is None
    assert text(records.TEXT, way="column", names=("m",), when={"c": ("1",)}) is None
    words = {"X": "Y"}
    assert text(records.TEXT, way="column", names=("m",), words=words, otherwise="Z") == "Z"
    other = Expression("column", ("c",))
    empty = Expression("column", ("e",))
    assert text(records.TEXT, way="choice", names=(), choices=(empty, other)) == "250"


def test_a_sign_in_an_unknown_word_is_refused():
    expression = Expression("column", ("a",), sign=Sign("m", ("D",), ("C",)))

    with pytest.raises(FieldProblem, match="'X' in m is no sign; known: D, C"):
        compile_text(expression)({"a": "1", "m": "X"}, {})


def test_the_columns_of_an_expression_are_all_it_reads():
    choice = Expression("column", ("c",), when={"w": ("1",)}, minus="less", zone_column="z")
    whole = Expression("choice", (), choices=(choice, Expression("value", ("x",))))

    assert whole.columns() == {"c", "w", "less", "z"}
    assert Expression("first", ("a", "b"), sign=Sign("m", ("D",))).columns() == {"a", "b", "m"}


def with_style(style):
    return BLOTTER.replace("\n[[file.record]]", f"\nstyle = {style}\n\n[[file.record]]", 1)


def test_a_definition_says_its_style():
    text = with_style('{ decimal = ",", thousands = ".", day = "DD.MM.YYYY", zone = "Asia/Tokyo" }')

    [kind] = load_text(text, "x.toml").files

    assert kind.style == Style(",", (".",), ("DD.MM.YYYY",), (), zone="Asia/Tokyo")
    assert load_text(BLOTTER, "x.toml").files[0].style.is_plain


@pytest.mark.parametrize(
    ("style", "sentence"),
    [
        ('{ decimal = ";" }', "x.toml: file 1.style.decimal is ';'; allowed: '.', ','."),
        (
            '{ decimal = ";", thousands = "." }',
            "x.toml: file 1.style.decimal is ';'; allowed: '.', ','.",
        ),
        (
            '{ thousands = "." }',
            "x.toml: file 1.style.thousands is '.', which is the decimal mark.",
        ),
        (
            '{ day = "DD.MM" }',
            (
                "x.toml: file 1.style.day 'DD.MM' needs one year; write it like 'DD.MM.YYYY',"
                " with the parts YYYY, YY, MM, M, MON, DD, D."
            ),
        ),
        ('{ zone = "Mars" }', "x.toml: file 1.style.zone 'Mars' is not an IANA time zone."),
    ],
)
def test_a_style_that_cannot_be_is_told_in_a_sentence(style, sentence):
    with pytest.raises(BadDefinition) as raised:
        load_text(with_style(style), "x.toml")

    assert [sentence] == list(raised.value.sentences)
