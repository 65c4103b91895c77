"""The firm and its desks in the firm's currency: executives and auditors see rows, others none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from portfolios.figures import ground
from portfolios.figures.days import head, last_until, valuation_days
from portfolios.figures.then.cut import Cut
from portfolios.performance.periods import (
    PERIODS,
    WealthIndex,
    month_anchor,
    year_anchor,
)

FIRM: Final = "Firm"
_PERIODS: Final = {period.key: period for period in PERIODS}


@dataclass(frozen=True, slots=True)
class CompositeRow:
    """The firm or a desk on a day: amounts in the firm's currency, flows and returns to date."""

    desk_id: int | None
    name: str
    portfolio_count: int
    net_asset_value: Decimal
    day_pnl: Decimal
    day_return: float | None
    inflow_day: Decimal
    outflow_day: Decimal
    net_flow_month: Decimal
    inflow_year: Decimal
    outflow_year: Decimal
    month: float | None
    year: float | None
    benchmark_month: float | None
    benchmark_year: float | None

    @property
    def net_flow_day(self) -> Decimal:
        """What clients brought on the day, less what they took."""
        return self.inflow_day - self.outflow_day

    @property
    def opening_value(self) -> Decimal:
        """Value at the close before."""
        return self.net_asset_value - self.day_pnl - self.net_flow_day

    @property
    def active_year(self) -> float | None:
        """Return of the year less the benchmark's, arithmetic."""
        if self.year is None or self.benchmark_year is None:
            return None
        return self.year - self.benchmark_year


@dataclass(frozen=True, slots=True)
class FirmDayRow:
    """A day of the firm's series; wealth is 1 at the close of the series' start."""

    valued_on: date
    net_asset_value: Decimal
    return_net: float | None
    wealth: float
    benchmark_wealth: float | None


@dataclass(frozen=True, slots=True)
class RiskRow:
    """Volatility and maximum drawdown of a composite since inception."""

    name: str
    volatility: float | None
    max_drawdown: float


@dataclass(frozen=True, slots=True)
class FirmMover:
    """What a listing did to the firm's value on a day, over all portfolios."""

    listing_id: int
    listing_key: str
    name: str
    value: Decimal
    change: Decimal


def firm(as_of: date, cut: Cut | None = None) -> CompositeRow | None:
    """The firm on ``as_of``; None for who may not see it."""
    return next((row for row in composites(as_of, cut) if row.desk_id is None), None)


def desks(as_of: date, cut: Cut | None = None) -> list[CompositeRow]:
    """The desks on ``as_of`` by name."""
    return [row for row in composites(as_of, cut) if row.desk_id is not None]


def composites(as_of: date, cut: Cut | None = None) -> list[CompositeRow]:
    """The firm and then its desks on ``as_of``; nothing for who may not see them."""
    month, year = month_anchor(as_of), year_anchor(as_of)
    known = valuation_days()
    anchors = [last_until(known, anchor) for anchor in (month, year)]
    days = sorted({as_of, *(day for day in anchors if day)})
    rows = ground.rows("composite_row", cut, days=days)
    flows = {
        row["desk_id"]: {name: value for name, value in row.items() if name != "desk_id"}
        for row in ground.rows("composite_flow", cut, as_of=as_of, month=month, year=year)
    }
    histories = [list(found) for _, found in groupby(rows, key=itemgetter("desk_id"))]
    return [
        _row(found, flows[found[-1]["desk_id"]], as_of)
        for found in histories
        if found[-1]["valued_on"] == as_of
    ]


def firm_series(start: date, end: date, cut: Cut | None = None) -> list[FirmDayRow]:
    """The firm's days from ``start`` to ``end``."""
    days = ground.rows("firm_series", cut, start=start, until=end)
    if not days:
        return []
    begins = not days[0]["opening_value"]
    wealth = 1.0 if begins else days[0]["wealth_net"]
    index = 1.0 if begins else days[0]["benchmark_wealth"]
    return [
        FirmDayRow(
            day["valued_on"],
            day["net_asset_value"],
            day["return_net"],
            day["wealth_net"] / wealth,
            day["benchmark_wealth"] / index if index else None,
        )
        for day in days
    ]


def risks_firm(as_of: date | None = None, cut: Cut | None = None) -> list[RiskRow]:
    """Risk of the firm and then its desks, on daily returns since inception."""
    if as_of is None:
        newest = head()
        if newest is None:
            return []
        as_of = newest.as_of
    return [
        RiskRow(row["name"] or FIRM, row["volatility"], row["max_drawdown"])
        for row in ground.rows("composite_risk", cut, as_of=as_of)
    ]


def firm_movers(as_of: date, top: int = 5, cut: Cut | None = None) -> list[FirmMover]:
    """The listings that moved the firm's value most, up or down."""
    rows = ground.rows("firm_mover", cut, as_of=as_of, top=top)
    return [FirmMover(**row) for row in rows]


def _row(days: Sequence[dict[str, Any]], flows: dict[str, Decimal], as_of: date) -> CompositeRow:
    last = days[-1]
    dates = [day["valued_on"] for day in days]
    net = WealthIndex(dates, [day["wealth_net"] for day in days])
    index = WealthIndex(dates, [day["benchmark_wealth"] for day in days])
    return CompositeRow(
        desk_id=last["desk_id"],
        name=last["name"] or FIRM,
        portfolio_count=last["portfolio_count"],
        net_asset_value=last["net_asset_value"],
        day_pnl=last["day_pnl"],
        day_return=last["return_net"],
        inflow_day=last["external_inflow"],
        outflow_day=last["external_outflow"],
        **flows,
        month=net.period(_PERIODS["month"], as_of),
        year=net.period(_PERIODS["year"], as_of),
        benchmark_month=index.period(_PERIODS["month"], as_of),
        benchmark_year=index.period(_PERIODS["year"], as_of),
    )
