"""Positions: one row per portfolio and listing, in the portfolio's base currency."""

from collections.abc import Iterator
from typing import Any, Final

from helio.columns import Column, Kind
from portfolios.figures import queries
from reports.exports.dataset import Dataset
from reports.exports.frame import dataset
from reports.exports.request import Wanted

COLUMNS: Final = (
    Column("portfolio", "Portfolio", Kind.TEXT, 4),
    Column("valued_on", "Day", Kind.DATE),
    Column("listing_key", "Listing", Kind.TEXT, 6),
    Column("name", "Name", Kind.TEXT, 12),
    Column("security_type", "Type", Kind.TEXT, 5),
    Column("sector", "Sector", Kind.TEXT),
    Column("domicile", "Country", Kind.TEXT),
    Column("units_held", "Units", Kind.UNITS, 7, total=True),
    Column("unit_price", "Price", Kind.RATE, 6),
    Column("priced_on", "Priced on", Kind.DATE),
    Column("price_currency", "Price in", Kind.TEXT, 3),
    Column("value_price_currency", "Value in price currency", Kind.MONEY),
    Column("base_currency", "Base", Kind.TEXT, 3),
    Column("base_value", "Value", Kind.MONEY, 8, total=True),
    Column("share_of_nav", "Share", Kind.SHARE, 4),
    Column("value_change", "Change of the day", Kind.MONEY, 7),
    Column("average_cost_base", "Average cost", Kind.MONEY, 8, total=True),
    Column("fifo_cost_base", "FIFO cost", Kind.MONEY, total=True),
    Column("average_unrealised", "Unrealised", Kind.MONEY, 8),
    Column("fifo_unrealised", "Unrealised, FIFO", Kind.MONEY),
)


def build(wanted: Wanted, version: queries.Version) -> Dataset:
    """Holdings of each portfolio on the day, by listing."""
    return dataset(
        report="positions",
        title="Positions",
        wanted=wanted,
        version=version,
        columns=COLUMNS,
        records=_records(wanted),
    )


def _records(wanted: Wanted) -> Iterator[dict[str, Any]]:
    for portfolio in wanted.portfolios:
        for row in queries.positions(
            wanted.as_of, portfolio.base_currency, [portfolio.pk], wanted.cut
        ):
            yield {
                "portfolio": portfolio.code,
                "valued_on": wanted.as_of,
                "listing_key": row.listing_key,
                "name": row.name,
                "security_type": row.security_type,
                "sector": row.sector,
                "domicile": row.domicile,
                "units_held": row.units,
                "unit_price": row.price,
                "priced_on": row.priced_on,
                "price_currency": row.price_currency,
                "value_price_currency": row.value_price_currency,
                "base_currency": portfolio.base_currency,
                "base_value": row.value,
                "share_of_nav": row.share,
                "value_change": row.change,
                "average_cost_base": row.cost,
                "fifo_cost_base": row.fifo_cost,
                "average_unrealised": row.unrealised,
                "fifo_unrealised": row.fifo_unrealised,
            }
