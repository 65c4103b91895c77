"""Checks of trades: dates, capture, versions, and sales of more than there was."""

from typing import Final

from ingestion.quality.check import Check, Looks, sql_check

CHECKS: Final[tuple[Check, ...]] = (
    sql_check("210_trades.sql", ("TRADE_DATE_SHIFTED", "LATE_CAPTURE"), Looks.AT_NEW_RECORDS),
    sql_check(
        "220_versions.sql",
        ("AMENDED", "CANCELLED", "VERSION_OUT_OF_ORDER"),
        Looks.AT_NEW_RECORDS,
    ),
    sql_check("230_oversold.sql", ("OVERSOLD",), Looks.AT_PORTFOLIOS),
)
