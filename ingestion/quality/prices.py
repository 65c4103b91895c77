"""Checks of prices and fixings: gaps, restatements, units, and steps that nothing explains."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import pandas as pd

from ingestion.quality.check import Check, Looks, sql_check
from ingestion.quality.frames import PRICE_STEPS, findings, frame
from ingestion.quality.scope import WARM_UP, Scope

# A price this far from the last plausible one is a jump; within a fifth of a hundred times it,
# or of a hundredth, its unit is suspect.
BAND: Final = (Decimal("0.6"), Decimal("1.4"))
HUNDRED: Final = (Decimal(80), Decimal(120))


def steps(scope: Scope) -> pd.DataFrame:
    """First released prices outside the band around the last plausible one, split-adjusted."""
    start = scope.prices_from if scope.everything else scope.prices_from - WARM_UP
    parameters = scope.parameters | {"prices_from": start, "low": BAND[0], "high": BAND[1]}
    walked = frame("330_price_steps.sql", PRICE_STEPS, parameters)
    found = [
        finding
        for _, prices in walked.groupby("listing_id", sort=False)
        for finding in _walk(prices.to_dict("records"))
        if finding["finding_day"] >= scope.prices_from
    ]
    return findings(found)


def _walk(prices: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Findings along the days of one listing.

    A suspect price is never the measure of the next. A jump is, once the price after it agrees:
    the first was then the new level and no mistake, and is told once.
    """
    plausible: dict[str, Any] | None = None
    level = Decimal(0)
    jumped: Decimal | None = None
    for price in prices:
        level *= 1 / price["split_factor"]
        jumped = None if jumped is None else jumped / price["split_factor"]
        if plausible is not None and not _inside(price["value"], level):
            ratio = price["value"] / level
            if _near_hundred(ratio):
                yield _finding("PRICE_UNIT_SUSPECT", price, plausible, ratio)
                continue
            if jumped is None or not _inside(price["value"], jumped):
                jumped = price["value"]
                yield _finding("PRICE_JUMP", price, plausible, ratio)
                continue
        plausible, level, jumped = price, price["value"], None


def _inside(value: Decimal, measure: Decimal) -> bool:
    return BAND[0] <= value / measure <= BAND[1]


def _near_hundred(ratio: Decimal) -> bool:
    return HUNDRED[0] <= ratio <= HUNDRED[1] or HUNDRED[0] <= 1 / ratio <= HUNDRED[1]


def _finding(
    code: str, price: dict[str, Any], before: dict[str, Any], ratio: Decimal
) -> dict[str, Any]:
    was, is_now = _spoken(before["price"], before["unit"]), _spoken(price["price"], price["unit"])
    restated = price["value_now"] is not None and price["value_now"] != price["value"]
    mended = restated and _inside(price["value_now"], price["value"] / ratio)
    return {
        "code": code,
        "source": "vendor",
        "subject": price["key"],
        "finding_day": price["priced_on"],
        "sentence": f"{price['key']} was first released at {is_now}, after {was} on"
        f" {before['priced_on']}: {ratio:.4f} times as much, splits considered.",
        "evidence": {
            "numbers": {
                "last plausible": was,
                "of": str(before["priced_on"]),
                "first released": is_now,
                "ratio": f"{ratio:.6f}",
            },
            "rows": [_row(before), _row(price)],
        },
        "portfolio_id": None,
        "listing_id": price["listing_id"],
        "known_from": price["known_from"],
        "closed_because": f"Restated to {_spoken(price['price_now'], price['unit_now'])}."
        if mended
        else "",
    }


def _spoken(price: Decimal, unit: str) -> str:
    return f"{price.normalize():f} {unit}"


def _row(price: dict[str, Any]) -> dict[str, Any]:
    return {
        "fact": "price",
        "id": price["id"],
        "file": price["file_id"],
        "line": price["line_no"],
    }


CHECKS: Final[tuple[Check, ...]] = (
    sql_check("310_price_gaps.sql", ("PRICE_MISSING", "PRICE_STALE"), Looks.AT_LISTINGS),
    sql_check(
        "320_price_versions.sql",
        ("PRICE_RESTATED", "PRICE_UNIT_CHANGED", "PRICE_STARTS_LATE"),
        Looks.AT_LISTINGS,
    ),
    sql_check("335_not_positive.sql", ("PRICE_NOT_POSITIVE",), Looks.AT_LISTINGS),
    sql_check("336_rate_not_positive.sql", ("FX_NOT_POSITIVE",), Looks.EVERYWHERE),
    Check("steps", ("PRICE_UNIT_SUSPECT", "PRICE_JUMP"), Looks.AT_LISTINGS, steps),
    sql_check("340_fixings.sql", ("FX_MISSING", "FX_RESTATED"), Looks.EVERYWHERE),
)
