"""The table of portfolios: value, returns by period and risk, one row each."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS

from portfolios.figures import ground
from portfolios.figures.days import last_until, thinned, usd_per_unit, valuation_days
from portfolios.figures.then.cut import Cut
from portfolios.models import Desk, Portfolio
from portfolios.performance.periods import PERIODS, Period, WealthIndex, twelve_months_anchor
from portfolios.performance.risk import TRADING_DAYS

SPARKLINE_POINTS: Final = 30
_BY_KEY: Final = {period.key: period for period in PERIODS}


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """A portfolio on a day. Amounts in the reporting currency but for ``net_asset_value_base``.

    Returns are net and in base currency; None where a figure does not apply.
    """

    id: int
    code: str
    name: str
    desk: str
    base_currency: str
    net_asset_value: Decimal
    net_asset_value_base: Decimal
    day_pnl: Decimal
    day_return: float | None
    month: float | None
    quarter: float | None
    year: float | None
    twelve_months: float | None
    inception: float | None
    volatility: float | None
    max_drawdown: float | None
    cash_share: float | None
    sparkline: tuple[float, ...]


def portfolio_ids(codes: Iterable[str]) -> list[int] | None:
    """Ids of the visible portfolios with these codes; None (all that are visible) without any."""
    wanted = list(codes)
    if not wanted:
        return None
    return [portfolio.pk for portfolio in visible() if portfolio.code in wanted]


def portfolio_table(
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None = None,
    cut: Cut | None = None,
) -> list[PortfolioRow]:
    """The visible portfolios that have figures on ``as_of``, by code."""
    days = valuation_days(as_of, cut)
    shown = days_shown(days, as_of)
    found = ground.rows(
        "portfolio_rows", cut, as_of=as_of, days=shown, portfolio_ids=_listed(portfolio_ids)
    )
    sparkline = set(_sparkline_days(days, as_of))
    portfolios = {portfolio.pk: portfolio for portfolio in visible()}
    worth = usd_per_unit(currency, as_of, cut)
    table = [
        _row(portfolios[row["portfolio_id"]], row, as_of, currency, worth, sparkline)
        for row in found
    ]
    return sorted(table, key=lambda row: row.code)


def visible() -> list[Portfolio]:
    """The portfolios of the perimeter with their desks, by code."""
    return [_portfolio(row) for row in ground.rows("portfolio", None)]


def _portfolio(row: dict[str, Any]) -> Portfolio:
    own = {name: value for name, value in row.items() if name != "desk_name"}
    portfolio = Portfolio.from_db(DEFAULT_DB_ALIAS, list(own), list(own.values()))
    portfolio.desk = Desk(pk=row["desk_id"], name=row["desk_name"])
    return portfolio


def _listed(portfolio_ids: Sequence[int] | None) -> list[int] | None:
    return None if portfolio_ids is None else list(portfolio_ids)


def days_shown(days: Sequence[date], as_of: date) -> list[date]:
    """The days of ``days`` whose rows the table needs: the as-of, anchors and sparkline points."""
    anchors = [last_until(days, period.anchor(as_of)) for period in PERIODS]
    return sorted({as_of, *_sparkline_days(days, as_of), *(day for day in anchors if day)})


def _sparkline_days(days: Sequence[date], as_of: date) -> list[date]:
    """Days of the last twelve months, thinned to what a sparkline can show."""
    anchor = twelve_months_anchor(as_of)
    return thinned([day for day in days if day > anchor], SPARKLINE_POINTS)


def _row(
    portfolio: Portfolio,
    row: dict[str, Any],
    as_of: date,
    currency: str,
    worth: Decimal,
    sparkline: set[date],
) -> PortfolioRow:
    rate = Decimal(1) if portfolio.base_currency == currency else row["usd_rate"] / worth
    wealth = WealthIndex(row["days"], row["wealth"])
    value = row["net_asset_value"]
    return PortfolioRow(
        id=portfolio.pk,
        code=portfolio.code,
        name=portfolio.name,
        desk=portfolio.desk.name,
        base_currency=portfolio.base_currency,
        net_asset_value=value * rate,
        net_asset_value_base=value,
        day_pnl=row["day_pnl"] * rate,
        day_return=row["return_net"],
        month=_period(wealth, "month", as_of),
        quarter=_period(wealth, "quarter", as_of),
        year=_period(wealth, "year", as_of),
        twelve_months=_period(wealth, "twelve_months", as_of),
        inception=wealth.inception(as_of),
        volatility=_volatility(row),
        max_drawdown=row["max_drawdown"],
        cash_share=float(row["cash_value"] / value) if value else None,
        sparkline=tuple(
            grown for day, grown in zip(wealth.days, wealth.wealth, strict=True) if day in sparkline
        ),
    )


def _period(wealth: WealthIndex, key: str, as_of: date) -> float | None:
    period: Period = _BY_KEY[key]
    return wealth.period(period, as_of)


def _volatility(row: dict[str, Any]) -> float | None:
    """Sample deviation a year from the sums that each day carries."""
    count = row["return_count"]
    if count < 2:
        return None
    variance = (row["return_square_sum"] - row["return_sum"] ** 2 / count) / (count - 1)
    return math.sqrt(max(variance, 0.0) * TRADING_DAYS)
