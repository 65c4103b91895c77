"""What the manifest of an export says beside its figures: what is unknown, and what is closed."""

from __future__ import annotations

from portfolios.figures import queries
from reports.exports.request import Wanted


def remarks(wanted: Wanted) -> list[str]:
    """Sentences about the portfolios of an export and its days, none when there is nothing."""
    return [
        f"{one.code}: n/a since {one.from_on}. {one.reason}"
        for one in queries.missing_figures(wanted.as_of, wanted.portfolio_ids, wanted.cut)
    ]
