"""Readers hand back rows and rejects, or refuse the file; never anything else."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.definition.load import load_path
from ingestion.pipeline.definitions import SHIPPED
from ingestion.sources import KINDS, delimited
from ingestion.sources.control import TrailerRule
from ingestion.sources.delimited.options import DelimitedOptions
from ingestion.sources.rows import FileRefused
from ingestion.tests.expected import ALPHA

FILE_KINDS = [kind for definition in load_path(SHIPPED) for kind in definition.files]


class Text:
    """A text as readers see a landed file."""

    def __init__(self, text: str) -> None:
        self._text = text

    def lines(self):
        return enumerate(self._text.splitlines(keepends=True), 1)

    def text(self):
        return self._text


def read(kind, text):
    reading = KINDS[kind.format_kind].open_file(Text(text), kind.options)
    rows, rejects = [], []
    for some_rows, some_rejects in reading.chunks:
        rows += some_rows
        rejects += some_rejects
    return reading.header, rows, rejects


def kind_named(name):
    return next(kind for kind in FILE_KINDS if kind.name == name)


def test_a_quoted_field_may_hold_delimiters_and_line_ends():
    _, rows, rejects = read(
        kind_named("portfolio_keys"), 'portfolio_id,system\n"a,b","x\ny"\nc,d\n'
    )

    assert [(row.line_no, row.values) for row in rows] == [
        (2, {"portfolio_id": "a,b", "system": "x\ny"}),
        (4, {"portfolio_id": "c", "system": "d"}),
    ]
    assert rejects == []


def test_a_short_line_is_a_reject_with_its_number():
    _, rows, rejects = read(kind_named("portfolio_keys"), "a,b\n1,2\n3\n4,5\n")

    assert [row.line_no for row in rows] == [2, 4]
    [reject] = rejects
    assert (reject.line_no, reject.sentence) == (3, "The line has 1 fields where 2 are named.")


def test_results_of_a_page_have_their_lines_and_exact_numbers():
    page = '{"resource": "quotes", "n": 1,\n "results": [\n{"a": 1.10},\n{"a": {"b": "x"}}\n]}'
    header, rows, _ = read(kind_named("quotes"), page)

    assert header == {"resource": "quotes", "n": "1"}
    assert [(row.line_no, row.values) for row in rows] == [(3, {"a": "1.10"}), (4, {"a.b": "x"})]


def test_a_dump_gives_rows_of_every_table_with_lines_and_exact_numbers():
    dump = (
        "-- dump of 2026-01-02T04:00:00Z\nCREATE TABLE t (a text, b numeric(9,2) not null);\n"
        "INSERT INTO t (a, b) VALUES\n('it''s; (x)', 1.10),\n(NULL, -2);\n"
    )
    header, rows, _ = read(kind_named("dump"), dump)

    assert header == {"made_at": "2026-01-02T04:00:00Z"}
    assert [(row.part, row.line_no, row.values) for row in rows] == [
        ("t", 4, {"a": "it's; (x)", "b": "1.10"}),
        ("t", 5, {"a": None, "b": "-2"}),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE t;",
        "CREATE TABLE t (a text); INSERT INTO t SELECT 1;",
        "CREATE TABLE t (a text); INSERT INTO t VALUES (load_extension('x'));",
        "ATTACH DATABASE '/etc/passwd' AS x;",
        "CREATE TABLE t (a text); INSERT INTO u VALUES (1);",
        "CREATE TABLE t (a text); INSERT INTO t VALUES (1, 2);",
        "CREATE TABLE t (a text); INSERT INTO t VALUES (1",
        "PRAGMA x;",
        "",
    ],
)
def test_a_dump_that_is_more_than_tables_and_values_is_refused(statement):
    with pytest.raises(FileRefused):
        read(kind_named("dump"), statement)


def test_every_file_of_the_case_reads_without_a_reject_but_the_one_that_is_cut_off():
    folders = {"quotes": "vendor/quotes", "holdings": "custody/holdings", "blotter": "blotter"}
    refused = []
    for name, folder in folders.items():
        for path in sorted((ALPHA / "sources" / folder).iterdir()):
            try:
                _, rows, rejects = read(kind_named(name), path.read_text("utf-8-sig"))
            except FileRefused:
                refused.append(path.name)
            else:
                assert rows
                assert not rejects
    assert refused == ["MSK-HLD-0076-20251114.csv"]


def test_the_control_total_is_exact():
    _, rows, _ = read(
        kind_named("holdings"),
        "H|M|HOLDINGS|1|2025-01-01|2025-01-02T00:00:00Z\nholding\n0.10\n0.20\nT|2|0.30\n",
    )

    assert sum(Decimal(row.values["holding"]) for row in rows) == Decimal("0.30")


SAMPLES = (
    'H|M|HOLDINGS|1|2025-01-01|x\na|holding\n1|2\nT|1|2\n{"resource":"quotes","results":[{"a":1}]}'
    "CREATE TABLE t (a text);INSERT INTO t VALUES ('x',NULL,-1.5);"
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(FILE_KINDS),
    st.one_of(
        st.text(max_size=200),
        st.text(alphabet=SAMPLES, max_size=200),
        st.lists(st.sampled_from([SAMPLES[n : n + 9] for n in range(0, 150, 3)])).map("".join),
    ),
)
def test_any_text_is_rows_and_rejects_or_a_refusal(kind, text):
    try:
        _, rows, rejects = read(kind, text)
    except FileRefused as refusal:
        rows, rejects = [], [refusal]

    assert all(row.line_no > 0 for row in rows)
    assert all(reject.sentence for reject in rejects)


TAGGED = DelimitedOptions(
    encoding="utf-8", delimiter=";", quoted=True, header_tag="", header_fields=(),
    trailer=TrailerRule("Z", "records", ()), columns=(),
    records={"T": ("tag", "ref", "units"), "C": ("tag", "ref")},
)  # fmt: skip


def test_record_types_of_one_file_have_columns_of_their_own():
    reading = delimited.open_file(Text("T;A1;100\nC;A1\nT;A2;5\nX;?\nT;A3\nZ;5\n"), TAGGED)
    chunks = list(reading.chunks)
    rows = [row for some, _ in chunks for row in some]
    rejects = [reject for _, some in chunks for reject in some]

    assert [(row.line_no, row.part, row.values["ref"]) for row in rows] == [
        (1, "T", "A1"),
        (3, "T", "A2"),
        (2, "C", "A1"),
    ]
    assert sorted((reject.line_no, reject.code) for reject in rejects) == [
        (4, "UNKNOWN_RECORD"),
        (5, "WRONG_FIELD_COUNT"),
    ]


def test_a_quoted_field_that_ends_in_the_next_block_is_one_record(monkeypatch):
    monkeypatch.setattr("ingestion.sources.rows.CHUNK_ROWS", 2)

    _, rows, rejects = read(
        kind_named("portfolio_keys"), 'portfolio_id,system\na,b\nc,"d\ne\nf"\ng,h\n'
    )

    assert [(row.line_no, row.values["system"]) for row in rows] == [
        (2, "b"),
        (3, "d\ne\nf"),
        (6, "h"),
    ]
    assert rejects == []
