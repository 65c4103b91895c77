"""Many portfolios as one, in a reporting currency: returns from flows and values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from portfolios.figures import ground
from portfolios.figures.days import eve_of, last_until, valuation_days
from portfolios.figures.then.cut import Cut
from portfolios.performance import daily
from portfolios.performance.periods import (
    PERIODS,
    WealthIndex,
    month_anchor,
    twelve_months_anchor,
    year_anchor,
)
from portfolios.valuation.cost import ZERO

SPARKLINE_DAYS: Final = 30
_PERIODS: Final = {period.key: period for period in PERIODS}


@dataclass(frozen=True, slots=True)
class AggregateDay:
    """A day of portfolios taken together, each day at its own fixings.

    Wealth is 1 at the close of the series' start, or before its first day where nothing was held
    before. The benchmark is in the reporting currency.
    """

    valued_on: date
    net_asset_value: Decimal
    cash_value: Decimal
    inflow: Decimal
    outflow: Decimal
    pnl: Decimal
    return_net: float | None
    return_eod: float | None
    return_sod: float | None
    wealth: float
    wealth_gross: float
    benchmark_wealth: float | None

    @property
    def invested(self) -> Decimal:
        """What the day's return is earned on: opening value and inflows."""
        return self.net_asset_value - self.pnl + self.outflow


def aggregate_series(
    portfolio_ids: Sequence[int] | None,
    start: date,
    end: date,
    currency: str,
    cut: Cut | None = None,
) -> list[AggregateDay]:
    """Every valuation day from ``start`` to ``end`` on which something was held."""
    eve = eve_of(start)
    if eve is None:
        return []
    rows = ground.rows(
        "aggregate_day",
        cut,
        start=eve,
        until=end,
        currency=currency,
        portfolio_ids=None if portfolio_ids is None else list(portfolio_ids),
    )
    opening = rows.pop(0) if rows and rows[0]["valued_on"] == eve else None
    index = _index(currency, eve, end, cut) if rows else {}
    return _linked(rows, opening["net_asset_value"] if opening else ZERO, index)


def _index(currency: str, start: date, end: date, cut: Cut | None) -> dict[date, Decimal]:
    found = ground.rows("index_level", cut, currency=currency, start=start, until=end)
    return {row["valued_on"]: row["value"] for row in found}


def _linked(
    rows: list[dict[str, Any]], opening: Decimal, index: dict[date, Decimal]
) -> list[AggregateDay]:
    series: list[AggregateDay] = []
    # What is held at the start already starts at 1; what begins there starts at 1 the eve before.
    wealth, gross, begun = 1.0, 1.0, not opening
    index_start = _last_before(index, rows[0]["valued_on"]) if rows and begun else None
    for row in rows:
        inflow, outflow = row["external_inflow"], row["external_outflow"]
        closing = row["net_asset_value"]
        flows = (opening, closing, inflow, outflow)
        earned = daily.net_main(*flows)
        before_fee = daily.gross_main(*flows, row["management_fee"])
        if begun and earned is not None and before_fee is not None:
            wealth *= 1.0 + float(earned)
            gross *= 1.0 + float(before_fee)
        begun = True
        level = index.get(row["valued_on"])
        index_start = index_start or level
        series.append(
            AggregateDay(
                valued_on=row["valued_on"],
                net_asset_value=closing,
                cash_value=row["cash_value"],
                inflow=inflow,
                outflow=outflow,
                pnl=closing - opening - inflow + outflow,
                return_net=_float(earned),
                return_eod=_float(daily.net_end_of_day(*flows)),
                return_sod=_float(daily.net_start_of_day(*flows)),
                wealth=wealth,
                wealth_gross=gross,
                benchmark_wealth=float(level / index_start) if level and index_start else None,
            )
        )
        opening = closing
    return series


def _last_before(index: dict[date, Decimal], day: date) -> Decimal | None:
    eve = max((known for known in index if known < day), default=None)
    return None if eve is None else index[eve]


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


@dataclass(frozen=True, slots=True)
class Tiles:
    """The figures over a book, in the reporting currency; None where a period does not apply.

    ``sparklines`` holds the last days' course of each, by the figure's name.
    """

    net_asset_value: Decimal
    day_pnl: Decimal
    day_return: float | None
    month: float | None
    quarter: float | None
    year: float | None
    twelve_months: float | None
    benchmark_year: float | None
    active_year: float | None
    cash_value: Decimal
    cash_share: float | None
    sparklines: dict[str, list[Any]]


def tiles(
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None = None,
    cut: Cut | None = None,
) -> Tiles:
    """The tiles of the visible portfolios taken together."""
    series = aggregate_series(portfolio_ids, first_day(as_of, cut), as_of, currency, cut)
    if not series or series[-1].valued_on != as_of:
        return Tiles(ZERO, ZERO, *(None,) * 7, ZERO, None, _sparklines([], as_of))
    last = series[-1]
    wealth = WealthIndex([d.valued_on for d in series], [d.wealth for d in series])
    year, benchmark = wealth.period(_PERIODS["year"], as_of), _benchmark(series, year_anchor(as_of))
    return Tiles(
        net_asset_value=last.net_asset_value,
        day_pnl=last.pnl,
        day_return=last.return_net,
        month=wealth.period(_PERIODS["month"], as_of),
        quarter=wealth.period(_PERIODS["quarter"], as_of),
        year=year,
        twelve_months=wealth.period(_PERIODS["twelve_months"], as_of),
        benchmark_year=benchmark,
        active_year=_difference(year, benchmark),
        cash_value=last.cash_value,
        cash_share=_cash_share(last),
        sparklines=_sparklines(series, as_of),
    )


def first_day(as_of: date, cut: Cut | None = None) -> date:
    """The valuation day from which the tiles' longest period runs."""
    days = valuation_days(as_of, cut)
    anchor = min(twelve_months_anchor(as_of), year_anchor(as_of))
    return last_until(days, anchor) or days[0]


def _benchmark(series: Sequence[AggregateDay], anchor: date) -> float | None:
    """The benchmark's return from the anchor to the series' end."""
    end = series[-1].benchmark_wealth
    before = [d.benchmark_wealth for d in series if d.valued_on <= anchor]
    start = before[-1] if before else 1.0
    return end / start - 1.0 if end and start else None


def _difference(mine: float | None, benchmark: float | None) -> float | None:
    return None if mine is None or benchmark is None else mine - benchmark


def _cash_share(day: AggregateDay) -> float | None:
    return float(day.cash_value / day.net_asset_value) if day.net_asset_value else None


def _sparklines(series: Sequence[AggregateDay], as_of: date) -> dict[str, list[Any]]:
    shown = series[-SPARKLINE_DAYS:]
    year = _since(series, year_anchor(as_of), lambda d: d.wealth)
    benchmark = _since(series, year_anchor(as_of), lambda d: d.benchmark_wealth)
    month = _since(series, month_anchor(as_of), lambda d: d.wealth)
    active = [_difference(mine, index) for mine, index in zip(year, benchmark, strict=True)]
    return {
        "net_asset_value": [d.net_asset_value for d in shown],
        "day_pnl": [d.pnl for d in shown],
        "month": month[-SPARKLINE_DAYS:],
        "year": year[-SPARKLINE_DAYS:],
        "active_year": active[-SPARKLINE_DAYS:],
        "cash_share": [_cash_share(d) for d in shown],
    }


def _since(
    series: Sequence[AggregateDay],
    anchor: date,
    wealth: Callable[[AggregateDay], float | None],
) -> list[float | None]:
    """Return to date of each day after the anchor."""
    before = [wealth(d) for d in series if d.valued_on <= anchor]
    start = (before[-1] if before else 1.0) or 1.0
    after = [wealth(d) for d in series if d.valued_on > anchor]
    return [None if value is None else value / start - 1.0 for value in after]
