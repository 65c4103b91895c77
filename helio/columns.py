"""Columns of a file that goes out: what a cell holds, and how it is written for machines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from helio.numbers import machine


class Kind(StrEnum):
    """What a cell holds; decides how it is written in each format."""

    TEXT = "text"
    DATE = "date"
    TIME = "time"
    MONEY = "money"
    UNITS = "units"
    RATE = "rate"
    SHARE = "share"
    RATIO = "ratio"
    COUNT = "count"

    @property
    def is_number(self) -> bool:
        return self not in (Kind.TEXT, Kind.DATE, Kind.TIME)


@dataclass(frozen=True)
class Column:
    """One column: the glossary's name for machines, a heading for paper.

    ``width`` is the share of the paper's width, 0 for columns that only the data files carry.
    ``total`` marks columns whose sum is a control total of the manifest.
    """

    name: str
    heading: str
    kind: Kind
    width: int = 0
    total: bool = False


def cell(value: object, kind: Kind) -> str:
    """A value in its machine form: ISO dates, UTC times, full-precision numbers, empty for none."""
    if value is None:
        return ""
    match value:
        case str() if kind is Kind.TEXT:
            return value
        case dt.datetime() if kind is Kind.TIME:
            return value.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case dt.date() if kind is Kind.DATE and not isinstance(value, dt.datetime):
            return value.isoformat()
        case int() | float() | Decimal() if kind.is_number:
            return machine(value)
    raise TypeError(f"A {kind} column cannot hold {type(value).__name__} {value!r}.")


def table(
    columns: Sequence[Column], records: Iterable[Mapping[str, object]]
) -> tuple[tuple[str, ...], ...]:
    """Records as rows of cells in the order of ``columns``."""
    return tuple(tuple(cell(record[c.name], c.kind) for c in columns) for record in records)
