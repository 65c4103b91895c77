"""As known then, from scratch: whatever arrives late, corrected, cancelled or out of order."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from portfolios import models
from portfolios.explain import restatement
from portfolios.explain.parts import Asked
from portfolios.figures import queries
from portfolios.figures.then.blend import Markets
from portfolios.figures.then.cut import Cut, NotKnown, TooMuch
from portfolios.tests.support import facts
from portfolios.valuation.calendar import session_before, sessions

pytestmark = pytest.mark.usefixtures("fresh_database", "as_worker")

DAYS = sessions("XLON", date(2025, 1, 2), date(2025, 2, 14))
START = datetime(2025, 1, 2, 18, tzinfo=UTC)
SIGNS = {"SUBSCRIPTION": 1, "REDEMPTION": -1, "BUY": -1, "SELL": 1, "CUSTODY_FEE": -1}


@dataclass(frozen=True)
class Record:
    """One delivery: a version of a record, captured at a moment; a cancel has no kind."""

    reference: str
    version: int
    captured: datetime
    kind: str
    on: date
    units: Decimal
    cash: Decimal


@dataclass(frozen=True)
class Close:
    """One released version of a close."""

    on: date
    revision: int
    released: datetime
    price: Decimal


@pytest.fixture
def firm() -> Iterator[dict[str, Any]]:
    """A portfolio in dollars, one listing, the valuation days; all gone after the test."""
    with transaction.atomic():
        desk = models.Desk.objects.create(name="A desk", time_zone="UTC")
        portfolio = models.Portfolio.objects.create(
            code="X-1", name="X", client="c", base_currency="USD", desk=desk, opened_on=DAYS[0]
        )
        share = models.Instrument.objects.create(name="Share", security_type="Equity", sector="S")
        cash = models.Instrument.objects.create(name="Dollars", security_type="Cash")
        listing = models.Listing.objects.create(
            key="X@XNYS", instrument=share, quote_unit="USD", price_currency="USD"
        )
        models.Listing.objects.create(
            key="CASH:USD", instrument=cash, quote_unit="USD", price_currency="USD"
        )
        before = [session_before("XLON", DAYS[0]), *DAYS[:-1]]
        models.ValuationDay.objects.bulk_create(
            models.ValuationDay(valued_on=day, previous_on=eve)
            for day, eve in zip(DAYS, before, strict=True)
        )
        yield {"portfolio": portfolio, "listing": listing}
        transaction.set_rollback(True)


def _deliveries(dice: random.Random) -> list[Record]:
    """A first subscription, then records with versions in any order, late or cancelled."""
    found = [Record("R0", 1, START, "SUBSCRIPTION", DAYS[0], Decimal(0), Decimal(1_000_000))]
    for number in range(1, dice.randint(4, 14)):
        versions = dice.choice([1, 1, 1, 2, 3])
        for version in range(1, versions + 1):
            on = dice.choice(DAYS)
            captured = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
            captured += timedelta(hours=dice.choice([0, 1, 5, 30, 200, 500]), minutes=number)
            kind = dice.choice(list(SIGNS))
            if version > 1 and version == versions and dice.random() < 0.4:
                kind = ""
            units = Decimal(dice.randint(1, 900)) if kind in ("BUY", "SELL") else Decimal(0)
            amount = Decimal(dice.randint(100, 9_000_000)) / 100
            found.append(Record(f"R{number}", version, captured, kind, on, units, amount))
    dice.shuffle(found)
    return found


def _closes(dice: random.Random) -> list[Close]:
    found = []
    for day in DAYS:
        released = datetime(day.year, day.month, day.day, 21, tzinfo=UTC)
        for revision in range(1, dice.choice([1, 1, 1, 2, 3]) + 1):
            price = Decimal(dice.randint(5_000, 15_000)) / 100
            found.append(Close(day, revision, released, price))
            released += timedelta(hours=dice.choice([2, 40, 300]))
    return found


def _load(firm: dict[str, Any], deliveries: list[Record], closes: list[Close]) -> None:
    """Each row with the window in which it was believed, as the loader closes them (ADR 0004)."""
    for one in deliveries:
        if not one.kind:
            continue
        higher = [
            other.captured
            for other in deliveries
            if other.reference == one.reference and other.version > one.version
        ]
        signed = one.cash * SIGNS[one.kind]
        models.Transaction.objects.create(
            portfolio=firm["portfolio"],
            kind=one.kind,
            effective_on=one.on,
            listing=firm["listing"] if one.units else None,
            units=(one.units if one.kind == "BUY" else -one.units) if one.units else None,
            currency="USD",
            gross_amount=one.cash,
            cash_effect=signed,
            source="test",
            source_reference=one.reference,
            source_version=one.version,
            known_from=one.captured,
            known_to=max(min(higher), one.captured) if higher else None,
            **facts.LINEAGE,
        )
    for close in closes:
        later = [c.released for c in closes if c.on == close.on and c.revision > close.revision]
        models.Price.objects.create(
            listing=firm["listing"],
            priced_on=close.on,
            price=close.price,
            unit="USD",
            revision=close.revision,
            known_from=close.released,
            known_to=min(later, default=None),
            **facts.LINEAGE,
        )


def _from_scratch(
    deliveries: list[Record], closes: list[Close], known_at: datetime
) -> list[tuple[date, Decimal, float]]:
    """Day, value and growth, from nothing but what had been delivered by the moment."""
    highest: dict[str, Record] = {}
    for one in sorted(deliveries, key=lambda record: record.version):
        if one.captured <= known_at:
            highest[one.reference] = one
    prices = {
        close.on: close.price
        for close in sorted(closes, key=lambda close: close.revision)
        if close.released <= known_at
    }
    days = [day for day in DAYS if prices and day <= max(prices)]
    records = [one for one in highest.values() if one.kind and days and one.on <= days[-1]]
    return list(_days(records, prices, days))


def _days(records: list[Record], prices: dict[date, Decimal], days: list[date]) -> Iterator[Any]:
    cash, units, before, grown = Decimal(0), Decimal(0), Decimal(0), 1.0
    first = min((one.on for one in records), default=None)
    for day in days:
        if first is None or day < first:
            continue
        today = [one for one in records if one.on == day]
        cash += sum(SIGNS[one.kind] * one.cash for one in today)
        units += sum(one.units if one.kind == "BUY" else -one.units for one in today)
        value = cash + max(units, Decimal(0)) * prices[max(on for on in prices if on <= day)]
        inflow = sum(one.cash for one in today if one.kind == "SUBSCRIPTION")
        outflow = sum(one.cash for one in today if one.kind == "REDEMPTION")
        if before + inflow:
            grown *= float((value + outflow) / (before + inflow))
        before = value
        yield day, value, grown


@pytest.mark.parametrize("seed", range(15))
def test_what_was_known_then_is_what_had_been_delivered_by_then(
    firm: dict[str, Any], seed: int
) -> None:
    dice = random.Random(seed)
    deliveries, closes = _deliveries(dice), _closes(dice)
    _load(firm, deliveries, closes)
    moments = [START + timedelta(hours=dice.randint(4, 1_400)) for _ in range(4)]
    for known_at in [*moments, datetime(2030, 1, 1, tzinfo=UTC)]:
        expected = _from_scratch(deliveries, closes, known_at)
        cut = Cut(known_at)
        days = [book.days for book in cut.books([firm["portfolio"].pk])]
        told = [(d.valued_on, d.net_asset_value, d.wealth_net) for d in days[0]] if days else []
        assert [row[:2] for row in told] == [row[:2] for row in expected]
        assert [row[2] for row in told] == pytest.approx([row[2] for row in expected], abs=1e-12)


def test_a_cut_between_two_corrections_gives_the_middle_value(firm: dict[str, Any]) -> None:
    at = [START + timedelta(days=day) for day in (0, 10, 20)]
    deliveries = [
        Record("R0", number + 1, moment, "SUBSCRIPTION", DAYS[0], Decimal(0), Decimal(amount))
        for number, (moment, amount) in enumerate(zip(at, (100, 200, 300), strict=True))
    ]
    _load(firm, deliveries, _closes(random.Random(1)))
    portfolio, hour = firm["portfolio"], timedelta(hours=1)
    moments = [at[0] + timedelta(days=5), at[1] - hour, at[1], at[2] - hour, at[2], at[2] + hour]
    day = DAYS[1]
    values = [
        queries.tiles(day, "USD", [portfolio.pk], Cut(moment)).net_asset_value for moment in moments
    ]
    assert values == [100, 100, 200, 200, 300, 300]


def test_a_future_day_and_a_moment_before_everything_are_said(firm: dict[str, Any]) -> None:
    _load(firm, _deliveries(random.Random(2)), _closes(random.Random(2)))
    with pytest.raises(NotKnown, match=r"nothing was known yet\. The first close became known on"):
        queries.knowledge_cut(datetime(2024, 12, 31, tzinfo=UTC))
    with pytest.raises(NotKnown, match="still to come"):
        queries.knowledge_cut(datetime(2200, 1, 1, tzinfo=UTC))
    cut = queries.knowledge_cut(datetime(2025, 1, 10, 12, tzinfo=UTC))
    assert queries.resolve_as_of(None, cut) == date(2025, 1, 9)
    assert queries.resolve_as_of("2025-01-05", cut) == date(2025, 1, 3)
    with pytest.raises(queries.NoSuchDay, match="up to 2025-01-09 only"):
        queries.resolve_as_of("2025-01-31", cut)
    with pytest.raises(ValueError, match="time zone"):
        Cut(datetime(2025, 1, 10))  # noqa: DTZ001  a moment without a zone is what is refused


def test_more_than_one_look_can_compute_is_refused_with_advice(firm: dict[str, Any]) -> None:
    _load(firm, _deliveries(random.Random(3)), _closes(random.Random(3)))
    cut = Cut(datetime(2030, 1, 1, tzinfo=UTC), most_records=2)
    with pytest.raises(TooMuch, match="Ask for fewer portfolios"):
        cut.books([firm["portfolio"].pk])


# --- since a version ----------------------------------------------------------------------------

MADE = datetime(2026, 3, 1, tzinfo=UTC)
FAR = datetime(2030, 1, 1, tzinfo=UTC)
EARLY, LATE = 1, 2


def _version(batch: int, created_at: datetime) -> models.Version:
    return models.Version.objects.create(
        created_at=created_at, as_of=DAYS[-1], cause="test", batch_ids=[batch], duration_ms=1
    )


def _event(
    firm: dict[str, Any], reference: str, version: int, cash: int, batch: int, **bought: Any
) -> Any:
    """A subscription or purchase captured in January, version by version an hour apart."""
    return models.Transaction.objects.create(
        portfolio=firm["portfolio"],
        kind="BUY" if bought else "SUBSCRIPTION",
        effective_on=DAYS[0],
        currency="USD",
        gross_amount=abs(cash),
        cash_effect=cash,
        **bought,
        source="test",
        source_reference=reference,
        source_version=version,
        known_from=START + timedelta(hours=version),
        batch_id=batch,
        file_id=1,
        line_no=1,
    )


def _ended(row: Any, at: datetime, batch: int) -> None:
    type(row).objects.filter(pk=row.pk).update(known_to=at, ended_by_batch_id=batch)


@pytest.fixture
def delivered_late(firm: dict[str, Any]) -> dict[str, Any]:
    """Records captured in January of which a version of March knows the half.

    The rest is delivered afterwards: a new one, an amendment, a cancel and a restated close.
    """
    before = _version(EARLY, MADE)
    _event(firm, "kept", 1, 1_000, EARLY)
    _event(firm, "new", 1, 10, LATE)
    amended = _event(firm, "amended", 1, 100, EARLY)
    _ended(amended, _event(firm, "amended", 2, 300, LATE).known_from, LATE)
    _ended(_event(firm, "cancelled", 1, 5, EARLY), START + timedelta(hours=3), LATE)
    bought = {"listing": firm["listing"], "units": 2}
    _event(firm, "held", 1, -40, EARLY, **bought)
    models.HoldingState.objects.create(
        portfolio=firm["portfolio"], from_on=DAYS[0], average_cost=40, fifo_cost=40, **bought
    )
    close = {"listing": firm["listing"], "unit": "USD", "file_id": 1, "line_no": 1}
    close |= {"priced_on": DAYS[0]}
    first = models.Price.objects.create(
        **close, price=20, revision=1, known_from=START + timedelta(hours=4), batch_id=EARLY
    )
    second = models.Price.objects.create(
        **close, price=23, revision=2, known_from=START + timedelta(hours=6), batch_id=LATE
    )
    _ended(first, second.known_from, LATE)
    _version(LATE, MADE + timedelta(days=1))
    return firm | {"version": before}


def test_since_a_version_counts_what_was_delivered_after_it(delivered_late: dict[str, Any]) -> None:
    portfolio, version = delivered_late["portfolio"], delivered_late["version"]
    cut = queries.version_cut(version)
    learnt = {(one.source_reference, one.what) for one in _learnt(portfolio, cut)}
    assert learnt == {
        ("new", "entered"),
        ("amended", "amended"),
        ("cancelled", "cancelled"),
        ("", "restated"),
    }
    assert {one.learnt_at for one in _learnt(portfolio, cut)} == {MADE + timedelta(days=1)}
    assert _learnt(portfolio, queries.knowledge_cut(version.created_at)) == []


def _learnt(portfolio: models.Portfolio, cut: Cut) -> list[queries.Learnt]:
    return queries.learnt_since(portfolio, DAYS[0], cut)


def test_a_version_s_figure_is_told_from_what_it_was_made_of(
    delivered_late: dict[str, Any],
) -> None:
    portfolio = delivered_late["portfolio"]
    asked = Asked("net_asset_value", DAYS[0], "USD", (portfolio,), is_one=True)
    cut = queries.version_cut(delivered_late["version"])
    told = restatement.restated(portfolio, asked, cut, Markets(cut, FAR))
    assert told is not None
    assert (told.then, told.now) == (1_105 - 40 + 2 * 20, 1_310 - 40 + 2 * 23)
    assert [(cause.label, cause.effect, len(cause.records)) for cause in told.causes] == [
        ("Records entered afterwards", 10, 1),
        ("Records amended", 200, 1),
        ("Records cancelled", -5, 1),
        ("Closes released or restated", 6, 1),
    ]
