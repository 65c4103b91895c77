"""Daily time-weighted returns by the flow rules, and Modified Dietz beside them."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import accumulate

ONE = Decimal(1)


def net_main(
    opening: Decimal, closing: Decimal, inflow: Decimal, outflow: Decimal
) -> Decimal | None:
    """Main rule: inflows at the start of the day, outflows at its end.

    (V1 + OUT) / (V0 + IN) − 1; None where nothing was invested that day.
    """
    invested = opening + inflow
    return (closing + outflow) / invested - ONE if invested else None


def gross_main(
    opening: Decimal, closing: Decimal, inflow: Decimal, outflow: Decimal, fee: Decimal
) -> Decimal | None:
    """Main rule before the management fee: (V1 + OUT + FEE) / (V0 + IN) − 1."""
    return net_main(opening, closing + fee, inflow, outflow)


def net_end_of_day(
    opening: Decimal, closing: Decimal, inflow: Decimal, outflow: Decimal
) -> Decimal | None:
    """All flows at the end of the day; the main rule where V0 is not positive."""
    if opening <= 0:
        return net_main(opening, closing, inflow, outflow)
    return (closing - inflow + outflow) / opening - ONE


def net_start_of_day(
    opening: Decimal, closing: Decimal, inflow: Decimal, outflow: Decimal
) -> Decimal | None:
    """All flows at the start of the day; the main rule where V0 + IN − OUT is at most 1."""
    invested = opening + inflow - outflow
    if opening <= 0 or invested <= ONE:
        return net_main(opening, closing, inflow, outflow)
    return closing / invested - ONE


def wealth(returns: Iterable[float]) -> list[float]:
    """Growth of one unit after each return."""
    return list(accumulate(returns, lambda grown, r: grown * (1.0 + r), initial=1.0))[1:]


def modified_dietz(
    opening: Decimal,
    closing: Decimal,
    flows: Iterable[tuple[date, Decimal]],
    period_end: date,
    days_in_period: int,
) -> Decimal | None:
    """(E − B − ΣF) / (B + ΣF·(CD − D)/CD) with net flows at the end of day D, calendar days."""
    period_start = period_end.toordinal() - days_in_period
    total, weighted = Decimal(0), Decimal(0)
    for on, amount in flows:
        total += amount
        weight = Decimal(days_in_period - (on.toordinal() - period_start)) / days_in_period
        weighted += amount * weight
    invested = opening + weighted
    return (closing - opening - total) / invested if invested else None
