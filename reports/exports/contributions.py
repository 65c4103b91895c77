"""Contributions: one row per portfolio and holding between two days, and the rest of the return."""

from collections.abc import Iterator
from typing import Any, Final

from helio.columns import Column, Kind
from portfolios.figures import queries
from reports.exports import spans
from reports.exports.dataset import Dataset
from reports.exports.frame import dataset
from reports.exports.request import Wanted

REST: Final = "Cash, currency deals and fees"
COLUMNS: Final = (
    *spans.COLUMNS,
    Column("listing_key", "Listing", Kind.TEXT, 6),
    Column("name", "Name", Kind.TEXT, 9),
    Column("security_type", "Type", Kind.TEXT),
    Column("sector", "Sector", Kind.TEXT),
    Column("domicile", "Country", Kind.TEXT),
    Column("issuer", "Issuer", Kind.TEXT),
    Column("price_currency", "Price in", Kind.TEXT),
    Column("average_weight", "Weight", Kind.SHARE, 4),
    Column("linked_contribution", "Contribution", Kind.SHARE, 5),
    Column("opening_value", "Opening value", Kind.MONEY, total=True),
    Column("traded_cash", "Trades", Kind.MONEY, total=True),
    Column("closing_value", "Closing value", Kind.MONEY, 7, total=True),
    Column("price_effect", "Price", Kind.MONEY, 6, total=True),
    Column("currency_effect", "Currency", Kind.MONEY, 6, total=True),
    Column("dividend_income", "Dividends", Kind.MONEY, 6, total=True),
    Column("profit", "Profit", Kind.MONEY, 6, total=True),
)
_NOTHING: Final = dict.fromkeys(column.name for column in COLUMNS)
_COPIED: Final = (
    "listing_key",
    "name",
    "security_type",
    "sector",
    "domicile",
    "issuer",
    "opening_value",
    "traded_cash",
    "closing_value",
    "price_effect",
    "currency_effect",
    "dividend_income",
    "profit",
)


def build(wanted: Wanted, version: queries.Version) -> Dataset:
    """What each listing added to profit and return; the last row of a portfolio is the rest."""
    return dataset(
        report="contributions",
        title="Contributions",
        wanted=wanted,
        version=version,
        columns=COLUMNS,
        records=_records(wanted),
        spans_days=True,
    )


def _records(wanted: Wanted) -> Iterator[dict[str, Any]]:
    for shared, span in spans.spans(wanted):
        told = queries.contributions_of(span)
        for row in told.listings:
            yield shared | {
                **{name: getattr(row, name) for name in _COPIED},
                "price_currency": row.currency,
                "average_weight": row.weight,
                "linked_contribution": row.contribution,
            }
        yield (
            _NOTHING
            | shared
            | {
                "name": REST,
                "average_weight": told.rest_weight,
                "linked_contribution": told.rest,
            }
        )
