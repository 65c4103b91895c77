"""Rates and closes by day: the last known on or before it."""

from bisect import bisect_right
from collections.abc import Hashable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

PIVOT = "USD"


class Unvaluable(LookupError):
    """A portfolio has no value from a day on; the message says why."""


class RateMissing(Unvaluable):
    """A currency is needed on a day on or before which it has no fixing."""

    def __init__(self, currency: str, on: date) -> None:
        super().__init__(f"There is no {currency} fixing on or before {on}.")
        self.currency = currency
        self.on = on


class Observation(NamedTuple):
    """A value and the day it was observed on."""

    on: date
    value: Decimal


class Series:
    """Observations by day, to be asked for the last one on or before a day."""

    def __init__(self, observations: Iterable[tuple[date, Decimal]]) -> None:
        ordered = sorted(observations)
        self._days = [on for on, _ in ordered]
        self._values = [value for _, value in ordered]

    def last(self, on: date) -> Observation | None:
        """The last observation on or before ``on``, None before the first."""
        position = bisect_right(self._days, on)
        if not position:
            return None
        return Observation(self._days[position - 1], self._values[position - 1])


class Rates:
    """Exchange rates through the one pivot: A to B is A to pivot times pivot to B.

    ``fixings`` are as quoted: ``rate`` units of the quote currency for one base unit. Pairs without
    the pivot are quoted by some vendors and used for nothing. The direction of each pair is turned
    here and nowhere else.
    """

    def __init__(self, fixings: Iterable[tuple[str, str, date, Decimal]]) -> None:
        quoted: dict[str, tuple[bool, list[tuple[date, Decimal]]]] = {}
        for base, quote, on, rate in fixings:
            if PIVOT not in (base, quote):
                continue
            inverse = base == PIVOT
            currency = quote if inverse else base
            quoted.setdefault(currency, (inverse, []))[1].append((on, rate))
        self._series = {
            currency: (inverse, Series(rates)) for currency, (inverse, rates) in quoted.items()
        }

    def rate(self, currency: str, base: str, on: date) -> Decimal:
        """Units of ``base`` for one of ``currency``, by the last fixings on or before ``on``.

        Raises RateMissing when there is none.
        """
        if currency == base:
            return Decimal(1)
        multiplied, divided = Decimal(1), Decimal(1)
        for code, is_source in ((currency, True), (base, False)):
            if code == PIVOT:
                continue
            inverse, fixing = self._fixing(code, on)
            # Multiply before dividing once, so that no cross loses a digit on the way.
            if inverse is is_source:
                divided *= fixing
            else:
                multiplied *= fixing
        return multiplied / divided

    def _fixing(self, currency: str, on: date) -> tuple[bool, Decimal]:
        inverse, series = self._series.get(currency, (False, None))
        observation = series.last(on) if series else None
        if observation is None:
            raise RateMissing(currency, on)
        return inverse, observation.value


class Closes:
    """Closes of listings as traded, each with its unit resolved to the major currency."""

    def __init__(
        self, closes: Iterable[tuple[Hashable, date, Decimal]], currencies: dict[Hashable, str]
    ) -> None:
        by_listing: dict[Hashable, list[tuple[date, Decimal]]] = {}
        for listing, on, price in closes:
            by_listing.setdefault(listing, []).append((on, price))
        self._series = {listing: Series(prices) for listing, prices in by_listing.items()}
        self.currencies = currencies

    def last(self, listing: Hashable, on: date) -> Observation | None:
        """The last close on or before ``on`` in the major unit; None without any price."""
        series = self._series.get(listing)
        return series.last(on) if series else None
