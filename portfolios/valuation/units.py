"""Quotation units: minor units such as pence, and the major currency they belong to."""

from decimal import Decimal
from typing import Final

# unit on a price row: (major currency, how many of the unit make one of it)
MINOR_UNITS: Final[dict[str, tuple[str, int]]] = {
    "GBX": ("GBP", 100),
    "GBp": ("GBP", 100),
    "ZAc": ("ZAR", 100),
    "ZAC": ("ZAR", 100),
    "ILA": ("ILS", 100),
}


def to_major(amount: Decimal, unit: str) -> tuple[Decimal, str]:
    """The amount in its major currency, and that currency: 250 GBX is 2.50 GBP."""
    currency, parts = MINOR_UNITS.get(unit, (unit, 1))
    return amount / parts, currency
