"""Figures of the firm and its desks: told by desk and by day, never by portfolio."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from portfolios.explain import firm_causes
from portfolios.explain.parts import (
    Asked,
    Explanation,
    Head,
    Row,
    Section,
    Table,
    money,
    percent,
    plain,
)
from portfolios.explain.returns import Span, explained, span_of, table_of
from portfolios.explain.risk import spread
from portfolios.figures import ground, queries
from portfolios.figures.days import last_until, valuation_days
from portfolios.figures.firm import FIRM
from portfolios.performance.risk import maximum_drawdown

TOP: Final = 10


@dataclass(frozen=True, slots=True)
class CompositeDay:
    """A day of the firm or a desk; wealth is 1 before its first day."""

    valued_on: date
    net_asset_value: Decimal
    inflow: Decimal
    outflow: Decimal
    return_net: float | None
    wealth: float
    wealth_gross: float | None
    benchmark_wealth: float | None


_RETURNS: Final = ("return_net", "benchmark_return", "active_return")


def explanation(asked: Asked) -> Explanation | None:
    """The figure of the firm, or of the desk that ``key`` names; None for who may not see it."""
    if asked.figure == "value_change":
        return _mover(asked)
    rows = queries.composites(asked.as_of, asked.cut)
    row = _named(asked, rows)
    if row is None:
        return None
    if asked.figure in ("net_asset_value", "day_pnl", "net_flow_day"):
        return _day(asked, row, rows)
    if asked.figure == "net_flow_month":
        return _flow_month(asked, row)
    if asked.figure in ("volatility", "maximum_drawdown"):
        return _risk(asked, row)
    return _return(asked, row)


def row_of(asked: Asked) -> queries.CompositeRow | None:
    """The row of the firm, or of the desk that ``key`` names; None for who may not see it."""
    return _named(asked, queries.composites(asked.as_of, asked.cut))


def _named(asked: Asked, rows: Sequence[queries.CompositeRow]) -> queries.CompositeRow | None:
    return next((row for row in rows if row.name == (asked.key or FIRM)), None)


def names() -> frozenset[str]:
    """The figures of the firm that can be told."""
    periods = ("day", "month", "year")
    returns = {f"{family}_{period}" for family in _RETURNS for period in periods}
    return frozenset(returns) | {
        "net_asset_value",
        "day_pnl",
        "net_flow_day",
        "net_flow_month",
        "value_change",
        "volatility",
        "maximum_drawdown",
    }


def _day(
    asked: Asked, row: queries.CompositeRow, rows: Sequence[queries.CompositeRow]
) -> Explanation:
    """From the close before to this one: flows and result, by desk where it is the firm."""
    shown = {
        "net_asset_value": row.net_asset_value,
        "day_pnl": row.day_pnl,
        "net_flow_day": row.net_flow_day,
    }[asked.figure]
    of_firm = row.desk_id is None
    parts = [one for one in rows if one.desk_id is not None] if of_firm else [row]
    heads = (
        Head("Desk", number=False),
        Head("V0"),
        Head("Net flows"),
        Head("P&L"),
        Head("V1"),
    )
    table = Table(
        title="Since the day before, by desk" if of_firm else "Flows and result",
        heads=heads,
        rows=tuple(Row(one.name, _bridge(one)) for one in parts),
        total=Row(row.name, _bridge(row)) if of_firm else None,
        note=f"V1 = V0 + net flows + P&L, in {asked.currency}, each day at its own fixings.",
        key="desks",
    )
    sections: list[Section] = [firm_causes.since_the_day_before(asked, row), table]
    if of_firm:
        sections += _movers(asked, row)
    return Explanation(
        money(shown, signed=asked.figure != "net_asset_value"), asked.currency, sections
    )


def _bridge(row: queries.CompositeRow) -> tuple[Any, ...]:
    return (
        money(row.opening_value),
        money(row.net_flow_day, signed=True),
        money(row.day_pnl, signed=True),
        money(row.net_asset_value),
    )


def _movers(asked: Asked, row: queries.CompositeRow) -> list[Section]:
    """The listings that did most; what else there was is one row, so that all sum to the result."""
    moved = queries.firm_movers(asked.as_of, TOP, asked.cut)
    if not moved:
        return []
    rest = row.day_pnl - sum(one.change for one in moved)
    rows = [Row(one.listing_key, (one.name, money(one.change, signed=True))) for one in moved]
    rows.append(Row("Other listings, cash, fees", ("", money(rest, signed=True))))
    return [
        Table(
            title="The day’s result by listing",
            heads=(
                Head("Listing", number=False),
                Head("", number=False),
                Head(f"Change {asked.currency}"),
            ),
            rows=tuple(rows),
            total=Row("P&L of the day", ("", money(row.day_pnl, signed=True))),
            key="listings",
        )
    ]


def _mover(asked: Asked) -> Explanation | None:
    found = queries.firm_movers(asked.as_of, TOP, asked.cut)
    one = next((mover for mover in found if mover.listing_key == asked.key), None)
    if one is None:
        return None
    rows = (
        Row("Value at the close", (money(one.value),)),
        Row("Change of the day", (money(one.change, signed=True),)),
    )
    table = Table(
        title=f"{one.name}, over all portfolios",
        heads=(Head("", number=False), Head(asked.currency)),
        rows=rows,
        note="Value now − value before + cash of trades + dividends, summed over all portfolios.",
        key="day",
    )
    return Explanation(money(one.change, signed=True), asked.currency, [table])


def _flow_month(asked: Asked, row: queries.CompositeRow) -> Explanation:
    series = _series(asked, row, span_of("month", asked.as_of))
    inside = [day for day in series[1:] if day.inflow or day.outflow]
    table = Table(
        title="Days with flows",
        heads=(Head("Day", number=False), Head("IN"), Head("OUT"), Head("IN − OUT")),
        rows=tuple(
            Row(
                day.valued_on.isoformat(),
                (
                    money(day.inflow),
                    money(day.outflow),
                    money(day.inflow - day.outflow, signed=True),
                ),
            )
            for day in inside
        ),
        total=Row("Month to date", ("", "", money(row.net_flow_month, signed=True))),
        key="flows",
    )
    return Explanation(money(row.net_flow_month, signed=True), asked.currency, [table])


def _return(asked: Asked, row: queries.CompositeRow) -> Explanation | None:
    family = next((one for one in _RETURNS if asked.figure.startswith(f"{one}_")), None)
    if family is None:
        return None
    period = asked.figure.removeprefix(f"{family}_")
    span = span_of(period, asked.as_of)
    if period == "day":
        days = valuation_days(asked.as_of, asked.cut)
        span = Span("day", "day", days[-2] if len(days) > 1 else None, asked.as_of)
    series = _series(asked, row, span)
    if not series:
        return None
    return explained(family, series, span, table_of(family, series, span, asked.currency))


def _risk(asked: Asked, row: queries.CompositeRow) -> Explanation:
    series = _series(asked, row, span_of("inception", asked.as_of))
    if asked.figure == "volatility":
        returns = [day.return_net or 0.0 for day in series]
        shown, sections = spread("Sample deviation × √252", returns, ratio=False)
        return Explanation(shown, "", sections)
    days, wealth = [day.valued_on for day in series], [day.wealth for day in series]
    found = maximum_drawdown(days, wealth)
    at: dict[date | None, float] = {None: 1.0, **dict(zip(days, wealth, strict=True))}
    table = Table(
        title="Trough ÷ peak − 1",
        heads=(Head("", number=False), Head("")),
        rows=(
            Row(f"Growth of 1 at its peak, {found.peak_on}", (plain(at[found.peak_on], 8),)),
            Row(f"Growth of 1 at the trough, {found.trough_on}", (plain(at[found.trough_on], 8),)),
        ),
        total=Row("Maximum drawdown", (percent(found.depth),)),
        key="steps",
    )
    return Explanation(percent(found.depth), "", [table])


def _series(asked: Asked, row: queries.CompositeRow, span: Span) -> list[CompositeDay]:
    """The composite's days of the span, with the close it starts from where there is one."""
    days = valuation_days(span.until, asked.cut)
    start = (last_until(days, span.anchor) if span.anchor else None) or days[0]
    wanted = [day for day in days if day >= start]
    found = ground.rows("composite_row", asked.cut, days=wanted)
    return [
        CompositeDay(
            valued_on=one["valued_on"],
            net_asset_value=one["net_asset_value"],
            inflow=one["external_inflow"],
            outflow=one["external_outflow"],
            return_net=one["return_net"],
            wealth=one["wealth_net"],
            wealth_gross=one["wealth_gross"],
            benchmark_wealth=one["benchmark_wealth"],
        )
        for one in found
        if one["desk_id"] == row.desk_id
    ]
