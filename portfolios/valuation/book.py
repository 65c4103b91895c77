"""One portfolio's book while its ledger is replayed: holdings, cash and the day's activity."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from portfolios.valuation.cost import ZERO, CostBasis
from portfolios.valuation.market import Closes, Rates


@dataclass(slots=True)
class DayActivity:
    """What happened to the portfolio on one valuation day, in base currency."""

    external_inflow: Decimal = ZERO
    external_outflow: Decimal = ZERO
    management_fee: Decimal = ZERO
    safekeeping_fee: Decimal = ZERO
    dividend_income: Decimal = ZERO


@dataclass(slots=True)
class ListingActivity:
    """What happened to one holding on one valuation day, in base currency.

    ``traded_cash`` is negative for purchases and transfers in.
    """

    traded_cash: Decimal = ZERO
    dividend_income: Decimal = ZERO


@dataclass
class Book:
    """Applies ledger events one by one; each kind of event has a method of its name.

    A purchase's cost and a sale's proceeds use the fixing of the event's own date; flows, fees and
    income use the one of the valuation day on which they take effect.
    """

    base_currency: str
    rates: Rates
    closes: Closes
    cash_listing: Callable[[str], Hashable]
    holdings: dict[Hashable, CostBasis] = field(default_factory=dict)
    cash: dict[Hashable, Decimal] = field(default_factory=dict)
    touched: set[Hashable] = field(default_factory=set)
    activity: DayActivity = field(default_factory=DayActivity)
    listing_activity: dict[Hashable, ListingActivity] = field(default_factory=dict)
    realised: tuple[Decimal, Decimal] = (ZERO, ZERO)

    def open_day(self) -> None:
        """Forget what the last day touched."""
        self.touched = set()
        self.activity = DayActivity()
        self.listing_activity = {}

    def apply(self, day: date, event: Any) -> None:
        """Apply one event that takes effect on the valuation day ``day``."""
        getattr(self, f"_{event.kind.lower()}")(day, event)

    def _buy(self, day: date, event: Any) -> None:
        cost = (event.gross_amount + event.charges) * self._rate(event.currency, event.effective_on)
        self._acquire(event.listing_id, event.units, cost, event.effective_on)
        self._trade_cash(day, event)

    def _sell(self, day: date, event: Any) -> None:
        proceeds = (event.gross_amount - event.charges) * self._rate(
            event.currency, event.effective_on
        )
        self._dispose(event.listing_id, -event.units, proceeds)
        self._trade_cash(day, event)

    def _transfer_in(self, day: date, event: Any) -> None:
        value = self._value_in_kind(day, event.listing_id, event.units)
        self._acquire(event.listing_id, event.units, value, event.effective_on)
        self._listing_day(event.listing_id).traded_cash -= value
        self.activity.external_inflow += value

    def _transfer_out(self, day: date, event: Any) -> None:
        value = self._value_in_kind(day, event.listing_id, -event.units)
        self._dispose(event.listing_id, -event.units, value)
        self._listing_day(event.listing_id).traded_cash += value
        self.activity.external_outflow += value

    def _split(self, day: date, event: Any) -> None:
        self._holding(event.listing_id).split(event.split_new, event.split_old)

    def _dividend(self, day: date, event: Any) -> None:
        income = self._move_cash(day, event.currency, event.cash_effect)
        self.activity.dividend_income += income
        self._listing_day(event.listing_id).dividend_income += income

    def _subscription(self, day: date, event: Any) -> None:
        self.activity.external_inflow += self._move_cash(day, event.currency, event.cash_effect)

    def _redemption(self, day: date, event: Any) -> None:
        self.activity.external_outflow -= self._move_cash(day, event.currency, event.cash_effect)

    def _fx(self, day: date, event: Any) -> None:
        self._move_cash(day, event.currency, event.cash_effect)
        self._move_cash(day, event.second_currency, event.second_cash_effect)

    def _mgmt_fee(self, day: date, event: Any) -> None:
        self.activity.management_fee -= self._move_cash(day, event.currency, event.cash_effect)

    def _custody_fee(self, day: date, event: Any) -> None:
        self.activity.safekeeping_fee -= self._move_cash(day, event.currency, event.cash_effect)

    def _trade_cash(self, day: date, event: Any) -> None:
        moved = self._move_cash(day, event.currency, event.cash_effect)
        self._listing_day(event.listing_id).traded_cash += moved

    def _move_cash(self, day: date, currency: str, amount: Decimal) -> Decimal:
        """Book an amount and return it in base currency at the valuation day's fixing."""
        listing = self.cash_listing(currency)
        self.cash[listing] = self.cash.get(listing, ZERO) + amount
        self.touched.add(listing)
        return amount * self._rate(currency, day)

    def _acquire(self, listing: Hashable, units: Decimal, cost: Decimal, on: date) -> None:
        holding = self._holding(listing)
        before = holding.average_realised, holding.fifo_realised
        holding.acquire(units, cost, on)
        self._add_realised(holding, before)

    def _dispose(self, listing: Hashable, units: Decimal, proceeds: Decimal) -> None:
        holding = self._holding(listing)
        before = holding.average_realised, holding.fifo_realised
        holding.dispose(units, proceeds)
        self._add_realised(holding, before)

    def _add_realised(self, holding: CostBasis, before: tuple[Decimal, Decimal]) -> None:
        average, fifo = self.realised
        self.realised = (
            average + holding.average_realised - before[0],
            fifo + holding.fifo_realised - before[1],
        )

    def _holding(self, listing: Hashable) -> CostBasis:
        self.touched.add(listing)
        return self.holdings.setdefault(listing, CostBasis())

    def _listing_day(self, listing: Hashable) -> ListingActivity:
        return self.listing_activity.setdefault(listing, ListingActivity())

    def _value_in_kind(self, day: date, listing: Hashable, units: Decimal) -> Decimal:
        """Value at the day's close; nothing for a listing that never had a price."""
        close = self.closes.last(listing, day)
        if close is None:
            return ZERO
        return units * close.value * self._rate(self.closes.currencies[listing], day)

    def _rate(self, currency: str, on: date) -> Decimal:
        return self.rates.rate(currency, self.base_currency, on)
