"""Stage five: the rollups, in the order in which they build on each other.

The large ones are tables in which a refresh writes the days that changed; the small ones on top of
them are materialised views, refreshed without making their readers wait.
"""

from datetime import date
from typing import Final

from django.db import connection

from portfolios import statements
from portfolios.refresh.clock import Clock

# Some thousand rows at any number of portfolios: few enough to be refreshed whole.
VIEWS: Final = ("index_day", "benchmark_level", "composite_day")

# A rebuild outruns autovacuum, and what reads these goes wrong without statistics.
SOURCES: Final = (
    "price_daily",
    "fx_daily",
    "holding_state",
    "activity_daily",
    "listing_activity",
    "base_price_daily",
)
TABLES: Final = ("rollup.portfolio_day", "rollup.composite_sum", "rollup.firm_mover_day")


def roll_up(new_from: date | None, clock: Clock, *, whole: bool) -> None:
    """Bring every rollup up to the valued positions; ``whole``: most of their rows are new."""
    with clock.step("portfolio_day"):
        if whole:
            _analyse(SOURCES)
        statements.run("refresh/60_portfolio_day")
    with clock.step("composite_sum"):
        statements.run("refresh/62_composite_sum")
    with clock.step("firm_mover_day"):
        statements.run("refresh/64_firm_mover_day", new_from=new_from)
        if whole:
            _analyse(TABLES)
    for view in VIEWS:
        with clock.step(view):
            _refresh(view)


def _refresh(view: str) -> None:
    """Refresh one view without making its readers wait, and know its size again."""
    with connection.cursor() as cursor:
        cursor.execute(f"REFRESH MATERIALIZED VIEW CONCURRENTLY rollup.{view}")
        cursor.execute(f"ANALYZE rollup.{view}")


def _analyse(tables: tuple[str, ...]) -> None:
    """Take the statistics of some tables again."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
