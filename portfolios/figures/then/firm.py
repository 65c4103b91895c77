"""The firm and its desks as known then, out of every portfolio: the worker's part of it.

Leadership sees aggregates and opens no portfolio, so that its own session could not compute them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final

import numpy as np

from portfolios.figures.then.book import Book
from portfolios.figures.then.cut import Cut
from portfolios.figures.then.exact import ONE, ZERO, digits, money
from portfolios.performance import daily
from portfolios.valuation.market import PIVOT

FIRM: Final = 0
# So many books are in memory at once.
BOOKS_AT_ONCE: Final = 50
# A page shows five; a few more cost nothing.
MOVERS_A_DAY: Final = 10


@dataclass
class Sums:
    """A composite's sums on one day, in the pivot."""

    opening: Decimal = ZERO
    closing: Decimal = ZERO
    inflow: Decimal = ZERO
    outflow: Decimal = ZERO
    fee: Decimal = ZERO
    portfolios: int = 0


@dataclass(frozen=True)
class CompositeDay:
    """A day of a composite as it is stored."""

    desk_id: int
    valued_on: date
    opening_value: Decimal
    net_asset_value: Decimal
    external_inflow: Decimal
    external_outflow: Decimal
    portfolio_count: int
    return_net: float | None
    wealth_net: float
    wealth_gross: float
    benchmark_wealth: float


@dataclass(frozen=True)
class MoverDay:
    """What a listing did to the firm on a day."""

    valued_on: date
    listing_id: int
    value: Decimal
    change: Decimal


@dataclass
class FirmThen:
    """Sums over all portfolios, collected book by book."""

    cut: Cut
    sums: dict[tuple[int, int], Sums] = field(default_factory=lambda: defaultdict(Sums))
    held: dict[int, list[bool]] = field(default_factory=dict)
    values: dict[int, np.ndarray] = field(default_factory=dict)
    traded: dict[tuple[int, int], Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, book: Book) -> None:
        """Take in one portfolio."""
        with digits():
            self._add_days(book)
            self._add_listings(book)

    def _add_days(self, book: Book) -> None:
        base = book.portfolio.base_currency
        for position, told in enumerate(book.days, start=book.start):
            worth = self.cut.market.usd_on(base, position)
            before = self.cut.market.usd_on(base, position - 1)
            for desk in (FIRM, book.portfolio.desk_id):
                sums = self.sums[desk, position]
                sums.portfolios += 1
                sums.opening += told.opening_value * (before or ZERO)
                if worth is not None:
                    sums.closing += told.net_asset_value * worth
                    sums.inflow += told.inflow * worth
                    sums.outflow += told.outflow * worth
                    sums.fee += told.management_fee * worth

    def _add_listings(self, book: Book) -> None:
        length = len(self.cut.market.axis)
        for span in book.spans:
            if span.is_cash or not span.units:
                continue
            listing = span.listing_id
            values = self.values.setdefault(listing, np.full(length, ZERO, dtype=object))
            held = self.held.setdefault(listing, [False] * length)
            worth = self.cut.market.unit_values(listing, PIVOT)
            for position in range(span.start, span.end + 1):
                each = worth[position]
                if each is not None:
                    held[position] = True
                    values[position] += max(span.units, ZERO) * each
        for position, listing, amount in book.all_moved():
            worth_of_base = self.cut.market.usd_on(book.portfolio.base_currency, position)
            if worth_of_base is not None:
                self.traded[position, listing] += amount * worth_of_base

    def days(self) -> Iterator[CompositeDay]:
        """Every day of the firm and of each desk."""
        index = self._index_returns()
        for desk in sorted({desk for desk, _ in self.sums}):
            wealth, gross, benchmark = 1.0, 1.0, 1.0
            for position in sorted(at for of, at in self.sums if of == desk):
                told = self.sums[desk, position]
                flows = (told.opening, told.closing, told.inflow, told.outflow)
                with digits():
                    earned = daily.net_main(*flows)
                    before_fee = daily.gross_main(*flows, told.fee)
                wealth *= 1.0 + float(earned or 0)
                gross *= 1.0 + float(before_fee or 0)
                benchmark *= 1.0 + index[position]
                yield CompositeDay(
                    desk_id=desk,
                    valued_on=self.cut.market.axis[position],
                    opening_value=money(told.opening),
                    net_asset_value=money(told.closing),
                    external_inflow=money(told.inflow),
                    external_outflow=money(told.outflow),
                    portfolio_count=told.portfolios,
                    return_net=None if earned is None else float(earned),
                    wealth_net=wealth,
                    wealth_gross=gross,
                    benchmark_wealth=benchmark,
                )

    def _index_returns(self) -> list[float]:
        levels: Sequence[Decimal | None] = self.cut.market.index_usd
        with digits():
            return [0.0] + [
                float(level / before - ONE) if level and before else 0.0
                for before, level in pairwise(levels)
            ]

    def movers(self) -> Iterator[MoverDay]:
        """The listings that moved the firm most on each day."""
        keys = dict.fromkeys(self.values) | {at[1]: None for at in self.traded}
        for position in range(1, len(self.cut.market.axis)):
            moved = [self._moved(listing, position) for listing in keys]
            found = sorted((one for one in moved if one), key=lambda one: -abs(one.change))
            yield from found[:MOVERS_A_DAY]

    def _moved(self, listing: int, position: int) -> MoverDay | None:
        held = self.held.get(listing)
        is_held = held is not None and (held[position] or held[position - 1])
        if not is_held and (position, listing) not in self.traded:
            return None
        values = self.values.get(listing)
        now, before = (
            (values[position], values[position - 1]) if values is not None else (ZERO,) * 2
        )
        with digits():
            change = now - before + self.traded.get((position, listing), ZERO)
            return MoverDay(self.cut.market.axis[position], listing, money(now), money(change))


def firm_then(cut: Cut, portfolio_ids: Iterable[int]) -> FirmThen:
    """The sums over these portfolios, read and let go some at a time."""
    ids, told = list(portfolio_ids), FirmThen(cut)
    for start in range(0, len(ids), BOOKS_AT_ONCE):
        for book in cut.books(ids[start : start + BOOKS_AT_ONCE]):
            told.add(book)
        cut.forget()
    return told
