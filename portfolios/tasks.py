"""Celery tasks of portfolios: the refresh."""

from celery import shared_task

from portfolios.refresh import refresh


@shared_task(name="portfolios.refresh_figures")
def refresh_figures(cause: str = "schedule") -> str:
    """Refresh the figures; returns the outcome. Harmless when it is delivered twice."""
    return refresh(cause=cause).outcome
