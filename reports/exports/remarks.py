"""What the manifest of an export says beside its figures: what is unknown, and what is closed."""

from __future__ import annotations

from helio.numbers import machine
from portfolios.figures import queries
from reports.exports.request import Wanted


def remarks(wanted: Wanted) -> list[str]:
    """Sentences about the portfolios of an export and its days, none when there is nothing."""
    return [*_unknown(wanted), *_period(wanted)]


def _unknown(wanted: Wanted) -> list[str]:
    return [
        f"{one.code}: n/a since {one.from_on}. {one.reason}"
        for one in queries.missing_figures(wanted.as_of, wanted.portfolio_ids, wanted.cut)
    ]


def _period(wanted: Wanted) -> list[str]:
    """Whether the month of the as-of day is closed, and what was restated after."""
    told = queries.period_state(wanted.as_of, wanted.portfolio_ids, wanted.cut)
    if told is None:
        return []
    period = told.period
    if not told.is_closed:
        return [f"{period} was reopened at {period.reopened_at}: {period.reopen_reason}"]
    restated = [
        f"{period} was restated after its close: {row.code} net asset value"
        f" {machine(row.net_asset_value_closed)} as closed, {machine(row.net_asset_value_now)} now"
        f" ({row.cause or 'no cause noted'})."
        for row in told.restatements
    ]
    return [
        f"{period} was closed at {period.closed_at} at version {period.version_number}.",
        *restated,
    ]
