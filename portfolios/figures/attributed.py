"""The active return of a span by sector: Brinson-Fachler, daily and linked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from portfolios.figures import ground
from portfolios.figures.aggregates import AggregateDay
from portfolios.figures.spans import Span
from portfolios.performance.attribution import Attribution, GroupDay, attribution

CASH: Final = "Cash"
_NOTHING: Final = {"weight": 0.0, "return": 0.0}


@dataclass(frozen=True, slots=True)
class Attributed:
    """Effects by sector over the days of a span on which the benchmark's basket has a return.

    ``benchmark_return`` is the published index's over the same days; None where it lacks a level.
    """

    opens_on: date
    closes_on: date
    effects: Attribution
    benchmark_return: float | None

    @property
    def basket_difference(self) -> float | None:
        """What the basket of weights earned more than the published index.

        With the effects it sums to the active return against the index as published.
        """
        if self.benchmark_return is None:
            return None
        return self.effects.index_return - self.benchmark_return

    @property
    def active_return(self) -> float | None:
        """Net return less the published benchmark's over the same days, arithmetic."""
        if self.benchmark_return is None:
            return None
        return self.effects.portfolio_return - self.benchmark_return


def attributed(span: Span) -> Attributed | None:
    """The active return by sector; None where the benchmark's weights or closes are not known.

    It covers the part of the span from the first day on which the basket has a return; a later
    day without one is left out on both sides.
    """
    groups = list(group_days(span))
    effects = attribution(groups) if groups else None
    if effects is None:
        return None
    first = min(group.valued_on for group in groups)
    covered = [day for day in span.days if day.valued_on >= first]
    before = [day for day in span.days if day.valued_on < first]
    return Attributed(
        opens_on=before[-1].valued_on if before else span.opens_on,
        closes_on=span.closes_on,
        effects=effects,
        benchmark_return=_benchmark(span, before, covered),
    )


def _benchmark(span: Span, before: list[AggregateDay], covered: list[AggregateDay]) -> float | None:
    end = covered[-1].benchmark_wealth
    start = before[-1].benchmark_wealth if before else _eve_wealth(span)
    return end / start - 1.0 if end and start else None


def _eve_wealth(span: Span) -> float | None:
    """The benchmark at the close that opens the span, on the scale of its days."""
    levels = ground.rows(
        "index_level",
        span.cut,
        currency=span.currency,
        start=span.opens_on,
        until=span.days[0].valued_on,
    )
    if len(levels) < 2 or not span.days[0].benchmark_wealth:
        return None
    return span.days[0].benchmark_wealth * float(levels[0]["value"] / levels[-1]["value"])


def group_days(span: Span) -> Iterator[GroupDay]:
    """Every sector of every day on which the basket has a return and something was invested."""
    asked = span.asked()
    held = _by_day(ground.rows("sector_day", span.cut, **asked))
    del asked["portfolio_ids"]
    index = _by_day(ground.rows("index_sector_day", span.cut, **asked))
    before = held.get(span.opens_on, {})
    for day in span.days:
        now, basket = held.get(day.valued_on, {}), index.get(day.valued_on, {})
        if basket and day.invested > 0 and day.return_net is not None:
            yield from _day(day, before, now, basket)
        before = now


def _by_day(rows: list[dict[str, Any]]) -> dict[date, dict[str, dict[str, Any]]]:
    days: dict[date, dict[str, dict[str, Any]]] = {}
    for row in rows:
        days.setdefault(row["valued_on"], {})[row["group"]] = row
    return days


def _day(
    day: AggregateDay,
    before: dict[str, dict[str, Any]],
    now: dict[str, dict[str, Any]],
    basket: dict[str, dict[str, Any]],
) -> Iterator[GroupDay]:
    invested = float(day.invested)
    rest_weight, rest = 1.0, day.return_net or 0.0
    for group in sorted((before.keys() | now.keys() | basket.keys()) - {CASH}):
        opening = before[group]["value"] if group in before else 0.0
        after = now.get(group, {"value": 0.0, "moved": 0.0})
        weight = opening / invested
        contribution = (after["value"] - opening + after["moved"]) / invested
        rest_weight, rest = rest_weight - weight, rest - contribution
        index = basket.get(group, _NOTHING)
        yield GroupDay(day.valued_on, group, weight, contribution, index["weight"], index["return"])
    # Cash, its currencies and the fees: what the sectors leave of the day.
    yield GroupDay(day.valued_on, CASH, rest_weight, rest, 0.0, 0.0)
