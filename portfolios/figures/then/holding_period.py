"""What each holding did over a period as known then, summed over books."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from portfolios.figures.then.book import Book, Span
from portfolios.figures.then.cut import Cut
from portfolios.figures.then.exact import ONE, ZERO, money

_AMOUNTS = (
    "opening_value",
    "closing_value",
    "traded_cash",
    "dividend_income",
    "currency_effect",
)


class HoldingPeriod:
    """Sums by listing over the days given; the first is the one whose close opens the period.

    The formulas are those of sql/figures/listing_period.sql.
    """

    def __init__(
        self,
        cut: Cut,
        currency: str,
        days: Sequence[date],
        factors: Sequence[float],
        shares: Sequence[float],
    ) -> None:
        self.sums: dict[int, dict[str, Any]] = {}
        self._market = cut.market
        self._currency = currency
        # A day that was not known then has no place on the axis.
        places = [cut.position(day) for day in days]
        self._axis = [at for at in places if at is not None]
        known = [number for number, at in enumerate(places) if at is not None]
        self._factors = [factors[number] for number in known]
        self._shares = [shares[number] for number in known]
        self._number = {at: number for number, at in enumerate(self._axis)}
        self._gained: dict[str, list[Decimal]] = {}

    def add(self, book: Book) -> None:
        """Take in one portfolio."""
        for span in book.spans:
            if span.units:
                self._add_span(book, span)
        for at, listing, traded, income in book.listing_days():
            number = self._number.get(at)
            if number:
                self._add_traded(book, listing, number, traded, income)

    def rounded(self) -> dict[int, dict[str, Any]]:
        """The sums by listing, amounts as their columns hold them."""
        return {
            pk: sums | {name: money(sums[name]) for name in _AMOUNTS}
            for pk, sums in self.sums.items()
        }

    def _add_span(self, book: Book, span: Span) -> None:
        last = len(self._axis) - 1
        for number, at in enumerate(self._axis):
            if not span.start <= at <= span.end:
                continue
            held = book.valued(span, at)
            if held.base_value is None or held.close is None:
                continue
            value = held.base_value * self._rate(book, at)
            sums = self._of(span.listing_id)
            if number == 0:
                sums["opening_value"] += value
            if number == last:
                sums["closing_value"] += value
            else:
                sums["weight"] += float(value) * self._shares[number + 1]
            gained = self._gains(held.close.currency)
            if span.is_cash:
                if number < last:
                    grown = gained[number + 1]
                    sums["currency_effect"] += value * grown / (ONE - grown)
                continue
            if number:
                sums["currency_effect"] += value * gained[number]
            factor = self._factors[number] if number else 0.0
            following = self._factors[number + 1] if number < last else 0.0
            sums["contribution"] += float(value) * (factor - following)

    def _add_traded(
        self, book: Book, listing: int, number: int, traded: Decimal, income: Decimal
    ) -> None:
        at = self._axis[number]
        rate = self._rate(book, at)
        close = self._market.close(listing, at)
        sums = self._of(listing)
        sums["traded_cash"] += traded * rate
        sums["dividend_income"] += income * rate
        if close is not None:
            sums["currency_effect"] += traded * rate * self._gains(close.currency)[number]
        sums["contribution"] += float((traded + income) * rate) * self._factors[number]

    def _of(self, listing: int) -> dict[str, Any]:
        if listing not in self.sums:
            self.sums[listing] = dict.fromkeys(_AMOUNTS, ZERO) | {
                "weight": 0.0,
                "contribution": 0.0,
            }
        return self.sums[listing]

    def _rate(self, book: Book, at: int) -> Decimal:
        return self._market.cross(book.portfolio.base_currency, self._currency, at) or ZERO

    def _gains(self, currency: str) -> list[Decimal]:
        """1 − e0/e1 of each day, e the rate of the currency into the reporting one."""
        if currency not in self._gained:
            rates = [self._market.cross(currency, self._currency, at) for at in self._axis]
            self._gained[currency] = [
                ZERO,
                *(
                    ONE - (before / now if before and now else ONE)
                    for before, now in pairwise(rates)
                ),
            ]
        return self._gained[currency]
