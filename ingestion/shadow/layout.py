"""How a legacy report is laid out: read from one TOML file, so that another needs no code."""

import tomllib
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Final

MACROBOOK: Final = Path(__file__).with_name("macrobook.toml")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A block of the report: its title and how its cells stand for figures."""

    name: str
    title: str
    scale: Decimal
    decimals: int

    def shown(self, figure: Decimal) -> Decimal:
        """The figure as a cell would show it."""
        return (figure / self.scale).quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)

    def agrees(self, cell: Decimal, figure: Decimal) -> bool:
        """True when the figure, rounded as the report rounds, may read like the cell."""
        half = Decimal(1).scaleb(-self.decimals) / 2
        # Binary spreadsheets round a tie either way.
        return abs(figure / self.scale - cell) <= half + Decimal("1e-6")


@dataclass(frozen=True)
class Layout:
    """A report's layout."""

    encoding: str
    delimiter: str
    system: str
    fund: str
    currency: str
    months: tuple[str, ...]
    grouping: str
    failed: frozenset[str]
    sheets: tuple[Sheet, ...]


def read_layout(path: Path = MACROBOOK) -> Layout:
    """The layout that a TOML file describes."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    sheets = tuple(
        Sheet(one["name"], one["title"], Decimal(one["scale"]), one["decimals"])
        for one in told["sheet"]
    )
    return Layout(
        encoding=told["encoding"],
        delimiter=told["delimiter"],
        system=told["system"],
        fund=told["fund"],
        currency=told["currency"],
        months=tuple(told["months"]),
        grouping=told["grouping"],
        failed=frozenset(told["failed"]),
        sheets=sheets,
    )
