"""Stage five: the rollups, in the order in which they build on each other.

The large ones are tables in which a refresh writes the days that changed; the small ones on top of
them are materialised views, refreshed without making their readers wait.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import connection

from portfolios import statements
from portfolios.refresh.clock import Clock

# A row a day, or one by currency or desk: few at any number of portfolios.
INDEX_VIEWS: Final = ("index_day", "benchmark_level")
CLOSED_MONTHS: Final = "composite_day_closed"
OPEN_WINDOW: Final = "composite_day_open"

# Sums are kept ready for the perimeters of so many people, of those who signed in last.
PERIMETERS: Final = 200
UNSEEN: Final = timedelta(days=30)

# A rebuild outruns autovacuum, and what reads these goes wrong without statistics of their keys.
SOURCES: Final = (
    "price_daily (listing_id, valued_on)",
    "holding_state (portfolio_id, listing_id, from_on, to_on)",
    "activity_daily (portfolio_id, valued_on)",
    "listing_activity (portfolio_id, listing_id, valued_on)",
    "base_price_daily (listing_id, base_currency, valued_on)",
)
TABLES: Final = (
    "rollup.portfolio_day (portfolio_id, valued_on)",
    "rollup.firm_mover_day (listing_id, valued_on)",
)


@dataclass(frozen=True)
class Changes:
    """From which day on figures changed (None: nowhere), whose, and the batches behind it.

    ``whole``: everything was valued again, or for the first time; ``reconciled``: only to compare.
    """

    from_on: date | None
    whole: bool
    reconciled: bool
    portfolio_ids: list[int]
    batch_ids: list[int]


def roll_up(changes: Changes, new_from: date | None, clock: Clock) -> None:
    """Bring every rollup up to the valued positions."""
    with clock.step("portfolio_day"):
        if changes.whole:
            _analyse(SOURCES)
            statements.run("refresh/58_shared")
        statements.run("refresh/60_portfolio_day", **statements.row("refresh/59_work_day"))
    with clock.step("perimeter_day"):
        statements.run("refresh/61_perimeter_day", unseen=UNSEEN, at_most=PERIMETERS)
    with clock.step("composite_sum"):
        statements.run("refresh/62_composite_sum")
    with clock.step("firm_mover_day"):
        work = statements.row("refresh/63_work_mover", new_from=new_from)
        statements.run("refresh/64_firm_mover_day", **work)
        if changes.whole:
            _analyse(TABLES)
    with clock.step("position_open"):
        statements.run("refresh/67_position_open")
    for view in _stale_views(changes, new_from):
        with clock.step(view):
            _refresh(view)


def _stale_views(changes: Changes, new_from: date | None) -> Iterator[str]:
    stale = statements.row("refresh/66_views", changed_from=changes.from_on, new_from=new_from)
    if stale["index_levels"]:
        yield from INDEX_VIEWS
    if stale["closed_months"]:
        yield CLOSED_MONTHS
    yield OPEN_WINDOW


def _refresh(view: str) -> None:
    """Refresh one view without making its readers wait, and know its size again."""
    with connection.cursor() as cursor:
        cursor.execute(f"REFRESH MATERIALIZED VIEW CONCURRENTLY rollup.{view}")
        cursor.execute(f"ANALYZE rollup.{view}")


def _analyse(tables: tuple[str, ...]) -> None:
    """Take the statistics of some tables again."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
