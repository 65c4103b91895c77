"""Two sources of formats the case lacks, from definition to facts, with exact outcomes."""

import gzip
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.landing.text import source_line
from ingestion.models import Batch, ExceptionItem, Source, SourceFile
from ingestion.pipeline.definitions import definition_of, load_definitions
from ingestion.pipeline.gather import gather
from ingestion.pipeline.run import ingest
from ingestion.tests.facts import define_sources, take, write
from portfolios.models import CustodyHolding, CustodyPosting, Transaction

SAMPLES = Path(__file__).parent.parent / "samples"
OUTCOMES = ("received", "loaded", "superseded", "duplicate", "quarantined", "rejected")

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")


def gzipped(content: bytes) -> bytes:
    """Packed without the hour: it names a test, which must be the same in every process."""
    return gzip.compress(content, mtime=0)


def load(name: str) -> Batch:
    """The batch of a sample's files, its definition and keys loaded as the how-to says."""
    load_definitions(SAMPLES / name / f"{name}.toml", by="test")
    take(define_sources()["crosswalk"], SAMPLES / name / "portfolio_keys.csv")
    source = Source.objects.get(name=name)
    found = gather(SAMPLES / name / "files", [definition_of(source)], by="test")[name]
    batch = ingest(source, found, by="test")
    assert batch is not None
    return batch


def outcomes(counts) -> tuple[int, ...]:
    return tuple(getattr(counts, name) for name in OUTCOMES)


@pytest.fixture(scope="module")
def batches():
    """Filled by the first test of each sample, so that the order of tests does not matter."""
    return {}


@pytest.fixture
def alpenbank(batches) -> Batch:
    if "alpenbank" not in batches:
        batches["alpenbank"] = load("alpenbank")
    return batches["alpenbank"]


@pytest.fixture
def northgate(batches) -> Batch:
    if "northgate" not in batches:
        batches["northgate"] = load("northgate")
    return batches["northgate"]


class TestAlpenbank:
    def test_every_record_is_accounted_for(self, alpenbank):
        files = {file.name: outcomes(file) for file in alpenbank.files.all()}

        assert files == {
            "ALPEN_CAMT_20251231.xml": (3, 3, 0, 0, 0, 0),
            "ALPEN_DEPOT_20251231.xlsx": (6, 5, 0, 0, 1, 0),
            "ALPEN_MT940_20251231.sta": (3, 3, 0, 0, 0, 0),
        }
        assert outcomes(alpenbank) == (12, 11, 0, 0, 1, 0)

    @pytest.mark.usefixtures("alpenbank")
    def test_postings_are_signed_and_dated(self):
        found = {
            posting.posting_no: (
                posting.portfolio.code,
                posting.code,
                posting.booked_on.isoformat(),
                posting.value_on.isoformat(),
                posting.currency,
                posting.amount,
                posting.listing.key if posting.listing else "",
            )
            for posting in CustodyPosting.objects.filter(posting_no__startswith="AB-")
        }

        assert found == {
            "AB-88120001": (
                *("HA-09", "DIV", "2025-12-29", "2025-12-30", "EUR", Decimal("1312.50")),
                "ZBRG@XETR",
            ),
            "AB-88120002": (
                *("HA-09", "SFE", "2025-12-31", "2025-12-31", "EUR", Decimal("-248.95")),
                "",
            ),
            "AB-88120003": (
                *("HA-09", "ADJ", "2025-12-31", "2025-12-31", "EUR", Decimal("-2.00")),
                "",
            ),
            "AB-77310001": (
                *("HA-15", "DIV", "2025-12-29", "2025-12-30", "GBP", Decimal("1450.25")),
                "",
            ),
            "AB-77310002": (
                *("HA-15", "SFE", "2025-12-31", "2025-12-31", "GBP", Decimal("-60.00")),
                "",
            ),
            "AB-77310003": (
                *("HA-15", "CRD", "2025-12-31", "2025-12-31", "GBP", Decimal("-12.50")),
                "",
            ),
        }

    @pytest.mark.usefixtures("alpenbank")
    def test_its_deposit_fee_is_an_event_of_the_ledger(self):
        fee = Transaction.objects.get(source_reference="AB-88120002")

        assert (fee.kind, fee.portfolio.code, fee.currency) == ("CUSTODY_FEE", "HA-09", "EUR")
        assert fee.cash_effect == Decimal("-248.95")
        assert fee.known_from.isoformat() == "2025-12-31T19:15:00+00:00"
        assert source_line(fee.file_id, fee.line_no).strip() == "<Ntry>"

    @pytest.mark.usefixtures("alpenbank")
    def test_holdings_of_the_workbook_are_exact_and_show_their_row(self):
        found = {
            (holding.portfolio.code, holding.listing.key): (holding.units, holding.market_value)
            for holding in CustodyHolding.objects.filter(account__startswith="0778-")
        }
        values = {value for _, value in found.values()}

        assert len(found) == 5
        assert values == {
            Decimal("92025"),
            Decimal("92168.00"),
            Decimal("251061.55"),
            Decimal("51593.75"),
            Decimal("19377.75"),
        }
        row = CustodyHolding.objects.get(market_value=Decimal("51593.75"))
        assert row.units == 12500
        assert row.as_at.isoformat() == "2025-12-31"
        assert row.known_from.isoformat() == "2025-12-31T19:30:00+00:00"
        shown = source_line(row.file_id, row.line_no)
        assert shown.split("\t") == [
            *("Depot!9", "0778-415.20", "GB0097047459", "Cairnmoor Banking plc"),
            *("GBP", "12'500", "4.1275", "51593.75"),
        ]

    def test_the_account_nobody_mapped_waits(self, alpenbank):
        item = ExceptionItem.objects.get(batch=alpenbank, line_no__isnull=False)

        assert item.code == "UNKNOWN_BOOK"
        assert "0778-499.99" in item.sentence


class TestNorthgate:
    def test_every_record_is_accounted_for(self, northgate):
        files = {file.name: outcomes(file) for file in northgate.files.all()}

        assert files == {
            "NG_TRADES_20251230.dat": (9, 4, 2, 0, 2, 1),
            "NG_POS_20251231.ofx": (5, 5, 0, 0, 0, 0),
        }

    @pytest.mark.usefixtures("northgate")
    def test_trades_count_as_they_were_amended_and_cancelled(self):
        now = {
            entry.source_reference: entry
            for entry in Transaction.objects.filter(
                source_reference__startswith="NG0001", known_to=None
            )
        }

        assert sorted(now) == ["NG00010001", "NG00010002", "NG00010003"]
        bought, sold, amended = (now[f"NG0001000{number}"] for number in (1, 2, 3))
        assert (bought.kind, bought.units, bought.cash_effect) == (
            *("BUY", Decimal(1200)),
            Decimal("-224812.35"),
        )
        assert (sold.kind, sold.units, sold.cash_effect) == (
            *("SELL", Decimal(-300)),
            Decimal("28635.67"),
        )
        assert (amended.units, amended.gross_amount, amended.source_version) == (
            *(Decimal(550), Decimal("33715.00")),
            2,
        )
        assert bought.unit_price == Decimal("187.25")
        assert bought.executed_at.isoformat() == "2025-12-30T15:04:22+00:00"
        assert bought.effective_on.isoformat() == "2025-12-30"
        assert amended.remark == "Zürich desk"
        assert bought.known_from.isoformat() == "2025-12-30T22:15:00+00:00"

    def test_what_cannot_take_effect_is_told(self, northgate):
        found = {
            item.code: item.sentence
            for item in ExceptionItem.objects.filter(batch=northgate, line_no__isnull=False)
        }

        assert found.keys() == {"UNKNOWN_INSTRUMENT", "UNKNOWN_BOOK", "WRONG_VALUE"}
        assert found["WRONG_VALUE"] == (
            "settles_on: '31.02.2026' is not a day of the calendar (DD.MM.YYYY)."
        )

    @pytest.mark.usefixtures("northgate")
    def test_positions_and_cash_of_ofx_are_holdings_and_postings(self):
        held = {
            holding.listing.key: holding.units
            for holding in CustodyHolding.objects.filter(account="PB-70007")
        }
        posted = {
            posting.posting_no: (posting.code, posting.value_on.isoformat(), posting.amount)
            for posting in CustodyPosting.objects.filter(account="PB-70007")
        }

        assert sorted(held.values()) == [Decimal(1200), Decimal(4000), Decimal("90512.40")]
        assert posted == {
            "NGC-5501": ("DIV", "2025-12-30", Decimal("412.50")),
            "NGC-5502": ("SFE", "2026-01-02", Decimal("-35.00")),
        }

    def test_the_same_files_again_change_nothing(self, northgate):
        before = Transaction.objects.count(), CustodyHolding.objects.count()
        source = northgate.source
        found = gather(SAMPLES / "northgate" / "files", [definition_of(source)], by="test")

        again = ingest(source, found["northgate"], by="test")

        assert again.files_duplicate == 2
        assert again.loaded == 0
        assert (Transaction.objects.count(), CustodyHolding.objects.count()) == before
        assert all(file.status == SourceFile.Status.DUPLICATE for file in again.files.all())

    def test_a_gzip_file_is_opened_and_what_is_inside_is_a_file_of_its_own(
        self, northgate, tmp_path
    ):
        inner = (SAMPLES / "northgate" / "files" / "NG_POS_20251231.ofx").read_bytes()
        packed = gzipped(inner.replace(b"NGC-55", b"NGC-66"))
        batch = take(northgate.source, write(tmp_path, "NG_POS_20260102.ofx.gz", packed))

        [archive] = batch.files.filter(parent=None)
        [member] = archive.members.all()
        assert archive.status == SourceFile.Status.OPENED
        assert (member.name, member.status) == ("NG_POS_20260102.ofx", "loaded")
        assert (member.received, member.loaded, member.duplicate) == (5, 2, 3)

    @pytest.mark.parametrize(
        ("name", "content", "code"),
        [
            ("NG_POS_1.ofx.gz", gzipped(b"x" * 1000)[:-9], "UNREADABLE_FILE"),
            ("NG_POS_2.ofx.gz", gzipped(b" " * 30_000_000), "ARCHIVE_TOO_LARGE"),
            ("NG_POS_3.ofx.gz.gz", gzipped(gzipped(b"x")), "ARCHIVE_NESTED"),
            ("NG_POS_4.ofx.gz", b"no gzip at all", "UNREADABLE_FILE"),
        ],
    )
    def test_a_gzip_file_that_plays_tricks_is_refused(
        self, northgate, tmp_path, name, content, code
    ):
        batch = take(northgate.source, write(tmp_path, name, content))

        assert ExceptionItem.objects.get(batch=batch, reference=name).code == code
        assert batch.files_rejected == 1
        assert batch.received == 0
