"""Landing: bytes and lines as received, once, and archives opened."""

import io
import zipfile

import pytest

from ingestion.landing.received import received
from ingestion.landing.text import source_line
from ingestion.models import ExceptionItem, SourceFile, SourcePart
from ingestion.tests.expected import ALPHA
from ingestion.tests.facts import define_sources, take, together, write
from portfolios.models import CustodyPosting, Transaction

HEADER = "H|MERIDIAN SAFEKEEPING|STATEMENT|9001|2026-01-05|2026-01-11|2026-01-12T04:30:00Z"
COLUMNS = (
    "account_no|posting_no|booked_on|dealt_on|value_on|code|isin_code|description|holding_in|"
    "holding_out|unit_price|currency|debit|credit|narrative"
)


def statement(*postings: str, trailer: str | None = None) -> str:
    total = sum(float(p.split("|")[12] or 0) + float(p.split("|")[13] or 0) for p in postings)
    last = trailer if trailer is not None else f"T|{len(postings)}|{total:.2f}"
    return "\n".join([HEADER, COLUMNS, *postings, last]) + "\n"


def posting(number: str, amount: str = "10.00") -> str:
    return (
        f"7-40101|{number}|2026-01-06|2026-01-06|2026-01-06|SFE||||||USD|{amount}||SAFEKEEPING FEE"
    )


@pytest.mark.usefixtures("alpha", "as_worker")
class TestOnAlpha:
    def test_the_line_of_a_fact_reads_back_as_in_the_file(self):
        files = dict(SourceFile.objects.values_list("pk", "name"))
        for fact in [*Transaction.objects.all()[:400:7], *CustodyPosting.objects.all()[:400:9]]:
            [path] = [p for p in ALPHA.rglob(files[fact.file_id]) if "expected" not in p.parts][:1]
            line = path.read_bytes().decode("utf-8-sig").split("\n")[fact.line_no - 1]
            assert source_line(fact.file_id, fact.line_no) == line
            reference = getattr(fact, "source_reference", None) or fact.posting_no
            assert reference in line

    def test_the_bytes_are_kept_as_received(self):
        for name in ("MSK-STM-0058-0059.zip", "MSK-HLD-0001-20231229.csv", "reference_dump.sql"):
            file = SourceFile.objects.get(name=name)
            [path] = list(ALPHA.rglob(name))
            assert b"".join(received(file)) == path.read_bytes()
            # what its text gives again is not kept beside it; the custodian's texts have a mark
            assert SourcePart.objects.filter(file=file).exists() == (name != "reference_dump.sql")

    def test_the_members_of_an_archive_are_files_of_their_own(self):
        archive = SourceFile.objects.get(name="MSK-STM-0058-0059.zip")
        names = [member.name for member in archive.members.order_by("pk")]

        assert archive.status == SourceFile.Status.OPENED
        assert names == ["MSK-STM-0058-20250105.csv", "MSK-STM-0059-20250112.csv"]
        assert all(member.status == SourceFile.Status.LOADED for member in archive.members.all())

    def test_a_file_tells_its_sequence_and_when_it_was_made(self):
        file = SourceFile.objects.get(name="MSK-STM-0003-20231217.csv")

        assert file.sequence == "0003"
        assert file.made_at.isoformat() == "2023-12-18T04:30:00+00:00"


@pytest.mark.usefixtures("alpha", "as_worker")
class TestDeliveries:
    @pytest.fixture
    def custody(self):
        return define_sources()["custody"]

    def test_two_deliveries_of_one_file_at_the_same_moment_are_one_load(self, custody, tmp_path):
        path = write(tmp_path, "MSK-STM-9001-A.csv", statement(posting("X1"), posting("X2")))
        other = write(tmp_path, "MSK-STM-9001-B.csv", path.read_bytes())

        together([lambda: take(custody, path), lambda: take(custody, other)])

        deliveries = SourceFile.objects.filter(name__startswith="MSK-STM-9001-")
        assert sorted(file.status for file in deliveries) == ["duplicate", "loaded"]
        assert CustodyPosting.objects.filter(posting_no__in=("X1", "X2")).count() == 2
        assert Transaction.objects.filter(source_reference="X1").count() == 1

    def test_a_trailer_that_does_not_fit_rejects_the_file_whole(self, custody, tmp_path):
        path = write(tmp_path, "MSK-STM-9002.csv", statement(posting("Y1"), trailer="T|2|20.00"))

        batch = take(custody, path)

        item = ExceptionItem.objects.get(reference="MSK-STM-9002.csv")
        assert item.code == "TRAILER_MISMATCH"
        assert item.reason == "trailer 2 records, total 20.00; found 1, 10.00"
        assert (batch.received, batch.rejected, batch.files_rejected) == (1, 1, 1)
        assert not CustodyPosting.objects.filter(posting_no="Y1").exists()

    def test_a_file_that_is_cut_off_is_rejected(self, custody, tmp_path):
        path = write(tmp_path, "MSK-STM-9003.csv", statement(posting("Z1"), trailer=""))

        take(custody, path)

        assert ExceptionItem.objects.get(reference="MSK-STM-9003.csv").code == "TRAILER_MISMATCH"

    def test_one_bad_line_is_rejected_with_its_text_and_the_others_load(self, custody, tmp_path):
        bad = posting("W2").replace("2026-01-06", "2026-02-31")
        path = write(tmp_path, "MSK-STM-9004.csv", statement(posting("W1"), bad, posting("W3")))

        batch = take(custody, path)

        item = ExceptionItem.objects.get(file__name="MSK-STM-9004.csv")
        assert item.line_no == 4
        assert item.raw_text == bad
        assert "'2026-02-31' is not a day of the calendar" in item.sentence
        assert (batch.received, batch.loaded, batch.rejected) == (3, 2, 1)

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("MSK-STM-1.csv", b"", "EMPTY_FILE"),
            ("MSK-STM-2.csv", b"\x00\x01\x02", "NOT_TEXT"),
            ("MSK-STM-3.csv", b"H|\xff\xfe\n", "NOT_TEXT"),
            ("MSK-STM-4.csv", b"hello\n", "NO_HEADER"),
            ("MSK-STM-5.csv", HEADER.encode() + b"\n", "NO_HEADER"),
            ("MSK-STM-6.csv", (HEADER + "\na|a\nT|0|0.00\n").encode(), "DUPLICATE_COLUMN"),
            ("notes.txt", b"nothing of yours", "UNKNOWN_FILE"),
            ("MSK-STM-7.zip", b"PK\x03\x04 cut off", "UNREADABLE_FILE"),
        ],
    )
    def test_what_is_no_such_file_is_refused_with_a_sentence(
        self, custody, tmp_path, name, content, code
    ):
        batch = take(custody, write(tmp_path, name, content))

        file = SourceFile.objects.filter(name=name).last()
        assert file.status == SourceFile.Status.REJECTED
        assert file.sentence.endswith(".")
        assert ExceptionItem.objects.get(file=file).code == code
        assert batch.files_rejected == 1

    def test_bytes_of_another_encoding_are_named_with_their_line(self, custody, tmp_path):
        take(custody, write(tmp_path, "MSK-STM-8.csv", f"{HEADER}\n".encode() + b"P|Z\xfcrich\n"))

        file = SourceFile.objects.get(name="MSK-STM-8.csv")
        assert file.sentence == (
            "Line 2 is not UTF-8 text: the bytes fc mean nothing in it. "
            "Send the file in UTF-8, or name its encoding in the source's definition."
        )

    @pytest.mark.parametrize(
        ("member", "code"),
        [("../MSK-STM-1.csv", "ARCHIVE_PATH"), ("inner.zip", "ARCHIVE_NESTED")],
    )
    def test_an_archive_that_plays_tricks_is_refused(self, custody, tmp_path, member, code):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr(member, "x")

        take(custody, write(tmp_path, f"MSK-STM-{code}.zip", held.getvalue()))

        assert ExceptionItem.objects.get(reference=f"MSK-STM-{code}.zip").code == code

    def test_a_bomb_is_refused_before_it_opens(self, custody, tmp_path):
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("MSK-STM-bomb.csv", b"0" * 3_000_000)

        take(custody, write(tmp_path, "MSK-STM-bomb.zip", held.getvalue()))

        assert ExceptionItem.objects.get(reference="MSK-STM-bomb.zip").code == "ARCHIVE_TOO_LARGE"
        assert not SourceFile.objects.filter(name="MSK-STM-bomb.csv").exists()
