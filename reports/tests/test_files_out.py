"""Files are a pure function of a dataset, and safe to open in a spreadsheet."""

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pypdf
import pytest

from helio import csv_file
from helio.columns import Column, Kind, cell, table
from reports.exports import bundle, csv_export, files, pdf_export, xlsx_export
from reports.exports.dataset import Dataset, Described

COLUMNS = (
    Column("portfolio", "Portfolio", Kind.TEXT, 2),
    Column("valued_on", "Day", Kind.DATE, 2),
    Column("known_from", "Known from", Kind.TIME),
    Column("remark", "Remark", Kind.TEXT, 4),
    Column("base_value", "Value", Kind.MONEY, 3, total=True),
    Column("units_held", "Units", Kind.UNITS, 2),
    Column("share_of_nav", "Share", Kind.SHARE, 2),
)
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", '=cmd|"/C calc"!A0']


def _dataset(rows: int = 3, remark: str = "plain") -> Dataset:
    known = dt.datetime(2025, 3, 4, 5, 6, 7, tzinfo=dt.UTC)
    records = [
        {
            "portfolio": "HA-01",
            "valued_on": dt.date(2025, 3, 4),
            "known_from": known,
            "remark": remark,
            "base_value": Decimal("-1234.5600000000") * number,
            "units_held": Decimal("12345678901234567.0100000000"),
            "share_of_nav": None if number == 1 else 0.1234567890123,
        }
        for number in range(rows)
    ]
    return Dataset(
        report="positions",
        title="Positions",
        subtitle="HA-01, as of 2025-03-04",
        version=7,
        version_at="2025-03-04T18:00:00+00:00",
        as_of="2025-03-04",
        columns=COLUMNS,
        rows=table(COLUMNS, records),
        sources=("custody 2025-03-04 06:12 UTC",),
    )


def _read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


@pytest.mark.parametrize("render", [csv_export.render, xlsx_export.render, pdf_export.render])
def test_the_same_dataset_gives_the_same_bytes(render, monkeypatch: pytest.MonkeyPatch):
    first = render(_dataset())
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    assert render(_dataset()) == first


def test_a_frozen_dataset_comes_back_whole():
    assert files.thaw(files.freeze([_dataset(), _dataset(rows=0)])) == [_dataset(), _dataset(0)]


@pytest.mark.parametrize("formula", FORMULAS)
def test_text_that_would_start_a_formula_is_neutralised(formula: str):
    [row] = _read(csv_export.render(_dataset(rows=1, remark=formula)))
    assert row["remark"] == f"'{formula}"


def test_negative_numbers_stay_numbers():
    rows = _read(csv_export.render(_dataset()))
    assert [row["base_value"] for row in rows] == ["0", "-1234.56", "-2469.12"]


def test_csv_is_exact_iso_and_leaves_missing_empty():
    row = _read(csv_export.render(_dataset()))[1]
    assert row["units_held"] == "12345678901234567.01"
    assert (row["valued_on"], row["known_from"]) == ("2025-03-04", "2025-03-04T05:06:07Z")
    assert row["share_of_nav"] == ""


def test_the_excel_profile_has_a_mark_and_the_readers_separators():
    german = csv_file.profile_for("excel", "de-CH,de;q=0.9")
    content = csv_export.render(_dataset(), german)
    assert content.startswith("\ufeffportfolio;valued_on".encode())
    assert b";-1234,56;" in content
    english = csv_export.render(_dataset(), csv_file.profile_for("excel", "en-GB"))
    assert english == b"\xef\xbb\xbf" + csv_export.render(_dataset())


def test_a_workbook_holds_numbers_as_numbers_and_formulas_as_text():
    book = openpyxl.load_workbook(io.BytesIO(xlsx_export.render(_dataset(remark="=1+1"))))
    [_, _, second, *_] = book.active.iter_rows()
    value, remark = second[4], second[3]
    assert (value.value, value.data_type) == (-1234.56, "n")
    assert (remark.value, remark.data_type) == ("=1+1", "s")


def test_the_pdf_is_tagged_and_carries_the_whole_csv():
    dataset = _dataset(remark="a character no font has: \N{CJK UNIFIED IDEOGRAPH-6F22} # $ *")
    reader = pypdf.PdfReader(io.BytesIO(pdf_export.render(dataset)))
    assert reader.attachments["report.csv"] == [csv_export.render(dataset)]
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    metadata = reader.xmp_metadata
    assert "pdfaid" in metadata.stream.get_data().decode()
    text = reader.pages[0].extract_text()
    assert "\N{MINUS SIGN}1,234.56" in text
    assert "Version 7" in text


def test_a_long_report_is_capped_on_paper_and_whole_inside(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf_export, "PRINTED_ROWS", 5)
    dataset = _dataset(rows=9)
    assert "4 more rows" in str(pdf_export.page(dataset)["note"])
    reader = pypdf.PdfReader(io.BytesIO(pdf_export.render(dataset)))
    assert len(_read(reader.attachments["report.csv"][0])) == 9


def test_control_totals_are_exact():
    assert _dataset().control_totals() == {"base_value": "-3703.68"}


def test_a_column_refuses_what_it_cannot_hold():
    with pytest.raises(TypeError):
        cell("12", Kind.MONEY)
    with pytest.raises(TypeError):
        cell(dt.datetime(2025, 1, 1, tzinfo=dt.UTC), Kind.DATE)


def test_a_zip_depends_on_its_files_alone():
    assert bundle.bundle({"a.csv": b"1", "b.csv": b"2"}) == bundle.bundle(
        {"a.csv": b"1", "b.csv": b"2"}
    )


# --- what the columns mean ----------------------------------------------------------------------


def _described() -> Dataset:
    words = (
        Described("base_value", "Value", "What it is worth.", "units × price", "money"),
        Described("remark", "Remark", "=what the source wrote", "", "text"),
        Described("units_held", "Units", "Σ of the ledger: √, ÷, Π.", "", "units"),
    )
    return replace(_dataset(), described=words)


def test_the_workbook_says_what_its_columns_mean_on_a_sheet_of_their_own():
    content = xlsx_export.render(_described())
    assert content == xlsx_export.render(_described())
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["positions", "columns"]
    assert book.active.title == "positions"
    head, first, second, _ = book["columns"].iter_rows()
    assert [cell.value for cell in head] == ["name", "term", "definition", "formula", "unit"]
    assert first[3].value == "units × price"
    assert (second[2].value, second[2].data_type) == ("=what the source wrote", "s")


def test_the_paper_says_what_its_numbers_mean():
    told = dict(pdf_export.terms(_described()))
    assert told == {
        "Value": "What it is worth. units × price",
        "Units": "Σ of the ledger: √, ÷, Π.",
    }
    reader = pypdf.PdfReader(io.BytesIO(pdf_export.render(_described())))
    assert "What it is worth." in reader.pages[-1].extract_text()


def test_a_dataset_frozen_before_there_was_a_glossary_gives_the_files_it_gave():
    kept = _dataset().plain()
    kept.pop("described")
    thawed = Dataset.from_plain(json.loads(json.dumps(kept)))
    assert thawed == _dataset()
    book = openpyxl.load_workbook(io.BytesIO(xlsx_export.render(thawed)))
    assert book.sheetnames == ["positions"]
    assert pdf_export.terms(thawed) == []


def test_the_words_freeze_with_the_rows():
    assert files.thaw(files.freeze([_described()])) == [_described()]
