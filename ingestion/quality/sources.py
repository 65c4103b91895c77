"""Checks of sources against each other: the one that decides, and what the others said."""

from typing import Final

from ingestion.quality.check import Check, Looks, sql_check

CHECKS: Final[tuple[Check, ...]] = (
    sql_check("345_prices_differ.sql", ("PRICE_DIFFERS",), Looks.AT_LISTINGS),
    sql_check("350_sources_differ.sql", ("SOURCES_DIFFER",), Looks.EVERYWHERE),
)
