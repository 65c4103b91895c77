"""Who has access to what at the moment of the export: for auditors."""

from typing import Final

from helio.columns import Column, Kind
from portfolios.figures import queries
from reports.dashboards.people import accesses
from reports.exports.dataset import Dataset
from reports.exports.frame import dataset
from reports.exports.request import Wanted

COLUMNS: Final = (
    Column("portfolio", "Portfolio", Kind.TEXT, 4),
    Column("name", "Name", Kind.TEXT, 10),
    Column("holder", "Held by", Kind.TEXT, 8),
    Column("right", "Right", Kind.TEXT, 4),
    Column("since", "Since", Kind.TIME, 8),
    Column("until", "Until", Kind.TIME, 8),
    Column("granted_by", "Granted by", Kind.TEXT, 6),
    Column("reason", "Reason", Kind.TEXT, 12),
)


def build(wanted: Wanted, version: queries.Version) -> Dataset:
    """Every grant in force, by portfolio."""
    codes = {portfolio.code for portfolio in wanted.portfolios}
    records = (
        {
            "portfolio": one.code,
            "name": one.name,
            "holder": one.holder,
            "right": one.right,
            "since": one.since,
            "until": one.until,
            "granted_by": one.granted_by,
            "reason": one.reason,
        }
        for one in accesses()
        if one.code in codes
    )
    return dataset(
        report="access",
        title="Access",
        wanted=wanted,
        version=version,
        columns=COLUMNS,
        records=records,
    )
