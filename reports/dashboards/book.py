"""A book of portfolios: what an analyst's and a manager's dashboard and the overview share."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest

from helio.numbers import NotApplicable
from helio.pages import parameters
from portfolios.figures import queries
from reports.dashboards.charts import Chart, Series, growth, period_sentence
from reports.dashboards.periods import PERIODS, start_of
from reports.dashboards.tiles import Mark, Tile

BREAKDOWNS: Final = {
    "sector": "Sector",
    "currency": "Currency",
    "security_type": "Type",
    "domicile": "Country",
    "issuer": "Issuer",
}
TOP_POSITIONS: Final = 20
YOUNG: Final = NotApplicable("Began less than twelve months before this day")


def tiles(
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None,
    cut: queries.Cut | None = None,
) -> list[Tile]:
    """The six tiles, each with the course of the last thirty days."""
    told = queries.tiles(as_of, currency, portfolio_ids, cut)
    course = told.sparklines
    return [
        Tile(
            "Net asset value",
            Mark("net_asset_value", told.net_asset_value, "compact", 2, signed=False),
            words=currency,
            spark=course["net_asset_value"],
        ),
        Tile(
            "P&L of the day",
            Mark("day_pnl", told.day_pnl, "compact", 2, arrow=True),
            Mark("return_net_day", told.day_return, "percent", 2),
            words="on the day",
            spark=course["day_pnl"],
        ),
        Tile(
            "Month to date",
            Mark("return_net_month", told.month, "percent", 2, arrow=True),
            Mark("return_net_quarter", told.quarter, "percent", 2),
            words="quarter to date",
            spark=course["month"],
        ),
        Tile(
            "Year to date",
            Mark("return_net_year", told.year, "percent", 2, arrow=True),
            Mark("return_net_twelve_months", _or(told.twelve_months, YOUNG), "percent", 2),
            words="twelve months",
            spark=course["year"],
        ),
        Tile(
            "Against benchmark, YTD",
            Mark("active_return_year", told.active_year, "points", 2, arrow=True),
            Mark("benchmark_return_year", told.benchmark_year, "percent", 2),
            words="benchmark",
            spark=course["active_year"],
        ),
        Tile(
            "Cash",
            Mark("cash_share", told.cash_share, "percent", 1, signed=False),
            Mark("cash_value", told.cash_value, "compact", 2, signed=False),
            words=currency,
            spark=course["cash_share"],
        ),
    ]


def _or(value: Any, otherwise: NotApplicable) -> Any:
    return otherwise if value is None else value


def value_chart(
    request: HttpRequest,
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None,
    cut: queries.Cut | None = None,
) -> dict[str, Any]:
    """Context of the value panel: the chart of the chosen period and the periods on offer."""
    chosen = period(request)
    start = chart_from(chosen, as_of, cut)
    series = queries.aggregate_series(portfolio_ids, start, as_of, currency, cut)
    return {
        "periods": PERIODS,
        "period": chosen,
        "chart": _chart(series, PERIODS[chosen].phrase, currency),
    }


def period(request: HttpRequest) -> str:
    """The period of the value panel that was asked for."""
    return parameters.choice(request, "period", PERIODS, "ytd")


def chart_from(period: str, as_of: date, cut: queries.Cut | None = None) -> date:
    """The valuation day from which the chart of a period runs."""
    return start_of(PERIODS[period], as_of, queries.valuation_days(as_of, cut))


def _chart(series: Sequence[Any], phrase: str, currency: str) -> Chart:
    dates = [row.valued_on for row in series]
    net = [row.wealth - 1 for row in series]
    benchmark = growth([row.benchmark_wealth for row in series])
    return Chart(
        id="value-chart",
        title="Value and return",
        summary=period_sentence(phrase, net, dates),
        dates=dates,
        series=[
            Series("portfolio", "Return", "percent", net),
            Series("benchmark", "Benchmark", "percent", benchmark),
            Series("value", f"Value {currency}", "money", [row.net_asset_value for row in series]),
        ],
    )


def exposure(
    request: HttpRequest,
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None,
    cut: queries.Cut | None = None,
) -> dict[str, Any]:
    """Context of the exposure panel: the buckets of the chosen breakdown and their sum."""
    chosen = breakdown(request)
    rows = queries.exposure(as_of, currency, chosen, portfolio_ids, cut)
    total = {
        "value": sum((row.value for row in rows), Decimal(0)),
        "share": sum(row.share for row in rows),
    }
    return {
        "breakdowns": BREAKDOWNS,
        "breakdown": chosen,
        "exposure": rows,
        "exposure_total": total,
    }


def breakdown(request: HttpRequest) -> str:
    """The breakdown of the exposure panel that was asked for."""
    return parameters.choice(request, "breakdown", BREAKDOWNS, "sector")


def largest(
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None,
    cut: queries.Cut | None = None,
) -> dict[str, Any]:
    """Context of the largest positions, and how many there are."""
    holdings = queries.positions(as_of, currency, portfolio_ids, cut)
    return {
        "positions": ordered(holdings, "-value")[:TOP_POSITIONS],
        "positions_total": len(holdings),
    }


def movers(
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None,
    cut: queries.Cut | None = None,
) -> dict[str, Any]:
    """Context of the day's contributors and detractors."""
    return {"movers": queries.movers(as_of, currency, portfolio_ids, top=5, cut=cut)}


def changed_since(
    as_of: date, cut: queries.Cut | None, portfolio_ids: Sequence[int] | None
) -> dict[str, Any]:
    """Context of the portfolios whose headline figures differ from what is known now."""
    if cut is None:
        return {}
    told = queries.restatements(as_of, cut, portfolio_ids)
    return {"restatements": [one for one in told if one.is_restated], "compared": len(told)}


def ordered(rows: Sequence[Any], sort: str) -> list[Any]:
    """The rows by an attribute, descending with a leading minus; missing values come last."""
    key = sort.removeprefix("-")
    present = [row for row in rows if getattr(row, key) is not None]
    missing = [row for row in rows if getattr(row, key) is None]
    present.sort(key=lambda row: getattr(row, key), reverse=sort.startswith("-"))
    return present + missing
