"""What a portfolio is made of: exposure by issuer, concentration, active share, turnover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from portfolios.figures import ground
from portfolios.figures.spans import Span
from portfolios.figures.then.cut import Cut
from portfolios.performance.concentration import Concentration, active_share, concentration
from portfolios.performance.turnover import turnover
from portfolios.valuation.cost import ZERO

_CASH: Final = "cash"


@dataclass(frozen=True, slots=True)
class Structure:
    """How concentrated the value is on a day, by instrument, and how unlike the benchmark.

    ``active_share`` is None where nothing is held or the benchmark's weights are not known.
    """

    concentration: Concentration
    active_share: float | None


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Purchases and sales of a span in its currency, and the turnover they make."""

    purchases: Decimal
    sales: Decimal
    average_net_asset_value: Decimal
    turnover: float | None


def structure(
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None = None,
    cut: Cut | None = None,
) -> Structure:
    """Concentration and active share of what is held on ``as_of``, portfolios taken as one."""
    held = ground.rows("holding_weight", cut, **_asked(as_of, currency, portfolio_ids))
    total = sum((row["value"] for row in held), ZERO)
    if total <= 0:
        return Structure(concentration([]), None)
    shares = {row["instrument_id"]: float(row["value"] / total) for row in _securities(held)}
    index = {row["instrument_id"]: row["weight"] for row in ground.rows("index_weight", cut)}
    cash = float(sum((row["value"] for row in held if row["is_cash"]), ZERO) / total)
    return Structure(
        concentration([share for share in shares.values() if share]),
        active_share(shares | {_CASH: cash}, index),
    )


def exchanged(span: Span) -> Exchanged:
    """Purchases, sales and turnover of the span."""
    [sums] = ground.rows("exchanged", span.cut, **span.asked())
    values = span.net_asset_values
    return Exchanged(
        **sums,
        average_net_asset_value=sum(values, ZERO) / len(values),
        turnover=turnover(sums["purchases"], sums["sales"], values),
    )


def issuer_values(
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None = None,
    cut: Cut | None = None,
) -> list[dict[str, Any]]:
    """Bucket and value of every issuer held, cash apart, largest first."""
    held = ground.rows("holding_weight", cut, **_asked(as_of, currency, portfolio_ids))
    buckets: dict[str, Decimal] = {}
    for row in held:
        bucket = "Cash" if row["is_cash"] else row["issuer"] or "Unclassified"
        buckets[bucket] = buckets.get(bucket, ZERO) + row["value"]
    ordered = sorted(buckets.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"bucket": bucket, "value": value} for bucket, value in ordered]


def _securities(held: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in held if not row["is_cash"]]


def _asked(as_of: date, currency: str, portfolio_ids: Sequence[int] | None) -> dict[str, Any]:
    ids = None if portfolio_ids is None else list(portfolio_ids)
    return {"as_of": as_of, "currency": currency, "portfolio_ids": ids}
