"""Valuing what was noted without keeping it: inside a transaction that the caller takes back."""

from typing import Any

from django.db import connection

from portfolios import statements
from portfolios.refresh import cycle, horizon
from portfolios.refresh.clock import Clock
from portfolios.refresh.run import LOCK


def rehearse() -> None:
    """Positions as the next refresh would make them; the caller must roll back.

    Waits for a refresh under way, and makes those that follow wait: they end as coalesced, and
    what was noted is swept up within a minute.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("rehearse() needs a transaction that its caller takes back.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    statements.run("refresh/10_work")
    days = horizon.extend()
    if days.last_on is not None:
        cycle.value(days, Clock())


def net_asset_values() -> dict[int, dict[str, Any]]:
    """By portfolio: code, base currency, newest valuation day, and value on it."""
    return {row.pop("portfolio_id"): row for row in statements.rows("refresh/80_newest_values")}
