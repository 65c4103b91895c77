"""Every kind of file: rows with their lines, exact values, and control totals that are held to."""

import io
import tracemalloc

import pytest

from ingestion.sources import KINDS
from ingestion.sources.rows import FileRefused
from ingestion.sources.xlsx import text_parts
from ingestion.tests.specimens import MAKERS, Made, options, read, specimen, workbook


def test_every_kind_has_a_specimen():
    assert MAKERS.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_sound_file_has_its_rows_each_with_the_line_it_starts_on(kind):
    text = specimen(kind)
    header, rows, rejects = read(kind, text)
    lines = text.splitlines()

    made_at = header.get("made_at") or header.get("DTSERVER")
    assert rejects == []
    assert made_at.startswith(("2025-01-31", "20250131"))
    records = [row for row in rows if row.part not in ("balance", "LEDGERBAL")]
    assert len(records) == 3
    for number, row in enumerate(records):
        starts = {"ofx": "<STMTTRN>", "mt940": ":61:", "camt053": "<Ntry>"}.get(kind, f"R{number}")
        assert starts in lines[row.line_no - 1]
        assert f"R{number}" in row.values.values()
        amounts = {row.values.get(n) for n in ("amount", "sum.amount", "TRNAMT")} - {None}
        assert amounts <= {"1.50", "1.5", "-1.50"}
        assert amounts


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("fixed_width", "993 ", "994 "),
        ("fixed_width", "4.50", "4.51"),
        ("fixed_width", "\n99", "\n98"),
        ("json_lines", '"count": 3', '"count": 2'),
        ("json_lines", '"4.50"', '"NaN"'),
        ("json_lines", '"tail"', '"trade"'),
        ("xlsx", "\t4.5\n", "\t4.6\n"),
        ("mt940", "USD104,50", "USD104,49"),
        ("mt940", ":62F:", ":64:"),
        ("camt053", "104.50", "104.51"),
        ("camt053", "<NbOfNtries>3", "<NbOfNtries>4"),
        ("ofx", "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>", ""),
        ("delimited", "T;3;", "T;2;"),
    ],
)
def test_a_file_whose_totals_do_not_fit_is_refused_whole(kind, old, new):
    text = specimen(kind)
    assert old in text

    with pytest.raises(FileRefused) as refused:
        read(kind, text.replace(old, new))

    assert refused.value.code == "TRAILER_MISMATCH"
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_memory_stays_flat_when_the_file_is_ten_times_as_long(kind, monkeypatch):
    # Small chunks, so that short files, quick to read, are many of them.
    monkeypatch.setattr("ingestion.sources.rows.CHUNK_ROWS", 50)
    monkeypatch.setattr("ingestion.sources.window.PIECE_CHARACTERS", 4_000)
    monkeypatch.setattr("ingestion.sources.json_pages.reader.KEPT_MAX", 50)
    peaks = []
    for rows in (500, 500, 5_000):  # the first time fills caches
        tracemalloc.start()
        reading = KINDS[kind].open_file(Made(kind, rows), options(kind))
        found = sum(len(chunk[0]) + len(chunk[1]) for chunk in reading.chunks)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert found >= rows
    assert peaks[2] < peaks[1] * 1.2


def test_record_types_of_fixed_width_are_parts_and_an_unknown_one_is_a_reject():
    table = {
        "tag": [1, 1],
        "records": {"P": {"isin": [2, 13], "units": [14, 20]}, "C": {"currency": [2, 4]}},
    }
    _, rows, rejects = read("fixed_width", "PXF0000000011    100\nCUSD\nPXF\nQ\n", table)

    assert [(row.part, row.line_no, row.values) for row in rows] == [
        ("P", 1, {"isin": "XF0000000011", "units": "100"}),
        ("C", 2, {"currency": "USD"}),
    ]
    assert [(reject.line_no, reject.sentence) for reject in rejects] == [
        (3, "The line has 3 characters where 20 are laid out."),
        (4, "The line is a record 'Q'; known: P, C."),
    ]


def test_a_bad_line_of_json_lines_is_a_reject_and_the_next_one_is_read():
    text = '{"a": 1.10}\nnonsense\n[1]\n{"a": NaN}\n{"a": "\\ud800"}\n\n{"a": {"b": null}}\n'
    _, rows, rejects = read("json_lines", text, {})

    assert [(row.line_no, row.values) for row in rows] == [(1, {"a": "1.10"}), (7, {"a.b": None})]
    assert [reject.line_no for reject in rejects] == [2, 3, 4, 5]


def test_an_mt940_line_that_is_none_is_a_reject_and_the_others_are_read():
    text = specimen("mt940").replace(":61:2501310131C1,50NTRFR1", ":61:2502310131C1,50NTRFR1")
    _, rows, [reject] = read("mt940", text)

    assert reject.sentence == "'250231' is not a day of the calendar (YYMMDD)."
    assert [row.values["customer_ref"] for row in rows if row.part == "entry"] == ["R0", "R2"]


def test_mt940_reversals_turn_the_sign_and_the_booking_day_is_the_nearest():
    text = (
        ":20:X\n:25:A\n:28C:1\n:60F:C251231EUR10,\n:61:2601021231RC4,NTRFNONREF\n"
        ":61:2601020105RD1,5NTRFNONREF\n:62F:C260105EUR7,5\n-\n"
    )
    _, rows, _ = read("mt940", text)

    entries = [row.values for row in rows if row.part == "entry"]
    assert [(e["mark"], e["amount"]) for e in entries] == [("RC", "4"), ("RD", "1.5")]
    assert [e["booked_on"] for e in entries] == ["2025-12-31", "2026-01-05"]


@pytest.mark.parametrize(
    "evil",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE x SYSTEM "http://example.com/x.dtd">',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_xml_with_a_document_type_is_refused_before_it_is_read(evil):
    text = specimen("camt053").replace("<Document", evil + "<Document", 1)

    with pytest.raises(FileRefused, match="declares entities or a type"):
        read("camt053", text)


def test_ofx_reads_a_brokers_positions_with_their_statement_around_them():
    text = (
        "<OFX><INVSTMTMSGSRSV1><INVSTMTTRNRS><INVSTMTRS><DTASOF>20250131160000.000[+5.5:IST]\n"
        "<CURDEF>USD<INVACCTFROM><ACCTID>PB-1</INVACCTFROM><INVPOSLIST>\n"
        "<POSSTOCK><INVPOS><SECID><UNIQUEID>990000017<UNIQUEIDTYPE>CUSIP</SECID>\n"
        "<UNITS>100<MKTVAL>12.5<MEMO>\n</INVPOS></POSSTOCK></INVPOSLIST>\n"
        "</INVSTMTRS></INVSTMTTRNRS></INVSTMTMSGSRSV1></OFX>\n"
    )
    _, [row], _ = read("ofx", text)

    assert (row.part, row.line_no) == ("POSSTOCK", 3)
    assert row.values == {
        "DTASOF": "2025-01-31T16:00:00+05:30",
        "DTASOF.day": "2025-01-31",
        "CURDEF": "USD",
        "INVACCTFROM.ACCTID": "PB-1",
        "INVPOS.SECID.UNIQUEID": "990000017",
        "INVPOS.SECID.UNIQUEIDTYPE": "CUSIP",
        "INVPOS.UNITS": "100",
        "INVPOS.MKTVAL": "12.5",
    }


def test_a_workbook_is_rendered_as_lines_of_its_rows():
    text = b"".join(text_parts(io.BytesIO(workbook()), options("xlsx"))).decode()

    assert text.splitlines() == specimen("xlsx").splitlines()


@pytest.mark.parametrize("damaged", [b"PK\x03\x04", b"no workbook", workbook()[:900]])
def test_what_is_no_workbook_is_refused(damaged):
    with pytest.raises(FileRefused, match="not a readable workbook"):
        list(text_parts(io.BytesIO(damaged), options("xlsx")))
