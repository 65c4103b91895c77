"""Random firms for identities: market, benchmark and ledgers as plain rows, and their loading."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.db import transaction

from portfolios import models
from portfolios.tests.support.facts import LINEAGE
from portfolios.valuation.calendar import session_before, sessions

DAYS: Final = sessions("XLON", date(2025, 1, 2), date(2025, 2, 14))
KNOWN: Final = datetime(2025, 1, 1, tzinfo=UTC)
MIDDLE: Final = DAYS[len(DAYS) // 2]
BASES: Final = {"P-1": "USD", "P-2": "EUR", "P-3": "JPY"}
# Listing, its unit, first price in it, weight in the benchmark, sector.
LISTINGS: Final = {
    "AAA@XNYS": ("USD", 50, "0.5", "Energy"),
    "BBB@XLON": ("GBX", 800, "0.3", "Materials"),
    "CCC@XETR": ("EUR", 20, "0.2", "Energy"),
    "DDD@XTKS": ("JPY", 3000, "0", "Utilities"),
}
FIXINGS: Final = {("EUR", "USD"): 1.1, ("GBP", "USD"): 1.3, ("USD", "JPY"): 150.0}
KINDS: Final = (
    *("BUY", "BUY", "BUY", "SELL", "DIVIDEND", "FX", "SUBSCRIPTION", "REDEMPTION"),
    *("MGMT_FEE", "CUSTODY_FEE", "TRANSFER_IN"),
)
CENT: Final = Decimal("0.01")


@dataclass(frozen=True)
class Market:
    """Closes, fixings as quoted and index levels, each by day; when the one split is."""

    closes: dict[str, tuple[str, dict[date, Decimal]]]
    fixings: dict[tuple[str, str], dict[date, Decimal]]
    levels: dict[date, Decimal]
    split_on: date


@dataclass(frozen=True)
class Firm:
    """A market and the ledger of every portfolio."""

    market: Market
    ledger: list[dict[str, Any]]

    def shuffled(self, dice: random.Random) -> "Firm":
        """The same facts, delivered in another order."""
        return replace(self, ledger=dice.sample(self.ledger, len(self.ledger)))

    def in_pounds(self) -> "Firm":
        """The same closes with the pence turned into pounds."""
        closes = {
            key: ("GBP", {day: price / 100 for day, price in prices.items()})
            if unit == "GBX"
            else (unit, prices)
            for key, (unit, prices) in self.market.closes.items()
        }
        return replace(self, market=replace(self.market, closes=closes))

    def turned(self) -> "Firm":
        """The same fixings with each pair quoted the other way round."""
        fixings = {
            (quote, base): {day: 1 / rate for day, rate in rates.items()}
            for (base, quote), rates in self.market.fixings.items()
        }
        return replace(self, market=replace(self.market, fixings=fixings))

    def redenominated(self, currency: str, parts: int) -> "Firm":
        """The same firm after one new unit of a currency has replaced so many old ones."""
        closes = {
            key: (unit, {day: price / parts for day, price in prices.items()})
            if unit == currency
            else (unit, prices)
            for key, (unit, prices) in self.market.closes.items()
        }
        fixings = {
            pair: {day: _rescaled(pair, rate, currency, parts) for day, rate in rates.items()}
            for pair, rates in self.market.fixings.items()
        }
        ledger = [_in_new_units(event, currency, parts) for event in self.ledger]
        return Firm(replace(self.market, closes=closes, fixings=fixings), ledger)


def _rescaled(pair: tuple[str, str], rate: Decimal, currency: str, parts: int) -> Decimal:
    if currency not in pair:
        return rate
    return rate * parts if pair[0] == currency else rate / parts


def _in_new_units(event: dict[str, Any], currency: str, parts: int) -> dict[str, Any]:
    changed = dict(event)
    if event["currency"] == currency:
        for name in ("gross_amount", "charges", "cash_effect"):
            changed[name] = event[name] / parts
    if event["second_currency"] == currency:
        changed["second_cash_effect"] = event["second_cash_effect"] / parts
    return changed


def random_firm(seed: int) -> Firm:
    """A firm of three portfolios in three currencies over six weeks."""
    dice = random.Random(seed)
    market = _market(dice)
    ledger: list[dict[str, Any]] = []
    for code in BASES:
        ledger += _ledger(dice, code, market.split_on)
    return Firm(market, ledger)


def _market(dice: random.Random) -> Market:
    days = [session_before("XLON", DAYS[0]), *DAYS]
    split_on = dice.choice(DAYS[5:-5])
    closes = {}
    for key, (unit, first, _, _) in LISTINGS.items():
        prices = _walk(dice, days, first, 0.02, "0.0001")
        if key == "AAA@XNYS":
            prices = {day: p / 2 if day >= split_on else p for day, p in prices.items()}
        closes[key] = (unit, prices)
    fixings = {pair: _walk(dice, days, rate, 0.006, "0.0001") for pair, rate in FIXINGS.items()}
    return Market(closes, fixings, _walk(dice, days, 1000, 0.01, "0.01"), split_on)


def _walk(
    dice: random.Random, days: list[date], first: float, step: float, places: str
) -> dict[date, Decimal]:
    values, value = {}, first
    for day in days:
        value *= 1 + dice.gauss(0, step)
        values[day] = Decimal(value).quantize(Decimal(places), ROUND_HALF_UP)
    return values


def _ledger(dice: random.Random, code: str, split_on: date) -> Iterator[dict[str, Any]]:
    held: dict[str, int] = {}
    base, size = BASES[code], 150 if BASES[code] == "JPY" else 1
    first = dice.choice([DAYS[0], DAYS[0], DAYS[3]])
    yield _event(code, 0, "SUBSCRIPTION", first, base, Decimal(1_000_000 * size))
    number, split = 0, False
    for offset in range((DAYS[-1] - first).days + 1):
        on = first + timedelta(days=offset)
        if on >= split_on and not split:
            split = True
            if held.get("AAA@XNYS"):
                number += 1
                held["AAA@XNYS"] *= 2
                yield _event(code, number, "SPLIT", split_on, "", Decimal(0), "AAA@XNYS") | {
                    "split_new": Decimal(2),
                    "split_old": Decimal(1),
                }
        for _ in range(dice.choice([0, 0, 1, 1, 2])):
            number += 1
            yield _anything(dice, code, number, on, held, size)


def _anything(
    dice: random.Random, code: str, number: int, on: date, held: dict[str, int], size: int
) -> dict[str, Any]:
    kind = dice.choice(KINDS)
    base = BASES[code]
    amount = Decimal(dice.randint(100_00, 20_000_00)) * CENT
    owned = sorted(key for key, units in held.items() if units > 10)
    if kind in ("SELL", "DIVIDEND") and not owned:
        kind = "BUY"
    if kind in ("BUY", "TRANSFER_IN"):
        key = dice.choice(sorted(LISTINGS))
        return _bought(dice, code, number, on, kind, key, held)
    if kind == "SELL":
        key = dice.choice(owned)
        units = dice.randint(1, held[key])
        held[key] -= units
        paid = _worth(key, units) * Decimal(str(dice.uniform(0.9, 1.1))).quantize(CENT)
        return _trade(code, number, on, "SELL", key, -units, paid)
    if kind == "DIVIDEND":
        currency = dice.choice(["USD", "EUR"])
        return _event(code, number, kind, on, currency, amount / 100, dice.choice(owned))
    if kind == "FX":
        currency = dice.choice(sorted({"USD", "EUR", "GBP"} - {base}))
        event = _event(code, number, kind, on, currency, amount)
        return event | {"second_currency": base, "second_cash_effect": -amount * size}
    sign = -1 if kind in ("REDEMPTION", "MGMT_FEE", "CUSTODY_FEE") else 1
    part = 100 if kind.endswith("FEE") else 1
    return _event(code, number, kind, on, base, sign * amount * size / part)


def _bought(
    dice: random.Random,
    code: str,
    number: int,
    on: date,
    kind: str,
    key: str,
    held: dict[str, int],
) -> dict[str, Any]:
    units = dice.randint(10, 400)
    held[key] = held.get(key, 0) + units
    if kind == "TRANSFER_IN":
        return _event(code, number, kind, on, "", Decimal(0), key, Decimal(units))
    paid = _worth(key, units) * Decimal(str(dice.uniform(0.9, 1.1))).quantize(CENT)
    return _trade(code, number, on, "BUY", key, units, -paid)


def _worth(key: str, units: int) -> Decimal:
    """About what the units cost, in the major currency."""
    unit, first, _, _ = LISTINGS[key]
    return Decimal(units) * first / (100 if unit == "GBX" else 1)


def _trade(
    code: str, number: int, on: date, kind: str, key: str, units: int, cash: Decimal
) -> dict[str, Any]:
    unit = LISTINGS[key][0]
    currency = "GBP" if unit == "GBX" else unit
    event = _event(code, number, kind, on, currency, cash - 5, key, Decimal(units))
    return event | {"gross_amount": abs(cash), "charges": Decimal(5)}


def _event(
    code: str,
    number: int,
    kind: str,
    on: date,
    currency: str,
    cash: Decimal,
    key: str | None = None,
    units: Decimal | None = None,
) -> dict[str, Any]:
    return {
        "portfolio": code,
        "kind": kind,
        "effective_on": on,
        "executed_at": datetime(on.year, on.month, on.day, 9, number % 60, tzinfo=UTC),
        "listing": key,
        "units": units,
        "currency": currency,
        "gross_amount": abs(cash),
        "charges": Decimal(0),
        "cash_effect": cash,
        "second_currency": "",
        "second_cash_effect": None,
        "split_new": None,
        "split_old": None,
        "source_reference": f"{code}-{number:04}",
    }


@contextmanager
def loaded(firm: Firm) -> Iterator[None]:
    """The firm's facts in the database; gone afterwards."""
    with transaction.atomic():
        _load(firm)
        yield
        transaction.set_rollback(True)


def _load(firm: Firm) -> None:
    before = [session_before("XLON", DAYS[0]), *DAYS[:-1]]
    models.ValuationDay.objects.bulk_create(
        models.ValuationDay(valued_on=day, previous_on=eve)
        for day, eve in zip(DAYS, before, strict=True)
    )
    listings = _load_market(firm.market)
    desk = models.Desk.objects.create(name="A desk", time_zone="UTC")
    portfolios = {
        code: models.Portfolio.objects.create(
            code=code, name=code, client="c", base_currency=base, desk=desk, opened_on=DAYS[0]
        )
        for code, base in BASES.items()
    }
    for event in firm.ledger:
        models.Transaction.objects.create(
            **{
                **event,
                "portfolio": portfolios[event["portfolio"]],
                "listing": listings.get(event["listing"]),
            },
            source="test",
            source_version=1,
            known_from=KNOWN,
            **LINEAGE,
        )


def _load_market(market: Market) -> dict[str, models.Listing]:
    for currency in ("EUR", "GBP", "JPY", "USD"):
        cash = models.Instrument.objects.create(name=currency, security_type="Cash")
        models.Listing.objects.create(
            key=f"CASH:{currency}", instrument=cash, quote_unit=currency, price_currency=currency
        )
    index = models.Benchmark.objects.create(code="IX", currency="USD")
    listings = {}
    for key, (unit, prices) in market.closes.items():
        _, _, weight, sector = LISTINGS[key]
        issuer = models.Issuer.objects.create(name=f"{sector} issuer {key}")
        share = models.Instrument.objects.create(
            name=key, security_type="Equity", sector=sector, domicile="US", issuer=issuer
        )
        listings[key] = models.Listing.objects.create(
            key=key,
            instrument=share,
            quote_unit=unit,
            price_currency="GBP" if unit == "GBX" else unit,
        )
        models.Price.objects.bulk_create(
            models.Price(
                listing=listings[key],
                priced_on=day,
                price=price,
                unit=unit,
                revision=1,
                known_from=KNOWN,
                **LINEAGE,
            )
            for day, price in prices.items()
        )
        if Decimal(weight):
            models.IndexWeight.objects.create(
                benchmark=index,
                listing=listings[key],
                weight=Decimal(weight),
                known_from=KNOWN,
                **LINEAGE,
            )
    models.FxFixing.objects.bulk_create(
        models.FxFixing(
            fixed_on=day,
            base_currency=base,
            quote_currency=quote,
            rate=rate,
            known_from=KNOWN,
            **LINEAGE,
        )
        for (base, quote), rates in market.fixings.items()
        for day, rate in rates.items()
    )
    models.IndexLevel.objects.bulk_create(
        models.IndexLevel(benchmark=index, level_on=day, level=level, known_from=KNOWN, **LINEAGE)
        for day, level in market.levels.items()
    )
    models.CorporateAction.objects.create(
        listing=listings["AAA@XNYS"],
        kind="split",
        effective_on=market.split_on,
        terms={"new": "2", "old": "1"},
        known_from=KNOWN,
        **LINEAGE,
    )
    return listings
