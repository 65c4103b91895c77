"""What an explanation is made of: amounts, tables whose rows sum, and facts with their source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from helio.numbers import Value
from portfolios.figures.then.cut import Cut
from portfolios.models import Portfolio

# So many rows of a table stand for themselves; the rest is one row, so that the sum stays.
MOST_ROWS: Final = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure as asked for: of one portfolio in its base currency, or of a selection.

    ``key`` tells which of several (a listing, a bucket, a month, a desk), ``breakdown`` by what
    buckets are. ``portfolios`` are those the reader sees among the ones asked for.
    """

    figure: str
    as_of: date
    currency: str
    portfolios: tuple[Portfolio, ...]
    is_one: bool
    key: str = ""
    breakdown: str = ""
    cut: Cut | None = None

    @property
    def ids(self) -> list[int]:
        """Ids of the portfolios."""
        return [portfolio.pk for portfolio in self.portfolios]

    def of(self, **changes: Any) -> Asked:
        """The same question but for what is named."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a row leads: a kind of page and what it is about; the pages know their addresses.

    ``transaction`` and ``line`` are records; ``figure`` is another figure of the same portfolio or
    selection, of the listing ``key``; ``portfolio`` the same figure of one portfolio.
    """

    kind: str
    key: str = ""
    figure: str = ""
    portfolio: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with the way it is written."""

    value: Value
    kind: str = "money"
    places: int | None = None
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its label, whether it holds numbers, and whether a phone leaves it out."""

    label: str
    number: bool = True
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its label, where it leads, and a cell for each column after the first."""

    label: str
    cells: tuple[Amount | str, ...]
    to: Target | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a title; ``total`` is what they sum, multiply or link to."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    note: str = ""
    key: str = ""

    @property
    def is_labelled(self) -> bool:
        """True where any column has a label to show."""
        return any(head.label for head in self.heads)


@dataclass(frozen=True, slots=True)
class Facts:
    """Named facts under a title, and the source line they came in as received."""

    title: str
    pairs: tuple[tuple[str, Amount | str], ...]
    line: str | None = None
    to: Target | None = None
    note: str = ""


Section = Table | Facts


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure's value as the page shows it, in what unit, and what stands behind it."""

    value: Amount
    unit: str
    sections: list[Section] = field(default_factory=list)


def money(value: Value, *, signed: bool = False) -> Amount:
    """An amount to the cent."""
    return Amount(value, "money", 2, signed)


def percent(value: Value, places: int = 4, *, signed: bool = True) -> Amount:
    """A fraction in percent, finer than the page shows it."""
    return Amount(value, "percent", places, signed)


def plain(value: Value, places: int = 6) -> Amount:
    """A ratio, a price or a rate."""
    return Amount(value, "plain", places)


def shortened(
    rows: Sequence[Row], sums: Sequence[Decimal | None], most: int = MOST_ROWS
) -> tuple[Row, ...]:
    """The first rows, and the sum of the others as one row.

    ``sums`` holds each row's last cell, which the others are summed by.
    """
    if len(rows) <= most + 1:
        return tuple(rows)
    rest = sum((value for value in sums[most:] if value is not None), Decimal(0))
    last = rows[0].cells[-1]
    shown = replace(last, value=rest) if isinstance(last, Amount) else ""
    blank = ("",) * (len(rows[0].cells) - 1)
    return (*rows[:most], Row(f"{len(rows) - most} others", (*blank, shown)))
