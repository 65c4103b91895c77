"""Stage five: the rollups, in the order in which they build on each other."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from django.db import connection

from portfolios import statements

# Small enough to be refreshed whole in every cycle.
WHOLE: Final = ("index_day",)
# Each is a pair, name_closed and name_open; a later one may read an earlier one.
PAIRS: Final = (
    "portfolio_day",
    "exposure_day",
    "benchmark_day",
    "composite_day",
    "firm_mover_day",
)

SOURCES: Final = ("position_daily", "holding_state", "activity_daily", "price_daily", "fx_daily")


def open_from(last_on: date) -> date:
    """First day of the open window: the month before the last valuation day's.

    Late trades and restatements mostly touch the month just ended: it stays open a month longer.
    """
    return (last_on.replace(day=1) - timedelta(days=1)).replace(day=1)


def move_window(last_on: date) -> bool:
    """Move the window to where ``last_on`` wants it; True when it moved."""
    return bool(statements.run("refresh/61_window", open_from=open_from(last_on)))


def views(*, closed: bool) -> Iterator[str]:
    """Names of the views to refresh, closed ones only where a closed month changed."""
    yield from WHOLE
    for rollup in PAIRS:
        if closed:
            yield f"{rollup}_closed"
        yield f"{rollup}_open"


def refresh_view(view: str) -> None:
    """Refresh one view without making its readers wait, and know its size again."""
    with connection.cursor() as cursor:
        cursor.execute(f"REFRESH MATERIALIZED VIEW CONCURRENTLY rollup.{view}")
        cursor.execute(f"ANALYZE rollup.{view}")


def analyse_sources() -> None:
    """Statistics of what the closed views read: a rebuild outruns autovacuum."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(SOURCES)}")
