"""Decimal arithmetic as the stored figures have it, so that then and now agree to the digit."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)

_MONEY: Final = Decimal("1e-10")
_PRICE: Final = Decimal("1e-14")
_RATE: Final = Decimal("1e-20")
_DIGITS: Final = 60


@contextmanager
def digits() -> Iterator[None]:
    """Context in which sums and products of columns lose nothing; the database rounds half up."""
    with localcontext() as context:
        context.prec = _DIGITS
        context.rounding = ROUND_HALF_UP
        yield


def money(amount: Decimal) -> Decimal:
    """An amount as its column holds it."""
    return amount.quantize(_MONEY)


def price(amount: Decimal) -> Decimal:
    """A price as its column holds it."""
    return amount.quantize(_PRICE)


def rate(value: Decimal) -> Decimal:
    """A rate as its column holds it."""
    return value.quantize(_RATE)
