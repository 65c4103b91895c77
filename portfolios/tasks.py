"""Celery tasks of portfolios: the refresh, and the firm as known then."""

from celery import shared_task

from portfolios.explain import firm_change
from portfolios.figures import firm_then
from portfolios.periods import freeze
from portfolios.refresh import is_due, reconciliation, refresh


@shared_task(name="portfolios.refresh_figures")
def refresh_figures(cause: str = "schedule") -> str:
    """Refresh the figures; returns the outcome. Harmless when it is delivered twice."""
    return refresh(cause=cause).outcome


@shared_task(name="portfolios.reconcile")
def reconcile() -> str:
    """Compute everything again from the facts, to prove that refreshes went right.

    Returns the outcome: unchanged, or refreshed where something had to be mended.
    """
    reconciliation.ask()
    return refresh(cause=reconciliation.CAUSE).outcome


@shared_task(name="portfolios.compute_firm_then")
def compute_firm_then(pk: int) -> str:
    """Compute the firm as known at a moment somebody asked for; returns the state it ends in."""
    return str(firm_then.compute(pk) or "nothing asked")


@shared_task(name="portfolios.compute_firm_change")
def compute_firm_change(pk: int) -> str:
    """Compute why the firm changed since a version; returns the state it ends in."""
    return str(firm_change.compute(pk) or "nothing asked")


@shared_task(name="portfolios.close_periods")
def close_periods() -> int:
    """Close the months that operations asked for; returns how many there were."""
    return freeze.freeze_asked()


@shared_task(name="portfolios.sweep")
def sweep() -> str:
    """Refresh if something was noted whose own request was lost; returns the outcome.

    A question about the firm whose task was lost is answered too, and a month whose closing was
    asked for is closed.
    """
    firm_then.compute_asked()
    firm_change.compute_asked()
    freeze.freeze_asked()
    return refresh(cause="sweep").outcome if is_due() else "nothing noted"
