"""The order of events: by valuation day, own date, and the fixed order inside a day."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Final

import pandas as pd

from portfolios.valuation.calendar import ValuationCalendar

# split, dividend, money and units in, FX, trades by execution time, units and money out, fees
RANK: Final[dict[str, int]] = {
    "SPLIT": 0,
    "DIVIDEND": 1,
    "SUBSCRIPTION": 2,
    "TRANSFER_IN": 2,
    "FX": 3,
    "BUY": 4,
    "SELL": 4,
    "TRANSFER_OUT": 5,
    "REDEMPTION": 5,
    "MGMT_FEE": 6,
    "CUSTODY_FEE": 7,
}
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def in_order(ledger: Iterable[Any], calendar: ValuationCalendar) -> list[tuple[date, Any]]:
    """Pairs of valuation day and event, in the order in which they take effect.

    Events after the last valuation day are left out: they are still to come. The source reference
    decides what is otherwise equal, so that the order of loading never matters.
    """
    due = []
    for event in ledger:
        day = calendar.effective(event.effective_on)
        if day is not None:
            due.append((day, event))
    due.sort(key=_sort_key)
    return due


def _sort_key(pair: tuple[date, Any]) -> tuple[Any, ...]:
    day, event = pair
    rank = RANK[event.kind]
    executed_at = _EARLIEST if pd.isna(event.executed_at) else event.executed_at
    at = executed_at if rank == RANK["BUY"] else _EARLIEST
    return (day, event.effective_on, rank, at, event.source, event.source_reference)
