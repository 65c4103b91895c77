"""The checks as a task: asked for after each load and each version, and now and then by beat."""

from typing import Any

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError as BrokerAway

from portfolios.signals import figures_refreshed, period_changed

log = structlog.get_logger(__name__)


@shared_task(name="ingestion.run_checks")
def run_checks_task(cause: str = "schedule") -> int | None:
    """Number of the run, None when there was nothing new; harmless when it is delivered twice."""
    # Here, not above: web processes know this task by name and need neither pandas nor pandera.
    from ingestion.quality.run import run_checks

    run = run_checks(cause=cause)
    return run.pk if run else None


def ask_for_checks(cause: str) -> None:
    """Asks the worker to look at what is new; without the broker beat asks a little later."""
    try:
        run_checks_task.delay(cause=cause)
    except BrokerAway:
        log.warning("quality.not_asked", cause=cause)


def connect() -> None:
    """Listen for new versions and closed months: the checks of results look at them."""
    figures_refreshed.connect(_version_is_out, dispatch_uid="ingestion.quality.version")
    period_changed.connect(_period_changed, dispatch_uid="ingestion.quality.period")


def _version_is_out(sender: Any, version: Any, **_: Any) -> None:
    ask_for_checks(f"version {version}")


def _period_changed(sender: Any, period: Any, **_: Any) -> None:
    ask_for_checks(f"{period} was closed or reopened")
