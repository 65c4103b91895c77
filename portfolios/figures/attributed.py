"""The active return of a span by sector: Brinson-Fachler, daily and linked."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from portfolios.figures import ground
from portfolios.figures.aggregates import AggregateDay
from portfolios.figures.days import valuation_days
from portfolios.figures.index_courses import Basket, basket
from portfolios.figures.spans import Span
from portfolios.performance.attribution import Attribution, GroupDays, attribution

CASH: Final = "Cash"


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
    days = group_days(span)
    effects = attribution(days) if days.days else None
    if effects is None:
        return None
    first = days.days[0]
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


def group_days(span: Span) -> GroupDays:
    """Every sector on the days on which the basket has a return and something was invested."""
    index = basket(span.axis, valuation_days(span.closes_on, span.cut), span.currency, span.cut)
    invested = np.array([float(day.invested) for day in span.days])
    returns = np.array(span.returns)
    has_return = np.array([day.return_net is not None for day in span.days])
    told = index.known[1:] & (invested > 0) & has_return
    groups, weights, contributions = _held(span, index, np.where(told, invested, np.nan))
    # Cash, its currencies and the fees: what the sectors leave of the day.
    weights = np.column_stack([weights, 1.0 - weights.sum(axis=1)])[told]
    contributions = np.column_stack([contributions, returns - contributions.sum(axis=1)])[told]
    nothing = np.zeros(len(span.days))
    index_returns = [index.returns[one][1:] if one in index.returns else nothing for one in groups]
    return GroupDays(
        days=[day.valued_on for day, is_told in zip(span.days, told, strict=True) if is_told],
        groups=[*groups, CASH],
        weights=weights,
        contributions=contributions,
        index_weights=np.tile(
            [*(index.weights.get(one, 0.0) for one in groups), 0.0], (int(told.sum()), 1)
        ),
        index_returns=np.column_stack([*index_returns, nothing])[told],
    )


def _held(
    span: Span, index: Basket, invested: np.ndarray
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Sectors of either side by name; opening weights and contributions, days × sectors."""
    securities = [one for one in span.courses if not one.is_cash]
    groups = sorted({*index.weights, *(one.sector_group for one in securities)})
    place = {group: number for number, group in enumerate(groups)}
    weights = np.zeros((len(invested), len(groups)))
    contributions = np.zeros_like(weights)
    for one in securities:
        at = place[one.sector_group]
        weights[:, at] += one.values[:-1] / invested
        contributions[:, at] += (np.diff(one.values) + one.moved[1:]) / invested
    return groups, weights, contributions
