"""Where a legacy report and our figures disagree beyond the report's own rounding."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from ingestion.models import PortfolioKey
from ingestion.shadow.layout import Layout
from ingestion.shadow.legacy import Cell
from portfolios.figures import queries
from portfolios.models import Portfolio

# Which of our figures a sheet of the report means.
FIGURES: Final[dict[str, Callable[[queries.PortfolioRow], Decimal | float | None]]] = {
    "NAV": lambda row: row.net_asset_value_base,
    "MONTH": lambda row: row.month,
    "YTD": lambda row: row.year,
}


@dataclass(frozen=True)
class Break:
    """A cell that disagrees with our figure of the same month; either may be missing."""

    cell: Cell
    portfolio: Portfolio | None
    valued_on: date | None
    figure: Decimal | None

    @property
    def month_end(self) -> date:
        """The last calendar day of the cell's month."""
        return month_end(self.cell.month)


@dataclass(frozen=True)
class Comparison:
    """All breaks, and how many cells agreed."""

    breaks: list[Break]
    agreed: int


class Ours:
    """Our figures by portfolio and month, as known at a cut."""

    def __init__(self, cut: queries.Cut) -> None:
        self.cut = cut
        self._tables: dict[date, dict[int, queries.PortfolioRow]] = {}

    def day(self, month: tuple[int, int]) -> date | None:
        """The month's last valuation day; None while it has none."""
        position = bisect_right(self.cut.days, month_end(month))
        day = self.cut.days[position - 1] if position else None
        return day if day and (day.year, day.month) == month else None

    def figure(self, portfolio: Portfolio, sheet: str, day: date) -> Decimal | None:
        """The figure that the sheet means; None where the portfolio has none that day."""
        if day not in self._tables:
            rows = queries.portfolio_table(day, "USD", None, self.cut)
            self._tables[day] = {row.id: row for row in rows}
        row = self._tables[day].get(portfolio.pk)
        value = FIGURES[sheet](row) if row else None
        return value if value is None or isinstance(value, Decimal) else Decimal(repr(value))


def compare(cells: Iterable[Cell], layout: Layout, ours: Ours) -> Comparison:
    """Every cell beside our figure of the last valuation day of its month."""
    funds = Funds(layout.system)
    breaks, agreed = [], 0
    for cell in cells:
        portfolio, day = funds.portfolio(cell), ours.day(cell.month)
        figure = ours.figure(portfolio, cell.sheet.name, day) if portfolio and day else None
        if _agree(cell, figure):
            agreed += 1
        else:
            breaks.append(Break(cell, portfolio, day, figure))
    return Comparison(breaks, agreed)


def _agree(cell: Cell, figure: Decimal | None) -> bool:
    if cell.value is None or figure is None:
        return cell.is_empty and figure is None
    return cell.sheet.agrees(cell.value, figure)


class Funds:
    """The portfolios that the report's funds mean, by the crosswalk."""

    def __init__(self, system: str) -> None:
        self._keys = list(
            PortfolioKey.objects.filter(system__iexact=system, known_to__isnull=True)
            .select_related("portfolio")
            .order_by("pk")
        )

    def portfolio(self, cell: Cell) -> Portfolio | None:
        """The portfolio that the fund's name meant in the cell's month; None when unmapped."""
        on = month_end(cell.month)
        named = [key for key in self._keys if key.key == cell.fund]
        valid = [
            key
            for key in named
            if (key.valid_from is None or key.valid_from <= on)
            and (key.valid_to is None or key.valid_to >= on)
        ]
        # A fund is in the report from the year of its start on, empty before it.
        return (valid or named)[0].portfolio if named else None


def month_end(month: tuple[int, int]) -> date:
    """Last calendar day of a (year, month)."""
    return date(*month, monthrange(*month)[1])
