"""Attribution: one row per portfolio and sector between two days, and the basket's difference."""

from collections.abc import Iterator
from typing import Any, Final

from helio.columns import Column, Kind
from portfolios.figures import queries
from reports.exports import spans
from reports.exports.dataset import Dataset
from reports.exports.frame import dataset
from reports.exports.request import Wanted

DIFFERENCE: Final = "Basket less published index"
COLUMNS: Final = (
    *spans.COLUMNS,
    Column("sector", "Sector", Kind.TEXT, 9),
    Column("average_weight", "Weight", Kind.SHARE, 5),
    Column("index_weight", "Benchmark weight", Kind.SHARE, 5),
    Column("linked_contribution", "Contribution", Kind.SHARE, 5),
    Column("index_contribution", "Benchmark contribution", Kind.SHARE, 5),
    Column("allocation_effect", "Allocation", Kind.SHARE, 5),
    Column("selection_effect", "Selection", Kind.SHARE, 5),
    Column("total_effect", "Total", Kind.SHARE, 5),
)
_NOTHING: Final = dict.fromkeys(column.name for column in COLUMNS)


def build(wanted: Wanted, version: queries.Version) -> Dataset:
    """Allocation and selection by sector; a portfolio's rows sum to its active return."""
    return dataset(
        report="attribution",
        title="Attribution",
        wanted=wanted,
        version=version,
        columns=COLUMNS,
        records=_records(wanted),
        spans_days=True,
    )


def _records(wanted: Wanted) -> Iterator[dict[str, Any]]:
    for shared, span in spans.spans(wanted):
        told = queries.attributed(span)
        if told is None:  # the benchmark's weights or closes are not known
            continue
        covered = shared | {"opens_on": told.opens_on, "closes_on": told.closes_on}
        for group in told.effects.groups:
            yield covered | {
                "sector": group.group,
                "average_weight": group.weight,
                "index_weight": group.index_weight,
                "linked_contribution": group.contribution,
                "index_contribution": group.index_contribution,
                "allocation_effect": group.allocation,
                "selection_effect": group.selection,
                "total_effect": group.total,
            }
        yield _NOTHING | covered | {"sector": DIFFERENCE, "total_effect": told.basket_difference}
