"""Value and result of a portfolio on one day as known then, without the days before it."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from portfolios.figures.days import usd_per_unit
from portfolios.figures.then.cut import Cut, NotKnown


class Amounts(NamedTuple):
    """Amounts in the reporting currency, but for the value in base currency."""

    net_asset_value: Decimal
    net_asset_value_base: Decimal
    day_pnl: Decimal


def amounts(cut: Cut, portfolio_id: int, as_of: date, currency: str) -> Amounts | None:
    """The amounts that the portfolio's row of the table has; None on a day without figures.

    Raises NotKnown where the cut knew no rate of the reporting currency.
    """
    position = cut.position(as_of)
    if position is None:
        return None
    for book in cut.books([portfolio_id]):
        told = book.amounts(position)
        if told is None:
            return None
        value, earned = told
        base = book.portfolio.base_currency
        worth = Decimal(1) if base == currency else _cross(cut, base, currency, as_of, position)
        return Amounts(value * worth, value, earned * worth)
    return None


def _cross(cut: Cut, base: str, currency: str, as_of: date, position: int) -> Decimal:
    """As the table converts: by the two worths in the pivot, at Python's own precision."""
    mine = cut.market.usd_on(base, position)
    if mine is None:
        raise NotKnown(f"No {base} rate of {as_of} was known at {cut}.")
    return mine / usd_per_unit(currency, as_of, cut)
