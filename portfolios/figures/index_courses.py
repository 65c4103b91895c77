"""What the sectors of the firm's benchmark held and earned each day of a span, in one currency.

The first benchmark entered counts: fixed weights, rebalanced daily; price and gross dividends at
the day's fixings, splits undone before the dividend of their day, as in the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from portfolios.figures import ground
from portfolios.figures.axis import Axis, floats
from portfolios.figures.rates import Rates
from portfolios.figures.then.cut import Cut


@dataclass(frozen=True, slots=True)
class Basket:
    """The benchmark's sectors: their weight, and their return on each day of an axis.

    A day on which a member has no return (it lacks a close, or an action's terms make no amount)
    has none for any sector: NaN. The first day of the axis has none.
    """

    weights: dict[str, float]
    returns: dict[str, np.ndarray]
    known: np.ndarray


def basket(axis: Axis, days: Sequence[date], currency: str, cut: Cut | None) -> Basket:
    """The basket on the axis; ``days`` are all valuation days of it, which returns run along."""
    along = Axis([axis.start, *(day for day in days if day > axis.start)])
    span = {"start": axis.start, "until": axis.until}
    members = ground.rows("index_course", cut, **span)
    actions = ground.rows("index_action", cut, **span)
    named = {row["currency"] for row in (*members, *actions) if row["currency"]}
    rates = Rates(along, currency, named, cut)
    earned = _earned(along, members, actions, rates)
    kept = along.places(axis.offsets)
    weights: dict[str, float] = {}
    sums: dict[str, np.ndarray] = {}
    for listing, (sector, weight) in _weights(members).items():
        weights[sector] = weights.get(sector, 0.0) + weight
        sums[sector] = sums.get(sector, 0.0) + weight * earned[listing][kept]
    returns = {sector: total / weights[sector] for sector, total in sums.items()}
    known = np.zeros(len(axis), dtype=bool)
    if returns:
        known = ~np.isnan(np.sum(list(returns.values()), axis=0))
    return Basket(weights, returns, known)


def _weights(members: Sequence[dict[str, Any]]) -> dict[int, tuple[str, float]]:
    return {row["listing_id"]: (row["sector"], row["weight"]) for row in members}


def _earned(
    along: Axis,
    members: Sequence[dict[str, Any]],
    actions: Sequence[dict[str, Any]],
    rates: Rates,
) -> dict[int, np.ndarray]:
    """The return of each member against the day before; NaN where it is not known."""
    units = {row["listing_id"]: np.ones(len(along)) for row in members}
    paid = {listing: np.zeros(len(along)) for listing in units}
    for row in actions:
        _take(row, along, rates, units[row["listing_id"]], paid[row["listing_id"]])
    values = {listing: np.full(len(along), np.nan) for listing in units}
    for row in members:
        if row["currency"]:
            places = along.places(row["offsets"].split())
            on, worths = places >= 0, rates.as_floats(row["currency"])
            values[row["listing_id"]][places[on]] = (
                floats(row["prices"].split())[on] * worths[places[on]]
            )
    return {
        listing: _growth(units[listing], values[listing] + paid[listing], values[listing])
        for listing in units
    }


def _growth(units: np.ndarray, now: np.ndarray, value: np.ndarray) -> np.ndarray:
    grown = np.full(len(value), np.nan)
    # A dividend is of a unit as held after the split of its day, if there is one.
    grown[1:] = units[1:] * now[1:] / np.where(value[:-1] > 0, value[:-1], np.nan) - 1.0
    return grown


def _take(
    action: dict[str, Any], along: Axis, rates: Rates, units: np.ndarray, paid: np.ndarray
) -> None:
    """Note what an action makes of a unit, or pays for it; NaN for terms without sense."""
    [place] = along.places([action["offset_days"]])
    if place < 0:
        return
    amount = action["amount"] if action["amount"] and action["amount"] > 0 else np.nan
    if action["kind"] == "split":
        units[place] *= amount
    else:
        currency = action["currency"]
        paid[place] += amount * (rates.as_floats(currency)[place] if currency else np.nan)
