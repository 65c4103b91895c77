"""Celery tasks of portfolios: the refresh."""

from celery import shared_task

from portfolios.refresh import is_due, refresh


@shared_task(name="portfolios.refresh_figures")
def refresh_figures(cause: str = "schedule") -> str:
    """Refresh the figures; returns the outcome. Harmless when it is delivered twice."""
    return refresh(cause=cause).outcome


@shared_task(name="portfolios.sweep")
def sweep() -> str:
    """Refresh if something was noted whose own request was lost; returns the outcome."""
    return refresh(cause="sweep").outcome if is_due() else "nothing noted"
