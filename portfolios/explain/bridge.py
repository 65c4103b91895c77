"""From one close to the next: what prices, currencies, trades, income, fees and flows did.

The parts of a holding, in this order, with u0 the units at the first close (splits applied), p the
price, x the rate into base currency and v the value:

* price     u0 × (p1 − p0) × x0, at the rate of before;
* trading   ((u1 − u0) × p1 × x1 + cash of its trades) × x0 ÷ x1: against the close, at the rate of
            before, so that a deal at the close costs nothing;
* currency  (v1 + cash of its trades) × (1 − x0 ÷ x1), as the bridge of a period has it;
* income    its dividends.

The product of a price and a currency move falls to the currency: that is the order's doing, and
the same for every holding and day. Cash: its opening balances at the new rates (currency), what
currency deals gained or lost against the fixing, fees, and flows. All sums close to the cent.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from portfolios.figures import ground
from portfolios.figures.days import eve_of, usd_per_unit
from portfolios.figures.ledger import effective
from portfolios.figures.then.cut import Cut
from portfolios.figures.then.exact import digits
from portfolios.models import Portfolio, Transaction
from portfolios.valuation.cost import ZERO

Holding = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Effects:
    """What the day did to one listing, by cause."""

    price: Decimal = ZERO
    currency: Decimal = ZERO
    trading: Decimal = ZERO
    income: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """The change of the day: value now − value before + cash of trades + dividends."""
        return self.price + self.currency + self.trading + self.income

    def __add__(self, other: "Effects") -> "Effects":
        return Effects(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def told_in(self, before: Decimal, now: Decimal, opening: Decimal) -> "Effects":
        """The effects in another currency, of which one was worth so much at both closes.

        Prices and trades stay at the rates of before: what the base currency did to the opening
        value and to them is a currency effect too.
        """
        moved = opening + self.price + self.trading
        return Effects(
            price=self.price * before,
            currency=self.currency * now + moved * (now - before),
            trading=self.trading * before,
            income=self.income * now,
        )


@dataclass(slots=True)
class Bridge:
    """From opening to closing value; ``parts`` sum to the change."""

    opening: Decimal = ZERO
    closing: Decimal = ZERO
    securities: Effects = Effects()
    cash_currency: Decimal = ZERO
    deals: Decimal = ZERO
    management_fee: Decimal = ZERO
    safekeeping_fee: Decimal = ZERO
    inflow: Decimal = ZERO
    outflow: Decimal = ZERO
    listings: dict[int, Effects] = field(default_factory=dict)
    openings: dict[int, Decimal] = field(default_factory=dict)

    @property
    def change(self) -> Decimal:
        """Closing less opening value."""
        return self.closing - self.opening

    @property
    def parts(self) -> list[tuple[str, Decimal]]:
        """Name and amount of each cause; the last is what rounding of stored values left."""
        named = [
            ("Prices", self.securities.price),
            ("Currencies, securities", self.securities.currency),
            ("Currencies, cash", self.cash_currency),
            ("Trading against the close, charges inside", self.securities.trading),
            ("Currency deals against the fixing", self.deals),
            ("Dividends", self.securities.income),
            ("Management fee", -self.management_fee),
            ("Safekeeping fee", -self.safekeeping_fee),
            ("Flows in", self.inflow),
            ("Flows out", -self.outflow),
        ]
        rest = self.change - sum((amount for _, amount in named), ZERO)
        return [*named, ("Rounding", rest)]

    def add(self, other: "Bridge", now: Decimal, before: Decimal) -> None:
        """Take in a portfolio's bridge at the rates of both days into the reporting currency."""
        self.opening += other.opening * before
        self.closing += other.closing * now
        cash = other.opening - sum(other.openings.values(), ZERO)
        self.cash_currency += other.cash_currency * now + cash * (now - before)
        for name in ("deals", "management_fee", "safekeeping_fee", "inflow", "outflow"):
            setattr(self, name, getattr(self, name) + getattr(other, name) * now)
        for listing, effects in other.listings.items():
            told = effects.told_in(before, now, other.openings.get(listing, ZERO))
            self.listings[listing] = self.listings.get(listing, Effects()) + told
            self.securities += told


def bridge(
    portfolios: Sequence[Portfolio], as_of: date, currency: str, cut: Cut | None = None
) -> Bridge:
    """The bridge of the portfolios together, from the valuation day before to ``as_of``."""
    eve, rates = eve_of(as_of), Crosses(cut)
    told = Bridge()
    with digits():
        for portfolio, one in bridges(portfolios, as_of, cut):
            base = portfolio.base_currency
            now = rates.cross(base, currency, as_of)
            before = rates.cross(base, currency, eve) if eve else now
            told.add(one, now, before)
    return told


class Crosses:
    """Rates between currencies on valuation days, each read once."""

    def __init__(self, cut: Cut | None) -> None:
        self._cut = cut
        self._usd: dict[tuple[str, date], Decimal] = {}

    def cross(self, base: str, currency: str, day: date) -> Decimal:
        """Units of ``currency`` for one of ``base``."""
        if base == currency:
            return Decimal(1)
        return self._worth(base, day) / self._worth(currency, day)

    def _worth(self, currency: str, day: date) -> Decimal:
        key = (currency, day)
        if key not in self._usd:
            self._usd[key] = usd_per_unit(currency, day, self._cut)
        return self._usd[key]


def bridges(
    portfolios: Sequence[Portfolio], as_of: date, cut: Cut | None = None
) -> Iterator[tuple[Portfolio, Bridge]]:
    """Each portfolio's own bridge, in its base currency."""
    eve = eve_of(as_of)
    ids = [portfolio.pk for portfolio in portfolios]
    if cut is None:
        asked = {"as_of": as_of, "portfolio_ids": ids}
        ground.read_ahead(
            ("bridge_holding", asked | {"eve": eve}),
            ("bridge_moved", asked),
            ("bridge_flow", asked),
        )
    held = _by_portfolio(
        ground.rows("bridge_holding", cut, as_of=as_of, eve=eve, portfolio_ids=ids)
    )
    if cut is None:
        _read_rates(portfolios, held, [day for day in (eve, as_of) if day])
    moved = _by_portfolio(ground.rows("bridge_moved", cut, as_of=as_of, portfolio_ids=ids))
    flows = _by_portfolio(ground.rows("bridge_flow", cut, as_of=as_of, portfolio_ids=ids))
    events, rates = _events(ids, as_of, eve, cut), Crosses(cut)
    for portfolio in portfolios:
        base = portfolio.base_currency

        def gained(holding: Holding | None, base: str = base) -> Decimal:
            """What the rate of a holding's price gained, as a part of the rate now."""
            currency = holding["price_currency"] if holding else base
            if currency == base or eve is None:
                return ZERO
            return 1 - rates.cross(currency, base, eve) / rates.cross(currency, base, as_of)

        one = _one(held[portfolio.pk], moved[portfolio.pk], events[portfolio.pk], as_of, gained)
        for row in flows[portfolio.pk]:
            one.inflow, one.outflow = row["external_inflow"], row["external_outflow"]
            one.management_fee = row["management_fee"]
            one.safekeeping_fee = row["safekeeping_fee"]
        one.deals = _deals(portfolio, events[portfolio.pk], as_of, rates)
        one.cash_currency = _cash_currency(portfolio, held[portfolio.pk], as_of, rates)
        yield portfolio, one


def _read_rates(
    portfolios: Sequence[Portfolio], held: dict[int, list[Holding]], days: Sequence[date]
) -> None:
    """Reads the rates of all that is held together, instead of one when it comes up."""
    currencies = {portfolio.base_currency for portfolio in portfolios}
    currencies |= {row["price_currency"] for rows in held.values() for row in rows}
    if len(currencies) > 1:
        ground.read_ahead(
            *(
                ("rate", {"currency": currency, "day": day})
                for currency in sorted(currencies)
                for day in days
            )
        )


def _by_portfolio(rows: Iterable[Holding]) -> dict[int, list[Holding]]:
    found: dict[int, list[Holding]] = defaultdict(list)
    for row in rows:
        found[row["portfolio_id"]].append(row)
    return found


def _events(
    ids: Sequence[int], as_of: date, eve: date | None, cut: Cut | None
) -> dict[int, list[Transaction]]:
    """Splits and currency deals that take effect on the day."""
    due = Q(effective_on__lte=as_of)
    if eve is not None:
        due &= Q(effective_on__gt=eve)
    kinds = (Transaction.Kind.SPLIT, Transaction.Kind.FX)
    events = effective(cut.known_at if cut else None).filter(
        due, portfolio_id__in=ids, kind__in=kinds
    )
    found: dict[int, list[Transaction]] = defaultdict(list)
    for event in events:
        found[event.portfolio_id].append(event)
    return found


def _one(
    held: Sequence[Holding],
    moved: Sequence[Holding],
    events: Sequence[Transaction],
    as_of: date,
    gained: Callable[[Holding | None], Decimal],
) -> Bridge:
    before = {row["listing_id"]: row for row in held if row["valued_on"] != as_of}
    now = {row["listing_id"]: row for row in held if row["valued_on"] == as_of}
    done = {row["listing_id"]: row for row in moved}
    splits = _splits(events)
    listings = {
        listing: effects_of(
            before.get(listing),
            now.get(listing),
            done.get(listing),
            splits.get(listing, Decimal(1)),
            gained(now.get(listing) or before.get(listing)),
        )
        for listing in before.keys() | now.keys() | done.keys()
        if not _is_cash(before.get(listing), now.get(listing))
    }
    return Bridge(
        opening=sum((row["base_value"] for row in before.values()), ZERO),
        closing=sum((row["base_value"] for row in now.values()), ZERO),
        securities=sum(listings.values(), Effects()),
        listings=listings,
        openings={
            listing: row["base_value"] for listing, row in before.items() if not row["is_cash"]
        },
    )


def _splits(events: Iterable[Transaction]) -> dict[int, Decimal]:
    factors: dict[int, Decimal] = {}
    for event in events:
        if event.kind == Transaction.Kind.SPLIT and event.listing_id and event.split_old:
            factor = (event.split_new or ZERO) / event.split_old
            factors[event.listing_id] = factors.get(event.listing_id, Decimal(1)) * factor
    return factors


def _is_cash(before: Holding | None, now: Holding | None) -> bool:
    return any(row["is_cash"] for row in (before, now) if row)


def effects_of(
    before: Holding | None,
    now: Holding | None,
    done: Holding | None,
    split: Decimal,
    gained: Decimal,
) -> Effects:
    """The effects on one holding; each side may be missing: bought, sold out, or only paid.

    ``gained`` is 1 − rate before ÷ rate now of its price's currency.
    """
    traded = done["traded_cash"] if done else ZERO
    income = done["dividend_income"] if done else ZERO
    value_before = before["base_value"] if before else ZERO
    value_now = now["base_value"] if now else ZERO
    kept = before["units"] * split if before else ZERO
    currency = (value_now + traded) * gained
    if not before or not now:
        # Bought, or sold out: what its trades gained or lost against the closes.
        trading = value_now - value_before + traded - currency
        return Effects(currency=currency, trading=trading, income=income)
    each_now = ZERO if _unpriced(now) else now["price"] * now["base_rate"]
    trading = ((now["units"] - kept) * each_now + traded) * (1 - gained)
    price = value_now - value_before + traded - trading - currency
    return Effects(price, currency, trading, income)


def _unpriced(holding: Holding) -> bool:
    return holding["price"] is None or holding["base_rate"] is None


def _deals(
    portfolio: Portfolio, events: Iterable[Transaction], as_of: date, rates: Crosses
) -> Decimal:
    """Both legs of the day's currency deals at its fixings: the spread to them."""
    base, total = portfolio.base_currency, ZERO
    for event in events:
        if event.kind != Transaction.Kind.FX:
            continue
        for amount, currency in (
            (event.cash_effect, event.currency),
            (event.second_cash_effect, event.second_currency),
        ):
            total += (amount or ZERO) * rates.cross(currency, base, as_of)
    return total


def _cash_currency(
    portfolio: Portfolio, held: Iterable[Holding], as_of: date, rates: Crosses
) -> Decimal:
    """What the opening balances gained or lost because their rates moved."""
    total = ZERO
    for row in held:
        if row["is_cash"] and row["valued_on"] != as_of:
            now = rates.cross(row["price_currency"], portfolio.base_currency, as_of)
            total += row["units"] * now - row["base_value"]
    return total
