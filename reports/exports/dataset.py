"""A report's rows as data: typed columns, machine-form cells, and a frozen form that lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from helio.columns import Column, Kind
from helio.numbers import machine


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
