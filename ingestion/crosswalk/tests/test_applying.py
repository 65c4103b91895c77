"""A mapping acts as if it had been there first, and is undone without a trace in figures."""

import json
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from ingestion.crosswalk import apply as applying
from ingestion.crosswalk import tasks, unmapped
from ingestion.crosswalk.tests.deciding import (
    COLUMNS,
    approved,
    believed,
    figures,
    mapped,
    symbol,
    trade,
    undone,
)
from ingestion.models import (
    ExceptionItem,
    Identifier,
    MappingProposal,
    PortfolioKey,
    UnmappedKey,
)
from ingestion.tests.expected import ALPHA
from ingestion.tests.facts import define_sources, take, write
from portfolios.models import Listing, MappedShare, Price, Transaction

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")


@pytest.fixture
def blotter(tmp_path):
    source = define_sources()["blotter"]

    def deliver(name, *lines):
        return take(source, write(tmp_path, f"blotter_{name}.csv", COLUMNS + "".join(lines)))

    return deliver


def item(number, **wanted):
    return ExceptionItem.objects.get(reference=number, **wanted)


def test_mapping_and_undoing_changes_figures_and_changes_them_back(blotter):
    before = figures()
    blotter("m1", trade("M1", symbol="ZQ1"))
    assert figures() == before
    ledger = believed()

    mapping, done = mapped(**symbol("ZQ1", "ZORB@XNYS", valid_from=date(2025, 12, 1)))
    assert (done.released, done.withdrawn) == (1, 0)
    with_it, between = figures(), timezone.now()
    assert with_it != before
    assert [row for row in believed() if row not in ledger] == [
        ("M1", 1, "HA-01", "ZORB@XNYS", 10, -101)
    ]
    entry = Transaction.objects.get(source_reference="M1")
    assert entry.known_from == mapping.decided_at
    assert Listing.objects.filter(key="ZORB@XNYS").exists()

    undone(mapping)
    mapping.refresh_from_db()
    assert mapping.state == "undone"
    assert figures() == before
    assert believed() == ledger
    assert next(row for row in believed(between) if row not in ledger)[0] == "M1"
    held = item("M1")
    assert (held.state, held.code) == ("held", "UNKNOWN_INSTRUMENT")
    assert held.sentence == "No listing is known for SYMBOL ZQ1 XNYS."

    again, _ = mapped(**symbol("ZQ1", "ZORB@XNYS", valid_from=date(2025, 12, 1)))
    assert figures() == with_it
    assert item("M1").state == "released"
    assert Transaction.objects.filter(source_reference="M1").count() == 2
    assert Transaction.objects.get(source_reference="M1", known_to=None).known_from == (
        again.decided_at
    )
    undone(again)
    assert figures() == before


def test_a_mapping_acts_as_if_the_file_had_come_after_it(blotter):
    mapped(**symbol("ZQ2", "ZORB@XNYS"))
    before = {row[2:] for row in believed()}
    blotter("m2", trade("M2", symbol="ZQ2", units="7"))
    first = {row[2:] for row in believed()} - before
    blotter("m3", trade("M3", symbol="ZQ3", units="7"))
    mapped(**symbol("ZQ3", "ZORB@XNYS"))

    assert len(first) == 1
    assert {row[2:] for row in believed() if row[0] == "M3"} == first


def test_what_came_after_the_mapping_rests_on_it_too(blotter):
    mapping, _ = mapped(**symbol("ZQ4", "ZORB@XNYS"))
    blotter("m4", trade("M4", symbol="ZQ4"))
    assert Transaction.objects.filter(source_reference="M4", known_to=None).exists()

    undone(mapping)

    assert not Transaction.objects.filter(source_reference="M4", known_to=None).exists()
    assert (item("M4").state, item("M4").code) == ("held", "UNKNOWN_INSTRUMENT")
    assert item("M4").raw_text.startswith("M4,1,NEW")


def test_an_amendment_that_loses_effect_leaves_its_predecessor_in_force(blotter):
    blotter("m5", trade("M5"), trade("M5", 2, "AMEND", symbol="ZQ5", units="30"))
    before = believed()
    assert [row for row in before if row[0] == "M5"] == [("M5", 1, "HA-01", "ZORB@XNYS", 10, -101)]
    mapping, _ = mapped(**symbol("ZQ5", "ZORB@XNYS"))
    assert [row[:2] for row in believed() if row[0] == "M5"] == [("M5", 2)]

    undone(mapping)
    assert believed() == before

    mapped(**symbol("ZQ5", "ZORB@XNYS"))
    assert [row[:2] for row in believed() if row[0] == "M5"] == [("M5", 2)]


def test_a_book_is_mapped_and_undone(blotter):
    blotter("m6", trade("M6", book="NYC/NEW/06"))
    before = believed()
    mapping, done = mapped(
        kind="portfolio_key", scheme="OMS", value="NYC/NEW/06", portfolio_code="HA-02"
    )
    assert done.released == 1
    assert Transaction.objects.get(source_reference="M6").portfolio.code == "HA-02"
    assert PortfolioKey.objects.get(key="NYC/NEW/06").source == "operations"

    undone(mapping)
    assert believed() == before
    assert item("M6").sentence == "Book or account NYC/NEW/06 is not in the crosswalk."


def test_a_changed_mapping_moves_its_facts_from_then_on(blotter):
    first, _ = mapped(**symbol("ZQ7", "ZORB@XNYS"))
    blotter("m7", trade("M7", symbol="ZQ7"))
    before, then = believed(), timezone.now()

    second, done = mapped(**symbol("ZQ7", "ZTRN@XNYS", valid_from=date(2025, 12, 15)))

    assert (done.withdrawn, done.released) == (1, 1)
    assert [row[3] for row in believed() if row[0] == "M7"] == ["ZTRN@XNYS"]
    assert believed(then) == before
    assert [
        (str(row.listing), row.valid_from, row.valid_to)
        for row in Identifier.objects.filter(value="ZQ7", known_to=None).order_by("pk")
    ] == [("ZORB@XNYS", None, date(2025, 12, 14)), ("ZTRN@XNYS", date(2025, 12, 15), None)]
    stuck = approved(
        kind="identifier", action="undo", scheme="SYMBOL", value="ZQ7", scope="XNYS", undoes=first
    )
    assert applying.apply(stuck.pk) is None
    stuck.refresh_from_db()
    assert stuck.state == "approved"
    assert f"Mapping {second.pk} came after it" in stuck.problem

    undone(second)
    assert believed() == before
    assert applying.apply(stuck.pk) is not None
    assert not [row for row in believed() if row[0] == "M7"]


def test_a_mapping_of_a_source_ends_on_a_day_and_its_later_facts_wait(blotter):
    blotter("m8", trade("M8", symbol="ZELM", market="XLON"))
    row = Identifier.objects.get(scheme="SYMBOL", value="ZORB", scope="XNYS", known_to=None)
    blotter("m9", trade("M9"))
    before = believed()
    ending, done = mapped(
        kind="identifier", action="end", scheme="SYMBOL", value="ZORB", scope="XNYS",
        mapping_id=row.pk, valid_to=date(2025, 12, 21),
    )  # fmt: skip
    assert done.withdrawn >= 1
    assert item("M9").code == "EXPIRED_IDENTIFIER"
    assert not [entry for entry in believed() if entry[0] == "M9"]

    undone(ending)
    assert believed() == before
    assert item("M9").state == "released"


def test_a_code_with_a_wrong_check_digit_takes_effect_by_its_mapping():
    held = item("EU74257")
    assert held.code == "CHECK_DIGIT"
    day = date.fromisoformat(held.staged["on_day"] or held.staged["executed_at"][:10])
    mapping, done = mapped(
        kind="identifier",
        scheme="CUSIP",
        value="991369100",
        listing=Listing.objects.get(key="ZMRW@XNYS"),
        valid_from=day,
        valid_to=day,
    )
    assert done.released == 1
    undone(mapping)
    assert item("EU74257").sentence == "CUSIP 991369100 fails its check digit."


def test_applied_twice_changes_nothing_more(blotter):
    blotter("m10", trade("M10", symbol="ZQ10"))
    mapping, _ = mapped(**symbol("ZQ10", "ZORB@XNYS"))
    before = believed()
    assert applying.apply(mapping.pk) is None
    undo = undone(mapping)
    after = believed()
    assert applying.apply(undo.pk) is None
    assert applying.apply(mapping.pk) is None
    assert (len(before) - len(after), believed()) == (1, after)


def test_a_code_never_means_two_listings_at_once():
    stuck = approved(**symbol("ZORB", "ZORB@XNYS", valid_from=date(2025, 1, 1)))
    assert applying.apply(stuck.pk) is None
    stuck.refresh_from_db()
    assert "already means ZORB@XNYS" in stuck.problem
    assert stuck.state == "approved"


def test_the_database_itself_wants_two_people():
    with connection.cursor() as cursor, pytest.raises(Exception, match="mapping_takes_two_people"):
        cursor.execute(
            "UPDATE mapping_proposal SET decided_by_id = proposed_by_id WHERE state = 'approved'"
        )


def test_a_misspelt_symbol_gives_its_listing_no_other_name(blotter):
    mapped(**symbol("ZZZZ", "ZBAY@XNYS"))
    assert not Listing.objects.filter(key__startswith="ZZZZ").exists()


def test_unmapped_keys_are_counted_by_value_with_the_share_that_is_mapped(blotter):
    line = trade("M11", symbol="ZQ11").replace("100.00,1.00", "5000.00,1.00")
    blotter("m11", line, trade("M12", symbol="ZQ11"), trade("M13", book="NYC/TEST/99"))
    unmapped.count()
    keys = {row.value: row for row in UnmappedKey.objects.all()}
    assert list(UnmappedKey.objects.values_list("value_at_stake", flat=True)) == sorted(
        (row.value_at_stake for row in keys.values()), reverse=True
    )
    key = keys["ZQ11"]
    assert (key.records, key.value_at_stake, key.currency) == (2, 5100, "USD")
    assert (key.first_on, key.last_on) == (date(2025, 12, 22), date(2025, 12, 22))
    assert keys["NYC/TEST/99"].records == 2
    share = MappedShare.objects.order_by("-pk").first()
    assert 0 < share.share < 1
    assert share.held_records == sum(row.records for row in keys.values())


def test_nonsense_of_any_length_is_counted_and_fails_no_load(blotter):
    batch = blotter("m14", trade("M14", symbol="X" * 500, market="Y" * 50))
    assert (batch.state, batch.quarantined) == ("done", 1)
    assert UnmappedKey.objects.filter(value="X" * 60, scope="Y" * 10).exists()


def test_what_was_set_aside_is_counted_no_more(blotter):
    blotter("m15", trade("M15", symbol="ZQ15"))
    assert UnmappedKey.objects.filter(value="ZQ15").exists()
    ExceptionItem.objects.filter(reference="M15").update(state="skipped")
    assert unmapped.keep_current()
    assert not UnmappedKey.objects.filter(value="ZQ15").exists()
    assert not unmapped.keep_current()


def test_the_task_applies_what_waits_asks_for_figures_and_rehearses(blotter, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks, "ask_for_refresh", asked.append)
    blotter("m16", trade("M16", symbol="ZQ16"), trade("M17", symbol="ZQ17"))
    mapping = approved(**symbol("ZQ16", "ZORB@XNYS"))
    fresh = MappingProposal.objects.create(
        action="map", reason="Test", proposed_by_id=1, **symbol("ZQ17", "ZORB@XNYS")
    )
    done = tasks.settle_mappings()
    assert done["applied"] == [mapping.pk]
    assert asked == [[mapping.pk]]
    assert fresh.pk in done["rehearsed"]
    assert item("M17").state == "held"


def test_two_share_classes_are_joined_and_taken_apart_again():
    one, other = (Listing.objects.get(key=key) for key in ("ZORB@XNYS", "ZBAY@XNYS"))
    before = one.instrument.issuer_id
    mapping, _ = mapped(kind="issuer", instrument=one.instrument, issuer=other.instrument.issuer)
    one.instrument.refresh_from_db()
    assert one.instrument.issuer == other.instrument.issuer
    assert one.instrument.issuer_source == "operations"
    mapped(kind="issuer", action="undo", undoes=mapping, instrument=one.instrument)
    one.instrument.refresh_from_db()
    assert (one.instrument.issuer_id, one.instrument.issuer_source) == (before, "derived")


def test_a_price_of_an_unknown_figi_takes_effect_is_undone_and_comes_back(tmp_path):
    page = next((ALPHA / "sources" / "vendor" / "quotes").glob("*.json"))
    said = json.loads(page.read_text())
    known = Listing.objects.get(key="ZORB@XNYS")
    day = Price.objects.filter(listing=known).order_by("-priced_on").first().priced_on
    said["results"] = [
        {"figi": "ZZG000B1B2B6", "on": "2026-01-02", "last": "77.5", "unit": "USD", "rev": 1,
         "released_at": "2026-01-02T22:00:00Z"}
    ]  # fmt: skip
    said |= {"page_no": 1, "page_count": 1, "next": None}
    take(define_sources()["vendor"], write(tmp_path, "page-9001.json", json.dumps(said)))
    assert day < date(2026, 1, 2)
    figi = {"kind": "identifier", "scheme": "FIGI", "value": "ZZG000B1B2B6", "listing": known}
    for _ in range(2):
        mapping, done = mapped(**figi)
        assert done.released == 1
        assert Price.objects.get(listing=known, priced_on="2026-01-02", known_to=None).price > 77
        undone(mapping)
        assert not Price.objects.filter(
            listing=known, priced_on="2026-01-02", known_to=None
        ).exists()
