"""Exposures: one row per portfolio, breakdown and bucket, in the portfolio's base currency."""

from collections.abc import Iterator
from typing import Any, Final

from helio.columns import Column, Kind
from portfolios.figures import queries
from reports.exports.dataset import Dataset
from reports.exports.frame import dataset
from reports.exports.request import Wanted

BREAKDOWNS: Final = ("currency", "sector", "security_type", "domicile", "issuer")

COLUMNS: Final = (
    Column("portfolio", "Portfolio", Kind.TEXT, 4),
    Column("valued_on", "Day", Kind.DATE, 4),
    Column("breakdown", "Breakdown", Kind.TEXT, 6),
    Column("bucket", "Bucket", Kind.TEXT, 10),
    Column("base_currency", "Base", Kind.TEXT, 3),
    Column("value_base", "Value", Kind.MONEY, 8, total=True),
    Column("share_of_nav", "Share of net asset value", Kind.SHARE, 6),
)


def build(wanted: Wanted, version: queries.Version) -> Dataset:
    """How the value of each portfolio is spread on the day, by every breakdown."""
    return dataset(
        report="exposures",
        title="Exposures",
        wanted=wanted,
        version=version,
        columns=COLUMNS,
        records=_records(wanted),
    )


def _records(wanted: Wanted) -> Iterator[dict[str, Any]]:
    for portfolio in wanted.portfolios:
        for breakdown in BREAKDOWNS:
            currency, ids = portfolio.base_currency, [portfolio.pk]
            for row in queries.exposure(wanted.as_of, currency, breakdown, ids, wanted.cut):
                yield {
                    "portfolio": portfolio.code,
                    "valued_on": wanted.as_of,
                    "breakdown": breakdown,
                    "bucket": row.bucket,
                    "base_currency": currency,
                    "value_base": row.value,
                    "share_of_nav": row.share,
                }
