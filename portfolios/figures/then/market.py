"""Closes, rates and the benchmark on every valuation day, as they were believed at a moment."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, TypeVar

from portfolios import statements
from portfolios.figures.then.exact import ONE, digits, price, rate
from portfolios.figures.then.known import Known
from portfolios.valuation.market import PIVOT, Closes, Rates
from portfolios.valuation.units import to_major

T = TypeVar("T")


class Close(NamedTuple):
    """The last close on or before a day, in its major currency."""

    price: Decimal
    currency: str
    priced_on: date


@dataclass(slots=True)
class ReadCloses:
    """The closes read so far: by day of the axis, as observed, and the currency of each listing."""

    by_day: dict[int, list[Close | None]] = field(default_factory=dict)
    observed: list[tuple[int, date, Decimal]] = field(default_factory=list)
    currencies: dict[Hashable, str] = field(default_factory=dict)


class Fixings:
    """The fixings as believed by a knowledge, read once."""

    def __init__(self, known: Known) -> None:
        self._known = known

    @cached_property
    def rows(self) -> list[tuple[str, str, date, Decimal]]:
        """Base and quoted currency, day and fixing."""
        return statements.run("figures/then/fixings", **self._known.asked)

    @cached_property
    def rates(self) -> Rates:
        """The rates of a replay, on any day."""
        return Rates(self.rows)


class Market:
    """Market data on an axis of days: the eve of the first valuation day, then all of them.

    ``fixings`` are those of another knowledge than the closes and levels; ``closes`` those of
    another market of the same knowledge and axis, read once for both.
    """

    def __init__(
        self,
        known: Known,
        axis: Sequence[date],
        fixings: Fixings | None = None,
        closes: ReadCloses | None = None,
    ) -> None:
        self._known = known
        self.fixings = fixings or Fixings(known)
        self.axis = axis
        self.at = {day: position for position, day in enumerate(axis)}
        self.closes = closes or ReadCloses()
        self._base_rates: dict[tuple[str, str], list[Decimal | None]] = {}
        self._units: dict[tuple[int, str], list[Decimal | None]] = {}

    @cached_property
    def usd(self) -> dict[str, list[Decimal | None]]:
        """Pivot units for one unit of a currency by day; None before its first fixing."""
        quoted: dict[str, list[tuple[date, Decimal]]] = {}
        with digits():
            for base, quote, on, fixing in self.fixings.rows:
                if PIVOT not in (base, quote):
                    continue
                currency = quote if base == PIVOT else base
                worth = ONE / fixing if base == PIVOT else fixing
                quoted.setdefault(currency, []).append((on, rate(worth)))
        by_day = {currency: _last(found, self.axis) for currency, found in quoted.items()}
        return by_day | {PIVOT: [ONE] * len(self.axis)}

    def usd_on(self, currency: str, position: int) -> Decimal | None:
        """Pivot units for one unit of the currency on a day of the axis."""
        rates = self.usd.get(currency)
        return rates[position] if rates else None

    def cross(self, currency: str, base: str, position: int) -> Decimal | None:
        """Units of ``base`` for one of ``currency`` on a day of the axis."""
        if currency == base:
            return ONE
        numerator, divisor = self.usd_on(currency, position), self.usd_on(base, position)
        return rate(numerator / divisor) if numerator and divisor else None

    def base_rates(self, currency: str, base: str) -> list[Decimal | None]:
        """``cross`` on every day."""
        key = (currency, base)
        if key not in self._base_rates:
            self._base_rates[key] = [
                self.cross(currency, base, position) for position in range(len(self.axis))
            ]
        return self._base_rates[key]

    def load(self, listings: Iterable[int]) -> None:
        """Read the closes of these listings, those not read before."""
        missing = sorted(set(listings) - self.closes.by_day.keys())
        if not missing:
            return
        by_listing: dict[int, list[tuple[date, Close]]] = {listing: [] for listing in missing}
        found = statements.run("figures/then/closes", **self._known.asked, listings=missing)
        for listing, on, quoted, unit in found:
            major, currency = to_major(quoted, unit)
            by_listing[listing].append((on, Close(price(major), currency, on)))
            self.closes.observed.append((listing, on, major))
            self.closes.currencies[listing] = currency
        for listing, closes in by_listing.items():
            self.closes.by_day[listing] = _last(closes, self.axis)

    def transfer_closes(self, listings: Iterable[int]) -> Closes:
        """The closes that value transfers in kind of these listings."""
        wanted = set(listings)
        if not wanted:
            return Closes([], {})
        return Closes(
            (row for row in self.closes.observed if row[0] in wanted), self.closes.currencies
        )

    def close(self, listing: int, position: int) -> Close | None:
        """The listing's last close on or before a day of the axis; None without any."""
        return self.closes.by_day[listing][position]

    def unit_values(self, listing: int, base: str) -> list[Decimal | None]:
        """Value of one unit of the listing in ``base`` on every day; None while it has none."""
        key = (listing, base)
        if key not in self._units:
            self._units[key] = [
                None if close is None else self._unit_value(close, base, position)
                for position, close in enumerate(self.closes.by_day[listing])
            ]
        return self._units[key]

    def _unit_value(self, close: Close, base: str, position: int) -> Decimal | None:
        crossed = self.base_rates(close.currency, base)[position]
        return None if crossed is None else close.price * crossed

    @cached_property
    def index_usd(self) -> list[Decimal | None]:
        """The firm's benchmark in the pivot on every day."""
        found = statements.run("figures/then/levels", **self._known.asked)
        if not found:
            return [None] * len(self.axis)
        levels = _last([(on, level) for _, on, level in found], self.axis)
        rates = self.usd.get(found[0][0], [None] * len(self.axis))
        with digits():
            return [
                None if level is None or worth is None else level * worth
                for level, worth in zip(levels, rates, strict=True)
            ]

    def index_in(self, currency: str) -> list[Decimal | None]:
        """The benchmark in a currency on every day."""
        rates = self.usd.get(currency, [None] * len(self.axis))
        with digits():
            return [
                None if usd is None or not worth else usd / worth
                for usd, worth in zip(self.index_usd, rates, strict=True)
            ]


def _last(observed: Sequence[tuple[date, T]], axis: Sequence[date]) -> list[T | None]:
    """For each day the last observation on or before it; ``observed`` is in order of days."""
    values: list[T | None] = []
    latest: T | None = None
    position = 0
    for day in axis:
        while position < len(observed) and observed[position][0] <= day:
            latest = observed[position][1]
            position += 1
        values.append(latest)
    return values
