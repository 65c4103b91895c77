"""Held records take effect when the mapping they lack arrives, and not before."""

import pytest

from ingestion.models import ExceptionItem
from ingestion.tests.facts import define_sources, take, write
from portfolios.models import Transaction

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")

COLUMNS = (
    "order_no,version_no,record_status,record_kind,book_code,buy_sell,symbol,market_code,cusip_no,"
    "units,unit_price,price_unit,consideration,charges,tax_withheld,settlement_amount,"
    "settlement_currency,counter_amount,counter_currency,ratio,dealt_local,captured_local,"
    "zone_name,effective_on,settles_on,remark\n"
)
KEYS = "portfolio_id,system,system_key,applies_from,applies_until\n"


def trade(number: str, version: int = 1, status: str = "NEW", **changes: str) -> str:
    values = {"book": "NEW/BOOK/1", "symbol": "ZORB", "market": "XNYS", "units": "10"} | changes
    return (
        f"{number},{version},{status},EQT,{values['book']},B,{values['symbol']},{values['market']},,"
        f"{values['units']},10.00,USD,100.00,1.00,,101.00,USD,,,,2025-12-30 10:00:00,"
        f"2025-12-30 10:0{version}:00,America/New_York,,2026-01-02,\n"
    )


@pytest.fixture
def sources():
    return define_sources()


def state_of(number: str) -> tuple[str, str]:
    item = ExceptionItem.objects.get(reference=number)
    return item.state, item.outcome


def test_an_unknown_book_is_held_until_its_mapping_arrives(sources, tmp_path):
    take(sources["blotter"], write(tmp_path, "blotter_h1.csv", COLUMNS + trade("H1")))
    assert not Transaction.objects.filter(source_reference="H1").exists()
    assert state_of("H1") == ("held", "still held")

    keys = KEYS + "HA-01,OMS,NEW/BOOK/1,2025-01-01,\n"
    batch = take(sources["crosswalk"], write(tmp_path, "portfolio_keys.csv", keys))

    entry = Transaction.objects.get(source_reference="H1")
    assert entry.portfolio.code == "HA-01"
    assert entry.known_from.isoformat() == "2025-12-30T15:01:00+00:00"
    assert (entry.batch_id, batch.released) == (batch.pk, 1)
    assert entry.line_no == 2
    assert state_of("H1") == ("released", "released by a mapping")


def test_a_held_record_counts_once_and_its_line_is_kept(sources, tmp_path):
    line = trade("H2", book="NOBODY/KNOWS")
    batch = take(sources["blotter"], write(tmp_path, "blotter_h2.csv", COLUMNS + line))

    item = ExceptionItem.objects.get(reference="H2")
    assert (batch.received, batch.quarantined, batch.loaded) == (1, 1, 0)
    assert item.raw_text == line.rstrip("\n")
    assert item.sentence == "Book or account NOBODY/KNOWS is not in the crosswalk."


def test_the_same_identity_with_other_content_is_kept_for_a_person(sources, tmp_path):
    lines = trade("H3", book="NYC/GLB/01") + trade("H3", book="NYC/GLB/01", units="11")
    batch = take(sources["blotter"], write(tmp_path, "blotter_h3.csv", COLUMNS + lines))

    assert (batch.loaded, batch.quarantined, batch.duplicate) == (1, 1, 0)
    assert ExceptionItem.objects.get(reference="H3").code == "CONFLICTING_RECORD"
    assert Transaction.objects.get(source_reference="H3").units == 10


def test_an_amendment_that_cannot_be_mapped_leaves_its_predecessor_in_effect(sources, tmp_path):
    lines = trade("H4", book="NYC/GLB/01") + trade("H4", 2, "AMEND", symbol="ZQQQ")
    take(sources["blotter"], write(tmp_path, "blotter_h4.csv", COLUMNS + lines))

    entry = Transaction.objects.get(source_reference="H4")
    assert (entry.source_version, entry.known_to) == (1, None)
    assert ExceptionItem.objects.get(reference="H4").state == "held"


def test_an_amendment_closes_its_predecessor_when_it_became_known(sources, tmp_path):
    lines = trade("H5", book="NYC/GLB/01") + trade("H5", 2, "AMEND", book="NYC/GRW/02")
    batch = take(sources["blotter"], write(tmp_path, "blotter_h5.csv", COLUMNS + lines))

    first, second = Transaction.objects.filter(source_reference="H5").order_by("source_version")
    assert first.known_to == second.known_from
    assert (first.portfolio.code, second.portfolio.code) == ("HA-01", "HA-02")
    assert (batch.loaded, batch.superseded) == (1, 1)


def test_a_currency_that_nobody_knows_is_held(sources, tmp_path):
    line = trade("H6", book="NYC/GLB/01").replace("101.00,USD", "101.00,USX")
    take(sources["blotter"], write(tmp_path, "blotter_h6.csv", COLUMNS + line))

    assert ExceptionItem.objects.get(reference="H6").code == "UNKNOWN_CURRENCY"


def test_a_key_cannot_mean_two_portfolios_at_once(sources, tmp_path):
    keys = KEYS + "HA-02,OMS,NYC/GLB/01,2024-01-01,\n"
    batch = take(sources["crosswalk"], write(tmp_path, "portfolio_keys.csv", keys))

    assert (batch.loaded, batch.quarantined) == (0, 1)
    item = ExceptionItem.objects.get(code="CONFLICTING_MAPPING")
    assert item.sentence == (
        "OMS NYC/GLB/01 already has a meaning in this stretch of time, as crosswalk says."
    )


@pytest.mark.parametrize(
    ("symbol", "market", "day", "listing"),
    [
        ("ZTRN", "XNYS", "2024-09-10", "ZORB@XNYS"),
        ("ZTRN", "XNYS", "2025-02-03", "ZTRN@XNYS"),
        ("ZORB", "XNYS", "2024-09-16", "ZORB@XNYS"),
        ("ZORB", "XLON", "2024-09-16", "ZORB@XLON"),
        ("ZLUM", "XNAS", "2025-06-02", "ZLUM@XNAS"),
        ("ZLUM", "XNGS", "2025-06-02", "ZLUM@XNAS"),
    ],
)
def test_a_symbol_means_the_company_that_had_it_on_the_day(
    sources, tmp_path, symbol, market, day, listing
):
    number = f"S{symbol}{market}{day}"
    line = trade(number, book="NYC/GLB/01", symbol=symbol, market=market)
    text = COLUMNS + line.replace("2025-12-30 10:00", f"{day} 10:00")
    take(sources["blotter"], write(tmp_path, f"blotter_{number}.csv", text))

    assert Transaction.objects.get(source_reference=number).listing.key == listing


@pytest.mark.parametrize("day", ["2024-09-16", "2025-02-02"])
def test_a_symbol_that_nobody_had_on_the_day_is_held(sources, tmp_path, day):
    line = trade(f"E{day}", book="NYC/GLB/01", symbol="ZTRN")
    text = COLUMNS + line.replace("2025-12-30 10:00", f"{day} 10:00")
    take(sources["blotter"], write(tmp_path, f"blotter_E{day}.csv", text))

    assert ExceptionItem.objects.get(reference=f"E{day}").code == "EXPIRED_IDENTIFIER"
