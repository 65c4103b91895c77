"""The open lots of a holding: what of each purchase is still held, first in, first out."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from typing import Final

import pandas as pd

from portfolios import statements
from portfolios.figures.holdings import PositionRow
from portfolios.figures.then.book import in_kind
from portfolios.figures.then.cut import Cut
from portfolios.models import Listing, Portfolio
from portfolios.refresh.books import LEDGER_COLUMNS
from portfolios.valuation.book import Book
from portfolios.valuation.calendar import ValuationCalendar
from portfolios.valuation.replay import PRECISION
from portfolios.valuation.sequence import in_order

# What will be known at the end of all days: everything that is believed now.
_EVERYTHING: Final = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OpenLot:
    """Units of one purchase or transfer in that are still held; amounts in base currency.

    Units are as they count today, after splits. None for the value of what has no price.
    """

    acquired_on: date
    units: Decimal
    cost: Decimal
    value: Decimal | None

    @property
    def unit_cost(self) -> Decimal:
        """Cost of one unit."""
        return self.cost / self.units

    @property
    def unrealised(self) -> Decimal | None:
        """Value less cost."""
        return None if self.value is None else self.value - self.cost


def open_lots(
    portfolio: Portfolio,
    listing: Listing,
    as_of: date,
    position: PositionRow | None,
    cut: Cut | None = None,
) -> list[OpenLot]:
    """The lots behind a position in base currency on ``as_of``, oldest first.

    Their units are those of the position and their cost its cost by first in, first out; an
    oversold quantity has none.
    """
    if position is None or position.cost is None:
        return []
    known = cut or Cut(_EVERYTHING)
    ledger = _ledger(portfolio, listing, known)
    if in_kind(ledger).any():
        known.market.load([listing.pk])
    book = Book(
        portfolio.base_currency,
        known.market.fixings.rates,
        known.market.transfer_closes([listing.pk]),
        cash_listing=lambda currency: currency,
    )
    calendar = ValuationCalendar([day for day in known.days if day <= as_of])
    with localcontext() as context:
        context.prec = PRECISION
        for day, event in in_order(ledger.itertuples(index=False), calendar):
            book.apply(day, event)
    held = book.holdings.get(listing.pk)
    return [
        OpenLot(lot.acquired_on, lot.units, lot.cost, _share(position, lot.units))
        for lot in (held.lots if held else ())
        if lot.acquired_on is not None and lot.units > 0
    ]


def _ledger(portfolio: Portfolio, listing: Listing, known: Cut) -> pd.DataFrame:
    rows = statements.run(
        "figures/then/listing_ledger",
        portfolio_id=portfolio.pk,
        listing_id=listing.pk,
        known_at=known.known_at,
    )
    ledger = pd.DataFrame(rows, columns=LEDGER_COLUMNS, dtype=object)
    # A trade without charges has none.
    ledger["charges"] = [charges or Decimal(0) for charges in ledger["charges"]]
    return ledger


def _share(position: PositionRow, units: Decimal) -> Decimal | None:
    if position.value is None or not position.units:
        return None
    return position.value * units / position.units
