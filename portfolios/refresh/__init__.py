"""Refresh: from facts to a new version of all figures.

``mark_affected`` and ``note_input`` are called inside the transaction that loads facts;
``refresh`` afterwards, by a task, a command or the schedule.
"""

from portfolios.refresh.cycle import is_due
from portfolios.refresh.requests import mark_affected, note_input
from portfolios.refresh.run import RefreshReport, refresh

__all__ = ["RefreshReport", "is_due", "mark_affected", "note_input", "refresh"]
