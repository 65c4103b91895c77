"""Money-weighted return: XIRR, ACT/365."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pyxirr


def money_weighted_return(
    flows: Iterable[tuple[date, Decimal]], closing_on: date, closing_value: Decimal
) -> float | None:
    """XIRR a year of the net flows in (positive) and the closing value; None without solution."""
    cash = [(on, -amount) for on, amount in flows if amount]
    cash.append((closing_on, closing_value))
    # XIRR is a statistic: floats are what its solver works in.
    return pyxirr.xirr([on for on, _ in cash], [float(amount) for _, amount in cash], silent=True)
