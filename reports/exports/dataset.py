"""A report's rows as data: typed columns, machine-form cells, and a frozen form that lasts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from reports.numbers import machine


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


@dataclass(frozen=True)
class Dataset:
    """What one export says, and nothing about who asked or when: same version, same dataset.

    ``rows`` hold each cell in its machine form (see ``cell``); empty is missing.
    """

    report: str
    title: str
    subtitle: str
    version: int
    version_at: str
    as_of: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[str, ...] = field(default=())

    def plain(self) -> dict[str, Any]:
        """The dataset as JSON has it, to be kept."""
        return asdict(self)

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> Dataset:
        """The dataset that ``plain`` gave."""
        columns = tuple(Column(**{**c, "kind": Kind(c["kind"])}) for c in kept["columns"])
        rows = tuple(tuple(row) for row in kept["rows"])
        changed = {"columns": columns, "rows": rows, "sources": tuple(kept["sources"])}
        return cls(**{**kept, **changed})

    @property
    def printed(self) -> tuple[int, ...]:
        """Indexes of the columns that paper has room for."""
        return tuple(i for i, column in enumerate(self.columns) if column.width)

    def control_totals(self) -> dict[str, str]:
        """Sums, to the last digit, of the columns marked ``total``."""
        return {
            column.name: machine(sum((Decimal(row[i]) for row in self.rows if row[i]), Decimal(0)))
            for i, column in enumerate(self.columns)
            if column.total
        }


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
