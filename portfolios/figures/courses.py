"""What each holding of a span was worth day by day: read once for all that is told of the span.

The amounts over the span, in the reporting currency, with v the value at a close, e the rate of
the price currency and all at the fixings of their day:

* currency effect of a security   Σ (v1 + cash of its trades) × (1 − e0/e1);
* currency effect of cash         Σ v0 × (e1/e0 − 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import numpy as np

from portfolios.figures import ground
from portfolios.figures.axis import Axis, floats
from portfolios.figures.rates import Rates
from portfolios.figures.then.cut import Cut
from portfolios.figures.then.exact import ONE, ZERO, digits, money

FUND: Final = "Fund"
UNCLASSIFIED: Final = "Unclassified"
_ABOUT: Final = (
    *("listing_id", "listing_key", "name", "security_type", "sector", "domicile", "issuer"),
    *("currency", "is_cash"),
)


@dataclass(frozen=True, slots=True)
class Course:
    """A holding over a span, in the reporting currency, all portfolios together.

    ``values`` at the closes and ``moved``, the cash of its trades (negative for purchases) with its
    income, are floats by place on the span's axis; the sums are exact.
    """

    listing_id: int
    listing_key: str
    name: str
    security_type: str
    sector: str
    domicile: str
    issuer: str
    currency: str
    is_cash: bool
    opening_value: Decimal
    closing_value: Decimal
    traded_cash: Decimal
    dividend_income: Decimal
    currency_effect: Decimal
    values: np.ndarray
    moved: np.ndarray

    @property
    def sector_group(self) -> str:
        """The sector that contribution and attribution put it in."""
        return sector_group(self.security_type, self.sector)


def sector_group(security_type: str, sector: str) -> str:
    """A sector as a group: funds are one of their own, and so is what has none."""
    return FUND if security_type in ("ETF", FUND) else sector or UNCLASSIFIED


def courses(
    axis: Axis, currency: str, portfolio_ids: Sequence[int] | None, cut: Cut | None
) -> list[Course]:
    """Every holding that had a value or a trade on the axis, cash included, by key."""
    rows = ground.rows(
        "holding_course",
        cut,
        start=axis.start,
        until=axis.until,
        portfolio_ids=None if portfolio_ids is None else list(portfolio_ids),
    )
    named = {row[name] for row in rows for name in ("base_currency", "price_currency")}
    rates = Rates(axis, currency, named, cut)
    with digits():
        return [
            _course(list(parts), axis, rates)
            for _, parts in groupby(rows, key=itemgetter("listing_id"))
        ]


def _course(parts: list[dict[str, Any]], axis: Axis, rates: Rates) -> Course:
    sums = _Sums(axis, rates)
    for part in parts:
        sums.add_held(part)
        sums.add_moved(part)
    return Course(
        **{name: parts[0][name] for name in _ABOUT},
        opening_value=money(sums.opening),
        closing_value=money(sums.closing),
        traded_cash=money(sums.traded),
        dividend_income=money(sums.income),
        currency_effect=money(sums.currency_effect),
        values=sums.values,
        moved=sums.moved,
    )


class _Sums:
    """Adds up the parts of one holding: by base currency of its holders and by price currency."""

    def __init__(self, axis: Axis, rates: Rates) -> None:
        self.values, self.moved = np.zeros(len(axis)), np.zeros(len(axis))
        self.opening = self.closing = self.traded = self.income = self.currency_effect = ZERO
        self._axis, self._rates, self._last = axis, rates, len(axis) - 1

    def add_held(self, part: dict[str, Any]) -> None:
        """The values of the part at each close."""
        places, texts = self._axis.places(part["offsets"].split()), part["amounts"].split()
        worths = self._rates.worths(part["base_currency"])
        each = floats(texts) * self._rates.as_floats(part["base_currency"])[places]
        known = (places >= 0) & ~np.isnan(each)
        np.add.at(self.values, places[known], each[known])
        for at in np.flatnonzero(known & (places == 0)):
            self.opening += Decimal(texts[at]) * (worths[0] or ZERO)
        for at in np.flatnonzero(known & (places == self._last)):
            self.closing += Decimal(texts[at]) * (worths[-1] or ZERO)
        # What is priced in the reporting currency has no effect of rates: most need no exact sum.
        if part["price_currency"] != self._rates.currency:
            effects = self._effects(part["price_currency"], is_cash=part["is_cash"])
            for at in np.flatnonzero(known):
                place = places[at]
                effect = effects[place]
                if effect:
                    worth = worths[place] or ZERO
                    self.currency_effect += Decimal(texts[at]) * worth * effect

    def _effects(self, currency: str, *, is_cash: bool) -> Sequence[Decimal | None]:
        """What rates made of one unit of value at each close; of cash the day after it."""
        gained = self._rates.gained(currency)
        if not is_cash:
            return gained
        return [*(one and one / (ONE - one) for one in gained[1:]), None]

    def add_moved(self, part: dict[str, Any]) -> None:
        """Cash of the part's trades and its income, after the opening close."""
        places = self._axis.places(part["moved_offsets"].split())
        worths = self._rates.worths(part["base_currency"])
        gained = self._rates.gained(part["price_currency"])
        amounts = zip(places, part["traded"].split(), part["income"].split(), strict=True)
        for place, traded, income in amounts:
            worth = worths[place]
            if place > 0 and worth is not None:
                cash, paid = Decimal(traded) * worth, Decimal(income) * worth
                self.traded += cash
                self.income += paid
                self.currency_effect += cash * (gained[place] or ZERO)
                self.moved[place] += float(cash + paid)
