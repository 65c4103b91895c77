"""The ledgers of a made firm: what a portfolio of twenty holdings does over the years.

Opening purchases; each month one holding is trimmed for another; each quarter money comes or goes,
and a dividend and the management fee are booked; once a year a holding is sold for a new one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

HELD: Final = 20
INVESTED: Final = 0.9
MONTHS_OF_FLOWS: Final = (3, 6, 9, 12)
MONTH_OF_ROTATION: Final = 6


@dataclass(frozen=True)
class Event:
    """One entry: signed units and cash from the portfolio's point of view."""

    kind: str
    on: date
    cash: float
    listing: int | None = None
    units: int | None = None
    price: float | None = None


@dataclass
class Ledger:
    """Writes one portfolio's events at the closes of the market."""

    days: Sequence[date]
    closes: np.ndarray
    listings: Sequence[int]
    rng: np.random.Generator
    money: int
    units: dict[int, int] = field(default_factory=dict)

    def events(self) -> Iterator[Event]:
        """Everything from the first day on, in order; cash never falls below nothing."""
        yield Event("SUBSCRIPTION", self.days[0], self.money)
        for listing in self.rng.choice(self.listings, HELD, replace=False):
            yield self._buy(0, int(listing), self.money * INVESTED / HELD)
        before = self.days[0]
        for at, day in enumerate(self.days):
            if day.month != before.month:
                yield from self._month(at, before.month)
            before = day

    def _month(self, at: int, month: int) -> Iterator[Event]:
        given, taken = (int(one) for one in self.rng.choice(list(self.units), 2, replace=False))
        share = 0.2
        if month == MONTH_OF_ROTATION:
            share = 1.0
            new = [one for one in self.listings if one not in self.units]
            taken = int(self.rng.choice(new))
        sold = self._sell(at, given, share)
        yield sold
        yield self._buy(at, taken, sold.cash)
        if month in MONTHS_OF_FLOWS:
            yield from self._quarter(at, taken)

    def _quarter(self, at: int, listing: int) -> Iterator[Event]:
        day, amount = self.days[at], self.money // 100
        yield Event("DIVIDEND", day, amount // 4, listing=listing)
        yield Event("MGMT_FEE", day, -amount // 8)
        kind = self.rng.choice(["SUBSCRIPTION", "REDEMPTION"], p=[0.6, 0.4])
        yield Event(str(kind), day, amount if kind == "SUBSCRIPTION" else -amount // 2)

    def _buy(self, at: int, listing: int, money: float) -> Event:
        price = self._close(at, listing)
        units = max(1, int(money / price))
        self.units[listing] = self.units.get(listing, 0) + units
        return Event("BUY", self.days[at], -round(units * price, 2), listing, units, price)

    def _sell(self, at: int, listing: int, share: float) -> Event:
        price = self._close(at, listing)
        units = max(1, int(self.units[listing] * share))
        self.units[listing] -= units
        if not self.units[listing]:
            del self.units[listing]
        return Event("SELL", self.days[at], round(units * price, 2), listing, -units, price)

    def _close(self, at: int, listing: int) -> float:
        # The market begins a day before the firm.
        return float(round(self.closes[at + 1, listing - 1], 4))
