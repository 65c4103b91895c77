"""One cycle: takes what was noted, values it again and inserts a version, in one transaction."""

from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.utils import timezone

from portfolios import statements
from portfolios.models import Affected, SourceInput, ValuationDay, Version
from portfolios.refresh import books, horizon, reconciliation, rollups
from portfolios.refresh.clock import Clock
from portfolios.valuation.calendar import ValuationCalendar
from portfolios.valuation.units import MINOR_UNITS


def is_due() -> bool:
    """True when something was noted since the last cycle."""
    return Affected.objects.exists()


class Result(NamedTuple):
    """The new version, or None when what was noted changed no figure; and a sentence, if any."""

    version: Version | None
    sentence: str = ""


def run(*, cause: str) -> Result:
    """What came of a cycle.

    Runs inside a transaction that sees one state of the facts; the caller holds the lock.
    """
    clock = Clock()
    before = reconciliation.written()
    with clock.step("days"):
        statements.run("refresh/10_work")
        days = horizon.extend()
    if days.last_on is None:
        return Result(None)
    value(days, clock)
    told = statements.row("refresh/57_changes", reconciliation=reconciliation.CAUSE)
    changes = rollups.Changes(**told)
    if changes.from_on is None:
        return Result(None)
    rollups.roll_up(changes, days.new_from, clock)
    sentence = ""
    if changes.reconciled:
        differed = reconciliation.written() - before
        sentence = reconciliation.sentence(differed)
        if not differed:
            return Result(None, sentence)
    version = Version.objects.create(
        created_at=timezone.now(),
        as_of=days.last_on,
        cause=cause,
        batch_ids=changes.batch_ids,
        source_ages=source_ages(),
        steps=clock.steps,
        changed_portfolios=changes.portfolio_ids,
        changed_from=changes.from_on,
        duration_ms=clock.total,
    )
    return Result(version, sentence)


def value(days: horizon.Horizon, clock: Clock) -> None:
    """Brings prices, rates, books and with them positions up to what was noted."""
    new = {"new_from": days.new_from}
    pivot = {"pivot": settings.HELIO_FX_PIVOT}
    with clock.step("prices"):
        statements.run("refresh/22_scope", **new, **pivot)
        majors, parts = zip(*MINOR_UNITS.values(), strict=True)
        statements.run(
            "refresh/30_price_daily",
            units=list(MINOR_UNITS),
            majors=list(majors),
            parts=list(parts),
        )
    with clock.step("rates"):
        statements.run("refresh/31_fx_daily", **pivot)
    with clock.step("books"):
        statements.run("refresh/40_books", **new, **pivot)
        books.replay_affected(_work_portfolios(), _calendar())
    with clock.step("base_prices"):
        statements.run("refresh/50_base_price", **new)
        statements.run("refresh/55_work_day", **new)


def _work_portfolios() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT portfolio_id FROM work_portfolio ORDER BY portfolio_id")
        return [row[0] for row in cursor.fetchall()]


def _calendar() -> ValuationCalendar:
    return ValuationCalendar(ValuationDay.objects.values_list("valued_on", flat=True))


def source_ages() -> dict[str, dict[str, Any]]:
    """Newest input, business date and next due time of each source, as a version carries them."""
    return {
        row.source: {
            "newest_input_at": row.newest_input_at.isoformat(),
            "business_date": row.business_date.isoformat() if row.business_date else None,
            "due_at": row.due_at.isoformat() if row.due_at else None,
        }
        for row in SourceInput.objects.order_by("source")
    }
