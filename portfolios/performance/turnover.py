"""Turnover: how much of a portfolio was exchanged."""

from collections.abc import Sequence
from decimal import Decimal


def turnover(
    purchases: Decimal, sales: Decimal, net_asset_values: Sequence[Decimal]
) -> float | None:
    """The lesser of purchases and sales over the average daily net asset value of the period.

    Flows that are merely invested or paid out do not count as exchange, which is why it is the
    lesser (the rule of the SEC's Form N-1A, which takes monthly averages). Not annualised. None
    where the average is not positive.
    """
    if not net_asset_values:
        return None
    average = sum(net_asset_values, Decimal(0)) / len(net_asset_values)
    return float(min(purchases, sales) / average) if average > 0 else None
