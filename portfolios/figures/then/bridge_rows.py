"""The rows of the statements bridge_* out of a knowledge cut: two closes and what lies between."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from portfolios.figures.then.book import Book, Valued
from portfolios.figures.then.cut import Cut
from portfolios.figures.then.exact import ZERO, digits

Rows = list[dict[str, Any]]

NAMES: Final = ("bridge_holding", "bridge_moved", "bridge_flow")


def bridge_holding(cut: Cut, as_of: date, eve: date | None, portfolio_ids: Sequence[int]) -> Rows:
    """What portfolios held at two closes, one row per portfolio, listing and day."""
    positions = [p for day in (as_of, eve) if day and (p := cut.position(day)) is not None]
    with digits():
        return [
            _holding(cut, book, held, position)
            for book in cut.books(portfolio_ids)
            for position in positions
            for held in book.held(position)
        ]


def _holding(cut: Cut, book: Book, held: Valued, position: int) -> dict[str, Any]:
    span, close = held.span, held.close
    base = book.portfolio.base_currency
    return {
        "portfolio_id": book.portfolio.pk,
        "listing_id": span.listing_id,
        "valued_on": cut.market.axis[position],
        "is_cash": span.is_cash,
        "units": span.units if span.is_cash else max(span.units, ZERO),
        "price": close.price if close else None,
        "price_currency": close.currency if close else "",
        "base_rate": cut.market.cross(close.currency, base, position) if close else None,
        "base_value": held.base_value or ZERO,
    }


def bridge_moved(cut: Cut, as_of: date, portfolio_ids: Sequence[int]) -> Rows:
    """What was traded and received of each listing on a day."""
    at = cut.position(as_of)
    return [
        {
            "portfolio_id": book.portfolio.pk,
            "listing_id": listing,
            "traded_cash": traded,
            "dividend_income": income,
        }
        for book in cut.books(portfolio_ids)
        for listing, (traded, income) in (book.traded(at) if at is not None else {}).items()
    ]


def bridge_flow(cut: Cut, as_of: date, portfolio_ids: Sequence[int]) -> Rows:
    """Flows and fees of a day, one row per portfolio in which something happened."""
    at = cut.position(as_of)
    found = []
    for book in cut.books(portfolio_ids):
        done = book.activity(at) if at is not None else None
        if done is not None:
            found.append(
                {
                    "portfolio_id": book.portfolio.pk,
                    "external_inflow": done.external_inflow,
                    "external_outflow": done.external_outflow,
                    "management_fee": done.management_fee,
                    "safekeeping_fee": done.safekeeping_fee,
                }
            )
    return found
