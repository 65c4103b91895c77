"""Once a night everything is computed again from the facts: the proof that refreshes went right.

It writes only what differs, as every refresh does. Where nothing but this was noted and a row was
written all the same, an earlier refresh had left it wrong: the row is right again, and said to be.
"""

from collections import Counter
from datetime import date
from typing import Final

import structlog
from django.db import transaction

from portfolios import statements
from portfolios.refresh.requests import mark_affected

log = structlog.get_logger(__name__)

CAUSE: Final = "reconciliation"
TABLES: Final = (
    "valuation_day",
    "price_daily",
    "fx_daily",
    "holding_state",
    "activity_daily",
    "listing_activity",
    "portfolio_life",
    "portfolio_gap",
    "base_price_daily",
    "portfolio_day",
    "position_open",
    "composite_sum",
    "firm_mover_day",
)
RIGHT: Final = "Everything computed again from the facts: every row as it was"


def ask() -> None:
    """Note that everything is to be computed again, to compare."""
    with transaction.atomic():
        mark_affected(from_on=date(1970, 1, 1), batch_id=None, cause=CAUSE)


def written() -> Counter[str]:
    """Rows of each derived table that this connection wrote and has not yet accounted for."""
    found = statements.run("refresh/70_written", tables=list(TABLES))
    return Counter(dict(found))


def sentence(differed: Counter[str]) -> str:
    """What the comparison came to; a difference is an error for whoever watches the logs."""
    if not differed:
        return RIGHT
    told = ", ".join(f"{rows} of {name}" for name, rows in sorted(differed.items()))
    log.error("refresh.reconciled", differed=dict(differed))
    return f"Computed again from the facts, and mended where rows differed: {told}"
