"""Damaged files through the real ingest: counts that add up, sentences, and no half load."""

import random
import time

import pytest

from ingestion.models import Batch, ExceptionItem, SourceFile
from ingestion.tests.expected import ALPHA
from ingestion.tests.facts import define_sources, take, write
from ingestion.tests.fuzz import mutate
from portfolios.models import CustodyHolding, CustodyPosting, Transaction

BLOTTER = (ALPHA / "sources" / "blotter" / "blotter_2025-Q4.csv").read_bytes()
HOLDINGS = (ALPHA / "sources" / "custody" / "holdings" / "MSK-HLD-0001-20231229.csv").read_bytes()
HEADER = BLOTTER.split(b"\n", 1)[0].decode()
TRADE = (
    "{number},1,NEW,EQT,LDN/IDX/06,B,{symbol},XLON,,10,1.5,GBP,15,0,,15,GBP,,,,"
    "2025-12-30 10:00:00,2025-12-30 10:05:00,Europe/London,,2026-01-02,{remark}"
)

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")


def trades(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


def trade(number: str, symbol: str = "ZUKE", remark: str = "") -> str:
    return TRADE.format(number=number, symbol=symbol, remark=remark)


def facts_of(file: SourceFile) -> int:
    tables = (Transaction, CustodyHolding, CustodyPosting)
    return sum(table.objects.filter(file_id=file.pk).count() for table in tables)


def test_damaged_deliveries_leave_a_batch_that_adds_up_and_no_half_load(tmp_path):
    sources = define_sources()
    rng = random.Random(8)
    blotters = [write(tmp_path, f"bad_blotter_{n}.csv", mutate(BLOTTER, rng)) for n in range(8)]
    custody = [write(tmp_path, f"MSK-HLD-9{n}.csv", mutate(HOLDINGS, rng)) for n in range(8)]

    for batch in (take(sources["blotter"], *blotters), take(sources["custody"], *custody)):
        assert batch.state == Batch.State.DONE
        assert batch.adds_up
        files = list(SourceFile.objects.filter(batch=batch))
        assert len(files) == 8
        assert batch.received == sum(file.received for file in files)
        for file in files:
            assert file.adds_up
            assert file.status in ("loaded", "rejected", "duplicate")
            if file.status == SourceFile.Status.REJECTED:
                assert file.sentence.endswith(".")
                assert facts_of(file) == 0
        for item in ExceptionItem.objects.filter(batch=batch):
            assert item.sentence


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("A", ("15,0,,15", "NaN,0,,15")),
        ("B", ("15,0,,15", "Infinity,0,,15")),
        ("C", ("15,0,,15", '"1.500,00",0,,15')),
        ("D", ("2026-01-02", "2026-02-31")),
        ("E", ("2025-12-30 10:00:00", "30.12.2025 10:00")),
        ("F", ("2026-01-02,", "2026-01-02," + "x" * 3_000)),
    ],
)
def test_one_bad_record_is_a_reject_and_its_neighbours_load(tmp_path, key, wrong):
    rows = [trade(f"OK{key}A"), trade(f"BAD{key}").replace(*wrong), trade(f"OK{key}B")]
    path = write(tmp_path, f"bad_blotter_{key}.csv", trades(*rows))

    batch = take(define_sources()["blotter"], path)

    assert (batch.received, batch.loaded, batch.rejected) == (3, 2, 1)
    item = ExceptionItem.objects.get(batch=batch)
    assert item.line_no == 3
    assert item.raw_text


def test_minus_zero_is_zero(tmp_path):
    row = trade("ZERO1").replace("15,0,,15", "15,-0,,15")

    take(define_sources()["blotter"], write(tmp_path, "zero_blotter.csv", trades(row)))

    assert str(Transaction.objects.get(source_reference="ZERO1").charges.normalize()) == "0"


def test_ten_thousand_unknown_instruments_are_quarantined_in_good_time(tmp_path):
    rows = [trade(f"UNK{number}", f"Q{number}") for number in range(10_000)]
    path = write(tmp_path, "unknown_blotter.csv", trades(*rows))
    began = time.monotonic()

    batch = take(define_sources()["blotter"], path)

    assert (batch.received, batch.quarantined) == (10_000, 10_000)
    assert time.monotonic() - began < 120
