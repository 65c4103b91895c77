"""Transactions: the ledger between two days, each row with its source record and line."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from helio.columns import Column, Kind
from portfolios.figures import queries
from reports.exports.dataset import Dataset
from reports.exports.frame import dataset
from reports.exports.request import Wanted

COLUMNS: Final = (
    Column("portfolio", "Portfolio", Kind.TEXT, 4),
    Column("transaction", "Transaction", Kind.COUNT),
    Column("effective_on", "Effective", Kind.DATE, 5),
    Column("settles_on", "Settles", Kind.DATE, 5),
    Column("executed_at", "Executed at", Kind.TIME),
    Column("kind", "Kind", Kind.TEXT, 7),
    Column("listing_key", "Listing", Kind.TEXT, 6),
    Column("name", "Name", Kind.TEXT, 11),
    Column("units", "Units", Kind.UNITS, 6, total=True),
    Column("unit_price", "Price", Kind.RATE, 5),
    Column("price_unit", "Price in", Kind.TEXT, 3),
    Column("currency", "Currency", Kind.TEXT, 4),
    Column("gross_amount", "Gross amount", Kind.MONEY, 7, total=True),
    Column("charges", "Charges", Kind.MONEY, 5, total=True),
    Column("tax_withheld", "Tax withheld", Kind.MONEY, 5, total=True),
    Column("cash_effect", "Cash effect", Kind.MONEY, 7, total=True),
    Column("second_currency", "Second currency", Kind.TEXT),
    Column("second_cash_effect", "Second cash effect", Kind.MONEY, total=True),
    Column("split_new", "Split, new", Kind.UNITS),
    Column("split_old", "Split, old", Kind.UNITS),
    Column("remark", "Remark", Kind.TEXT),
    Column("source", "Source", Kind.TEXT),
    Column("source_reference", "Reference", Kind.TEXT, 6),
    Column("source_version", "Version", Kind.COUNT),
    Column("known_from", "Known from", Kind.TIME),
    Column("batch", "Batch", Kind.COUNT),
    Column("file", "File", Kind.COUNT),
    Column("line", "Line", Kind.COUNT),
)


def build(wanted: Wanted, version: queries.Version) -> Dataset:
    """Events effective in the days wanted, as known now or at the moment wanted."""
    return dataset(
        report="transactions",
        title="Transactions",
        wanted=wanted,
        version=version,
        columns=COLUMNS,
        records=_records(wanted),
        spans_days=True,
    )


def _records(wanted: Wanted) -> Iterator[dict[str, Any]]:
    for portfolio in wanted.portfolios:
        rows = queries.transactions(portfolio, wanted.start, wanted.until, known_at=wanted.known_at)
        for row in rows:
            yield asdict(row) | {
                "portfolio": portfolio.code,
                "transaction": row.id,
                "name": row.listing_name,
                "batch": row.batch_id,
                "file": row.file_id,
                "line": row.line_no,
            }
