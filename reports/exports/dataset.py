"""A report's rows as data: typed columns, machine-form cells, and a frozen form that lasts."""

from __future__ import annotations

import datetime as dt
import json
import zlib
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

    def freeze(self) -> bytes:
        """The dataset as compressed canonical JSON, kept with the register."""
        text = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return zlib.compress(text.encode(), 6)

    @classmethod
    def thaw(cls, frozen: bytes) -> Dataset:
        """The dataset that ``freeze`` kept."""
        kept: dict[str, Any] = json.loads(zlib.decompress(frozen))
        columns = (Column(**{**c, "kind": Kind(c["kind"])}) for c in kept.pop("columns"))
        rows = (tuple(row) for row in kept.pop("rows"))
        return cls(**{**kept, "sources": tuple(kept["sources"])}, columns=tuple(columns), rows=tuple(rows))

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
    match kind:
        case Kind.TEXT:
            return str(value)
        case Kind.TIME:
            assert isinstance(value, dt.datetime)
            return value.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case Kind.DATE:
            assert isinstance(value, dt.date)
            return value.isoformat()
        case _:
            assert isinstance(value, int | float | Decimal)
            return machine(value)


def table(
    columns: Sequence[Column], records: Iterable[Mapping[str, object]]
) -> tuple[tuple[str, ...], ...]:
    """Records as rows of cells in the order of ``columns``."""
    return tuple(tuple(cell(record[c.name], c.kind) for c in columns) for record in records)
