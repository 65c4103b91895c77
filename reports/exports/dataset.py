"""A report's rows as data: typed columns, machine-form cells, and a frozen form that lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from helio.columns import Column, Kind
from helio.numbers import machine


@dataclass(frozen=True)
class Described:
    """A column in the glossary's words, as they were when the dataset was made."""

    name: str
    term: str
    definition: str
    formula: str
    unit: str


@dataclass(frozen=True)
class Dataset:
    """What one export says, and nothing about who asked or when: same version, same dataset.

    ``rows`` hold each cell in its machine form (see ``cell``); empty is missing. ``described``
    keeps the glossary's words, so that a file issued again says what it said; datasets made
    before there was a glossary have none.
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
    described: tuple[Described, ...] = field(default=())

    def plain(self) -> dict[str, Any]:
        """The dataset as JSON has it, to be kept."""
        return asdict(self)

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> Dataset:
        """The dataset that ``plain`` gave."""
        columns = tuple(Column(**{**c, "kind": Kind(c["kind"])}) for c in kept["columns"])
        rows = tuple(tuple(row) for row in kept["rows"])
        return cls(
            **{
                **kept,
                "columns": columns,
                "rows": rows,
                "sources": tuple(kept["sources"]),
                "described": tuple(Described(**one) for one in kept.get("described", ())),
            }
        )

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
