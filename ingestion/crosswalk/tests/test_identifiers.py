"""Finance §2 and the case: each rule of identifiers has a test that fails when it is broken."""

from datetime import date

import psycopg
import pytest
from django.conf import settings
from django.db.models import Count

from helio.testing import databases
from ingestion.crosswalk.check_digits import fails
from ingestion.crosswalk.tests.deciding import COLUMNS, mapped, symbol, trade
from ingestion.models import ExceptionItem, Identifier, PortfolioKey
from ingestion.tests.expected import ALPHA
from ingestion.tests.facts import define_sources, take, write
from portfolios.models import CustodyHolding, Listing, Portfolio, Price, Transaction

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")


def deliver(tmp_path, name, *lines):
    path = write(tmp_path, f"blotter_{name}.csv", COLUMNS + "".join(lines))
    return take(define_sources()["blotter"], path)


def listing_of(number: str) -> str:
    return Transaction.objects.get(source_reference=number, known_to=None).listing.key


def test_one_code_cannot_mean_two_listings_at_one_instant(alpha):
    one, other = Listing.objects.filter(key__in=("ZORB@XNYS", "ZTRN@XNYS")).order_by("pk")
    add = (
        "INSERT INTO identifier (scheme, value, scope, listing_id, valid_from, valid_to,"
        " known_from, known_to, source, evidence)"
        " VALUES ('SYMBOL', 'ZBUT', 'XNYS', %s, %s, %s, %s, %s, 't', '')"
    )
    june, july = date(2025, 6, 1), date(2025, 7, 1)
    with databases.connect("worker", alpha, autocommit=True) as db:
        db.execute(add, [one.pk, june, date(2025, 6, 30), None, None])
        with pytest.raises(psycopg.errors.ExclusionViolation):
            db.execute(add, [other.pk, date(2025, 6, 30), july, None, None])
        # another stretch of use, or another stretch of knowledge, is no contradiction
        db.execute(add, [other.pk, july, None, None, None])
        known = Identifier.objects.filter(value="ZBUT", listing=one)
        db.execute("UPDATE identifier SET known_to = '2026-01-01' WHERE id = %s", [known.get().pk])
        db.execute(add, [other.pk, june, date(2025, 6, 30), date(2026, 1, 1), None])


@pytest.mark.parametrize(
    ("number", "cusip", "day"),
    [("I1", "991291105", "2025-03-14"), ("I2", None, "2025-03-17")],
)
def test_a_code_that_changed_at_a_reverse_split_means_the_listing_on_its_days_only(
    tmp_path, number, cusip, day
):
    codes = Identifier.objects.filter(listing__key="ZGRL@XNYS", scheme="CUSIP", known_to=None)
    new = codes.exclude(value="991291105").get()
    assert new.valid_from == date(2025, 3, 17)
    assert codes.get(value="991291105").valid_to < new.valid_from
    deliver(
        tmp_path, number, trade(number, symbol="", market="", cusip=cusip or new.value, day=day)
    )
    assert listing_of(number) == "ZGRL@XNYS"


def test_a_code_after_its_change_is_held_and_says_until_when_it_was_in_use(tmp_path):
    deliver(tmp_path, "I3", trade("I3", symbol="", market="", cusip="991291105", day="2025-03-20"))
    held = ExceptionItem.objects.get(reference="I3")
    assert held.code == "EXPIRED_IDENTIFIER"
    assert "was not in use on 2025-03-20" in held.sentence


def test_the_isin_changed_with_the_cusip():
    isins = Identifier.objects.filter(listing__key="ZGRL@XNYS", scheme="ISIN", known_to=None)
    first, second = isins.order_by("valid_to")
    assert first.value != second.value
    assert first.valid_to < second.valid_from
    assert not fails("ISIN", second.value)


@pytest.mark.parametrize(("market", "listing"), [("XNGS", "ZLUM@XNAS"), ("XNAS", "ZLUM@XNAS")])
def test_the_segment_and_the_operating_mic_name_one_market(tmp_path, market, listing):
    number = f"I4{market}"
    deliver(tmp_path, number, trade(number, symbol="ZLUM", market=market))
    assert listing_of(number) == listing


def test_a_mapping_of_the_operating_mic_serves_the_segment_too(tmp_path):
    mapped(**symbol("ZLUX", "ZLUM@XNAS") | {"scope": "XNAS"})
    deliver(tmp_path, "I5", trade("I5", symbol="ZLUX", market="XNGS"))
    assert listing_of("I5") == "ZLUM@XNAS"


def test_one_isin_is_two_listings_told_apart_by_currency_alone():
    twice = (
        Identifier.objects.filter(scheme="ISIN", known_to=None)
        .values("value")
        .annotate(listings=Count("listing", distinct=True))
        .filter(listings=2)
    )
    values = [row["value"] for row in twice]
    assert len(values) == 2
    for value in values:
        rows = Identifier.objects.filter(scheme="ISIN", value=value, known_to=None)
        assert len({row.scope for row in rows}) == 2
        assert len({row.listing.instrument_id for row in rows}) == 1
        assert len({row.listing.operating_mic for row in rows}) == 2
        held = CustodyHolding.objects.filter(listing__in=[row.listing_id for row in rows])
        assert held.values("listing").distinct().count() >= 1


def test_an_isin_in_a_currency_that_no_listing_has_is_held_not_guessed(tmp_path):
    row = Identifier.objects.filter(scheme="ISIN", scope="EUR", known_to=None).first()
    others = Identifier.objects.filter(scheme="ISIN", value=row.value, scope="SEK")
    assert not others.exists()
    source = (ALPHA / "sources" / "custody" / "holdings").glob("*20251231*.csv")
    lines = next(source).read_text("utf-8-sig").splitlines()
    head, names = lines[0].split("|"), lines[1]
    head[3], head[5] = "9001", "2026-01-02T05:00:00Z"
    account = PortfolioKey.objects.filter(system="CUSTODY", valid_to=None).first().key
    line = f"{account}|2025-12-31|{row.value}|X|SEK|5|0|1|5"
    text = "\n".join(["|".join(head), names, line, "T|1|5"]) + "\n"
    take(define_sources()["custody"], write(tmp_path, "MSK-HLD-9001-20260102.csv", text))
    held = ExceptionItem.objects.get(file__name="MSK-HLD-9001-20260102.csv")
    assert held.code in ("UNKNOWN_INSTRUMENT", "EXPIRED_IDENTIFIER")
    assert row.value in held.sentence


def test_prices_in_pence_and_cents_stay_in_their_unit_and_money_is_in_the_major():
    for unit, major in (("GBX", "GBP"), ("ZAc", "ZAR")):
        listings = Listing.objects.filter(quote_unit=unit)
        assert listings.exists()
        assert set(listings.values_list("price_currency", flat=True)) == {major}
        assert Price.objects.filter(unit=unit).exists()
        assert not Transaction.objects.filter(currency=unit).exists()
        assert not Listing.objects.filter(key=f"CASH:{unit}").exists()


def test_two_accounts_mean_one_portfolio():
    portfolio = Portfolio.objects.get(code="HA-05")
    accounts = PortfolioKey.objects.filter(portfolio=portfolio, system="CUSTODY", known_to=None)
    assert accounts.count() == 2
    held = CustodyHolding.objects.filter(portfolio=portfolio).values("account").distinct()
    assert held.count() == 2


def test_a_book_that_was_renamed_means_its_portfolio_by_either_name_on_its_days(tmp_path):
    old, new = PortfolioKey.objects.filter(
        portfolio__code="HA-07", system="OMS", known_to=None
    ).order_by("valid_from")
    assert old.valid_to < new.valid_from == date(2025, 1, 2)
    deliver(
        tmp_path,
        "I6",
        trade("I6", book=old.key, day="2024-12-20"),
        trade("I7", book=new.key, day="2025-01-10"),
        trade("I8", book=old.key, day="2025-01-10"),
    )
    entries = Transaction.objects.filter(source_reference__in=("I6", "I7"))
    assert {entry.portfolio.code for entry in entries} == {"HA-07"}
    assert ExceptionItem.objects.get(reference="I8").code == "UNKNOWN_BOOK"


@pytest.mark.parametrize("scheme", ["ISIN", "CUSIP", "SEDOL", "FIGI"])
def test_every_known_code_passes_its_check_digit(scheme):
    codes = Identifier.objects.filter(scheme=scheme, known_to=None).exclude(source="operations")
    assert codes.exists()
    assert [row.value for row in codes if fails(scheme, row.value)] == []


def test_a_source_that_repeats_itself_does_not_overrule_two_people(tmp_path):
    dump = next((settings.BASE_DIR / "ingestion/fixtures/alpha/sources/vendor").glob("*dump*.sql"))
    row = Identifier.objects.get(scheme="SYMBOL", value="ZBAY", scope="XNYS", known_to=None)
    mapped(
        kind="identifier", action="end", scheme="SYMBOL", value="ZBAY", scope="XNYS",
        mapping_id=row.pk, valid_to=date(2025, 12, 1),
    )  # fmt: skip
    text = dump.read_text() + "\n-- once more\n"
    batch = take(define_sources()["reference"], write(tmp_path, "reference_dump.sql", text))

    assert batch.state == "done"
    now = Identifier.objects.get(scheme="SYMBOL", value="ZBAY", scope="XNYS", known_to=None)
    assert now.valid_to == date(2025, 12, 1)
    assert not ExceptionItem.objects.filter(batch=batch, code="CONFLICTING_MAPPING").exists()


def test_a_source_that_contradicts_two_people_is_held_and_says_whom(tmp_path):
    mapped(kind="portfolio_key", scheme="OMS", value="NYC/OPS/1", portfolio_code="HA-01")
    keys = "portfolio_id,system,system_key,applies_from,applies_until\nHA-02,OMS,NYC/OPS/1,,\n"
    batch = take(define_sources()["crosswalk"], write(tmp_path, "portfolio_keys.csv", keys))
    held = ExceptionItem.objects.get(batch=batch)
    assert held.sentence.endswith("in this stretch of time, as operations says.")
    assert PortfolioKey.objects.get(key="NYC/OPS/1", known_to=None).portfolio.code == "HA-01"
