"""Exchange rates into the reporting currency on the days of a span, by one question."""

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

import numpy as np

from portfolios.figures import ground
from portfolios.figures.axis import Axis
from portfolios.figures.then.cut import Cut
from portfolios.figures.then.exact import ONE, digits

Worths = Sequence[Decimal | None]


class Rates:
    """What one unit of each currency was worth in the reporting one, by place on the axis.

    None, and NaN among floats, where a rate was not known; exactly 1 for the currency itself.
    """

    def __init__(
        self, axis: Axis, currency: str, currencies: Iterable[str], cut: Cut | None
    ) -> None:
        self.currency = currency
        foreign = set(currencies) - {currency}
        self._worths: dict[str, Worths] = {currency: [ONE] * len(axis)}
        usd = _usd(axis, {currency, *foreign}, cut) if foreign else {}
        unknown: Worths = [None] * len(axis)
        own = usd.get(currency, unknown)
        with digits():
            for one in foreign:
                pairs = zip(usd.get(one, unknown), own, strict=True)
                self._worths[one] = [now / mine if now and mine else None for now, mine in pairs]
        self._gains: dict[str, Worths] = {}
        self._floats = {
            one: np.array([math.nan if worth is None else float(worth) for worth in worths])
            for one, worths in self._worths.items()
        }

    def worths(self, currency: str) -> Worths:
        """Units of the reporting currency for one of this, by day."""
        return self._worths[currency]

    def as_floats(self, currency: str) -> np.ndarray:
        """The same as an array."""
        return self._floats[currency]

    def gained(self, currency: str) -> Worths:
        """1 − e0/e1 of each day, e the worth: what the rate gained as a part of the worth now."""
        if currency not in self._gains:
            with digits():
                self._gains[currency] = _gained(self._worths[currency])
        return self._gains[currency]


def _gained(worths: Worths) -> Worths:
    gained: list[Decimal | None] = [None]
    for before, now in pairwise(worths):
        gained.append(ONE - before / now if before and now else None)
    return gained


def _usd(axis: Axis, currencies: Iterable[str], cut: Cut | None) -> dict[str, Worths]:
    """US dollars for a unit of each currency, by place."""
    rows = ground.rows(
        "rate_course", cut, start=axis.start, until=axis.until, currencies=sorted(currencies)
    )
    found: dict[str, Worths] = {}
    for row in rows:
        worths: list[Decimal | None] = [None] * len(axis)
        places = axis.places(row["offsets"].split())
        for place, text in zip(places, row["rates"].split(), strict=True):
            if place >= 0:
                worths[place] = Decimal(text)
        found[row["currency"]] = worths
    return found
