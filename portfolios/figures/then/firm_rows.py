"""The firm's rows as known then, out of what the worker computed for a cut.

One function per statement of sql/figures, of its name, with its parameters and its columns. Row
security answers with nothing to those who may not see the firm.
"""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from portfolios.figures.then.cut import Cut
from portfolios.figures.then.firm import FIRM
from portfolios.models import Desk, FirmCutDay, FirmCutMover
from portfolios.performance.risk import TRADING_DAYS

Rows = list[dict[str, Any]]
NAMES: Final = frozenset(
    {"composite_row", "composite_flow", "composite_risk", "firm_mover", "firm_series"}
)
_COMPOSITE: Final = (
    "valued_on",
    "net_asset_value",
    "external_inflow",
    "external_outflow",
    "portfolio_count",
    "return_net",
    "wealth_net",
    "wealth_gross",
    "benchmark_wealth",
)


def composite_row(cut: Cut, days: Sequence[date]) -> Rows:
    """The firm and its desks on some days; without a desk it is the firm."""
    desks = _desks()
    found = [
        {
            "desk_id": day.desk_id or None,
            "name": desks.get(day.desk_id, ""),
            "day_pnl": _pnl(day),
            **{name: getattr(day, name) for name in _COMPOSITE},
        }
        for day in _days(cut)
        if day.valued_on in days
    ]
    return sorted(found, key=lambda row: (row["name"], row["valued_on"]))


def composite_flow(cut: Cut, as_of: date, month: date, year: date) -> Rows:
    """External flows of the firm and its desks, month and year to date."""
    flows: dict[int, dict[str, Any]] = {}
    for day in _days(cut):
        if not year < day.valued_on <= as_of:
            continue
        row = flows.setdefault(
            day.desk_id,
            {
                "desk_id": day.desk_id or None,
                "inflow_year": 0,
                "outflow_year": 0,
                "net_flow_month": 0,
            },
        )
        row["inflow_year"] += day.external_inflow
        row["outflow_year"] += day.external_outflow
        if day.valued_on > month:
            row["net_flow_month"] += day.external_inflow - day.external_outflow
    return list(flows.values())


def composite_risk(cut: Cut, as_of: date) -> Rows:
    """Volatility and maximum drawdown of the firm and its desks, the firm first."""
    by_desk: dict[int, list[FirmCutDay]] = {}
    for day in _days(cut):
        if day.valued_on <= as_of:
            by_desk.setdefault(day.desk_id, []).append(day)
    desks = _desks()
    ordered = sorted(by_desk, key=lambda desk: (desk != FIRM, desks.get(desk, "")))
    return [
        {
            "desk_id": desk,
            "name": desks.get(desk),
            "first_on": by_desk[desk][0].valued_on,
            **_risk(by_desk[desk]),
        }
        for desk in ordered
    ]


def _risk(days: Sequence[FirmCutDay]) -> dict[str, float | None]:
    returns = [day.return_net or 0.0 for day in days]
    wealth = np.array([day.wealth_net for day in days])
    peak = np.maximum(np.maximum.accumulate(wealth), 1.0)
    deviation = float(np.std(returns, ddof=1)) if len(returns) > 1 else None
    return {
        "volatility": None if deviation is None else deviation * math.sqrt(TRADING_DAYS),
        "max_drawdown": min(float(np.min(wealth / peak - 1.0)), 0.0),
    }


def firm_mover(cut: Cut, as_of: date, top: int) -> Rows:
    """The listings that moved the firm most on a day."""
    moved = FirmCutMover.objects.filter(cut__known_at=cut.known_at, valued_on=as_of)
    found = sorted(
        moved.select_related("listing__instrument"),
        key=lambda one: (-abs(one.change), one.listing.key),
    )
    return [
        {
            "listing_id": one.listing_id,
            "listing_key": one.listing.key,
            "name": one.listing.instrument.name,
            "value": one.value,
            "change": one.change,
        }
        for one in found[:top]
    ]


def firm_series(cut: Cut, start: date, until: date) -> Rows:
    """The course of the firm, one row per valuation day."""
    names = ("valued_on", "opening_value", "net_asset_value")
    more = ("return_net", "wealth_net", "benchmark_wealth")
    return [
        {name: getattr(day, name) for name in (*names, *more)}
        for day in _days(cut)
        if day.desk_id == FIRM and start <= day.valued_on <= until
    ]


def _days(cut: Cut) -> list[FirmCutDay]:
    found = FirmCutDay.objects.filter(cut__known_at=cut.known_at)
    return list(found.order_by("desk_id", "valued_on"))


def _desks() -> dict[int, str]:
    return dict(Desk.objects.values_list("pk", "name"))


def _pnl(day: FirmCutDay) -> Any:
    flows = day.external_inflow - day.external_outflow
    return day.net_asset_value - day.opening_value - flows
