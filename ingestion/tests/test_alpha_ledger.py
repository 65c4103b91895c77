"""The alpha case, loaded through the pipeline, is the ledger the answers know: field by field."""

from decimal import Decimal

import pytest

from ingestion.models import Batch, ExceptionItem, SourceFile
from ingestion.tests.expected import expected
from portfolios.models import FxFixing, IndexLevel, Listing, MarketSession, Price, Transaction

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")

NUMBERS = {
    "units": "units",
    "unit_price": "unit_price",
    "gross_amount": "gross_amount",
    "charges": "charges",
    "tax_withheld": "tax_withheld",
    "cash_effect": "cash_effect",
    "second_cash_effect": "second_cash_effect",
    "split_new": "split_new",
    "split_old": "split_old",
}


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def ledger_row(entry: Transaction) -> dict[str, object]:
    row: dict[str, object] = {
        "portfolio_id": entry.portfolio.code,
        "event_kind": entry.kind,
        "effective_day": entry.effective_on.isoformat(),
        "settlement_day": entry.settles_on.isoformat() if entry.settles_on else "",
        "listing_key": entry.listing.key if entry.listing else "",
        "currency": entry.currency,
        "second_currency": entry.second_currency,
        "known_from": entry.known_from.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "source_reference": entry.source_reference,
        "source_version": number(str(entry.source_version)) if entry.source_version else None,
    }
    return row | {name: getattr(entry, field) for name, field in NUMBERS.items()}


def answer_row(row: dict[str, str]) -> dict[str, object]:
    typed: dict[str, object] = dict(row)
    for name in [*NUMBERS, "source_version"]:
        typed[name] = number(row[name])
    return typed


def test_every_event_of_the_ledger_equals_the_answer_field_by_field():
    now = Transaction.objects.filter(known_to=None).select_related("portfolio", "listing")
    ours = {entry.source_reference: ledger_row(entry) for entry in now}
    theirs = {row["source_reference"]: answer_row(row) for row in expected("ledger.csv.gz")}

    assert len(now) == len(ours) == 2600
    assert ours.keys() == theirs.keys()
    differences = [
        f"{reference}: {name} is {ours[reference][name]!r}, should be {answer!r}"
        for reference, row in theirs.items()
        for name, answer in row.items()
        if ours[reference][name] != answer
    ]
    assert differences == []


def test_the_quarantine_equals_the_answer():
    ours = {
        (
            item.reference,
            str(item.version) if item.version else "",
            item.source.name,
            item.code,
            item.reason,
            item.known_from.strftime("%Y-%m-%dT%H:%M:%SZ") if item.known_from else "",
            item.outcome,
        )
        for item in ExceptionItem.objects.select_related("source")
    }

    assert ours == {tuple(row.values()) for row in expected("quarantine.csv")}


def test_listings_have_the_names_units_and_sectors_of_the_answer():
    ours = {
        listing.key: (
            listing.figi,
            listing.quote_unit,
            listing.price_currency,
            listing.instrument.security_type,
            listing.instrument.sector,
            listing.instrument.domicile,
        )
        for listing in Listing.objects.exclude(key__startswith="CASH:").select_related("instrument")
    }

    assert ours == {
        row["listing_key"]: (
            row["figi_code"],
            row["quote_unit"],
            row["price_currency"],
            row["security_type"],
            row["sector_group"],
            row["domicile"],
        )
        for row in expected("listings.csv")
    }


def test_two_listings_of_one_isin_are_one_instrument():
    instruments = dict(Listing.objects.values_list("key", "instrument_id"))

    assert instruments["ZWLD@XLON"] == instruments["ZWLE@XETR"]
    assert instruments["ZFEN@XLON"] == instruments["ZFNJ@XJSE"]
    assert instruments["ZORB@XNYS"] != instruments["ZORB@XLON"]


def test_the_market_data_arrived_whole():
    assert Price.objects.count() == 20_617
    assert FxFixing.objects.count() == 2_700
    assert IndexLevel.objects.count() == 527
    assert MarketSession.objects.count() == 3_793


def test_counts_of_every_batch_and_file_add_up():
    for counted in [*Batch.objects.all(), *SourceFile.objects.all()]:
        total = counted.loaded + counted.superseded + counted.duplicate
        assert counted.received == total + counted.quarantined + counted.rejected
    assert Batch.objects.get(source__name="custody").duplicate == 23


def test_a_fixing_that_was_restated_has_two_versions_and_one_is_current():
    versions = FxFixing.objects.filter(
        fixed_on="2025-09-30", base_currency="GBP", quote_currency="USD"
    ).order_by("known_from")

    first, second = versions
    assert first.known_to == second.known_from
    assert second.known_to is None


def test_a_version_captured_after_a_higher_one_was_never_believed():
    versions = {
        entry.source_version: entry
        for entry in Transaction.objects.filter(source_reference="EU72748")
    }

    assert versions[1].known_to == versions[3].known_from
    assert versions[2].known_to == versions[2].known_from
    assert versions[3].known_to is None


def test_a_cancel_that_came_before_its_order_leaves_nothing_effective():
    order = Transaction.objects.get(source_reference="EU971374")

    assert order.known_to == order.known_from
