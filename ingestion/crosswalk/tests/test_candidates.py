"""What an unmapped key may mean: each reason is found, and none is applied by itself."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from ingestion.crosswalk.candidates import candidates
from ingestion.crosswalk.tests.deciding import COLUMNS, trade
from ingestion.models import ExceptionItem, Identifier, PortfolioKey, UnmappedKey
from ingestion.tests.facts import define_sources, take, write
from portfolios.models import CustodyPosting

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")


def key(scheme: str, value: str, scope: str = "", **values) -> UnmappedKey:
    kind = "portfolio_key" if scheme in ("OMS", "CUSTODY") else "identifier"
    return UnmappedKey(
        kind=kind, scheme=scheme, value=value, scope=scope, records=1, currency="USD",
        waiting_since=timezone.now(), **{"items": [], **values},
    )  # fmt: skip


def reasons(found: UnmappedKey) -> dict[str, str]:
    return {one["code"]: "; ".join(one["reasons"]) for one in candidates(found)}


def code(scheme: str, listing: str) -> str:
    rows = Identifier.objects.filter(scheme=scheme, listing__key=listing, known_to=None)
    return rows.order_by("-valid_from").first().value


def test_the_wrong_check_digit_of_the_case_is_one_slip_from_a_code_that_is_right():
    found = UnmappedKey.objects.filter(value="991369100").first() or key("CUSIP", "991369100")
    near = candidates(found)
    assert near
    assert "one slip away from CUSIP 99136910" in "; ".join(near[0]["reasons"])
    assert "whose check digit is right" in "; ".join(near[0]["reasons"])


def test_a_symbol_that_was_reused_names_both_its_companies_with_their_days():
    said = reasons(key("SYMBOL", "ZTRN", "XNYS"))
    assert "the same code meant it from" in said["ZORB@XNYS"]
    assert "to 2024-09-15" in said["ZORB@XNYS"]
    assert "from 2025-02-03 to now" in said["ZTRN@XNYS"]


def test_a_symbol_on_another_market_is_told_with_its_market():
    said = reasons(key("SYMBOL", "ZORB", "XTKS"))
    assert "the same code means it in XLON" in said["ZORB@XLON"]
    assert "the same code means it in XNYS" in said["ZORB@XNYS"]


def test_an_isin_holds_a_cusip_and_a_cusip_is_in_an_isin():
    row = Identifier.objects.filter(scheme="ISIN", value__startswith="US").first()
    cusip = row.value[2:11]
    if not Identifier.objects.filter(scheme="CUSIP", value=cusip).exists():
        Identifier.objects.create(
            scheme="CUSIP", value=cusip, listing_id=row.listing_id, source="t", evidence=""
        )
    said = reasons(key("ISIN", row.value, "CHF"))
    assert f"its CUSIP {cusip} holds the same number" in said[str(row.listing)]
    said = reasons(key("CUSIP", cusip))
    assert f"its ISIN {row.value} holds the same number" in said[str(row.listing)]


def test_a_british_isin_holds_a_sedol():
    row = Identifier.objects.filter(scheme="ISIN", value__startswith="GB").first()
    if row is None:
        listing = Identifier.objects.filter(scheme="SEDOL", known_to=None).first()
        isin = f"GB00{listing.value}9"
        said = reasons(key("ISIN", isin, "GBP"))
        assert f"its SEDOL {listing.value} holds the same number" in said[str(listing.listing)]
        return
    sedol = row.value[4:11]
    assert (
        f"its ISIN {row.value} holds the same number"
        in reasons(key("SEDOL", sedol))[str(row.listing)]
    )


def test_a_name_in_the_line_is_recognised(tmp_path):
    name = Identifier.objects.filter(scheme="SYMBOL", value="ZBAY").first().listing.instrument.name
    line = trade("C1", symbol="ZQC1").replace(",\n", f",{name}\n")
    take(define_sources()["blotter"], write(tmp_path, "blotter_c1.csv", COLUMNS + line))
    item = ExceptionItem.objects.get(reference="C1")
    said = reasons(key("SYMBOL", "ZQC1", "XNYS", items=[item.pk]))
    assert f"the line names “{name}”" in said["ZBAY@XNYS"]


def test_the_same_trade_in_the_custodians_books_names_listing_and_portfolio(tmp_path):
    seen = CustodyPosting.objects.filter(
        code="PUR", portfolio__code="HA-01", dealt_on__gte=date(2025, 1, 1)
    ).select_related("listing").first()  # fmt: skip
    units = f"{seen.units.normalize():f}"
    book = PortfolioKey.objects.filter(portfolio=seen.portfolio, system="OMS").first().key
    day = seen.dealt_on.isoformat()
    symbol = Identifier.objects.filter(
        listing=seen.listing, scheme="SYMBOL", known_to=None
    ).order_by("-valid_from").first()  # fmt: skip
    lines = trade("C2", symbol="ZQC2", book=book, units=units, day=day) + trade(
        "C3", symbol=symbol.value, market=symbol.scope, book="NYC/NOBODY", units=units, day=day
    )
    take(define_sources()["blotter"], write(tmp_path, "blotter_c2.csv", COLUMNS + lines))
    items = {
        item.reference: item.pk for item in ExceptionItem.objects.filter(reference__in=("C2", "C3"))
    }
    said = reasons(key("SYMBOL", "ZQC2", "XNYS", items=[items["C2"]]))
    assert f"the custodian booked {units} units on {day}" in said[str(seen.listing)]
    said = reasons(key("OMS", "NYC/NOBODY", items=[items["C3"]]))
    assert f"the custodian booked {units} units on {day}" in said["HA-01"]


def test_a_book_that_ended_the_day_before_and_one_written_alike():
    said = reasons(key("OMS", "LDN/NATRES/7", first_on=date(2025, 1, 2)))
    assert "is like it" in said["HA-07"]
    old = PortfolioKey.objects.get(portfolio__code="HA-07", system="OMS", valid_to__isnull=False)
    said = reasons(key("OMS", f"{old.key.split('/')[0]}/WHATEVER", first_on=date(2025, 1, 2)))
    assert f"its key {old.key} of the same desk ended 1 day before" in said["HA-07"]


def test_scores_add_up_and_stay_below_certainty():
    best = candidates(key("SYMBOL", "ZTRN", "XNYS"))
    assert all(0 < one["score"] < 1 for one in best)
    assert [one["score"] for one in best] == sorted((o["score"] for o in best), reverse=True)
    assert Decimal(str(best[0]["score"])).as_tuple().exponent >= -2


def test_nothing_is_applied_by_itself():
    before = Identifier.objects.count(), PortfolioKey.objects.count()
    candidates(key("CUSIP", "991369100"))
    assert (Identifier.objects.count(), PortfolioKey.objects.count()) == before
