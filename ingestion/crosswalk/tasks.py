"""Celery tasks of the crosswalk: rehearse what is proposed, apply what is approved."""

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError as BrokerAway

from ingestion.crosswalk import apply as applying
from ingestion.crosswalk import preview as rehearsing
from ingestion.crosswalk import unmapped
from portfolios.refresh import is_due
from portfolios.tasks import refresh_figures

log = structlog.get_logger(__name__)


@shared_task(name="ingestion.settle_mappings")
def settle_mappings() -> dict[str, list[int]]:
    """Numbers of the mappings applied and rehearsed; figures follow at once.

    Asked for after each decision and by the schedule: what the broker lost is done then.
    """
    applied = [number for number in applying.waiting() if applying.apply(number)]
    if applied and is_due():
        ask_for_refresh(applied)
    unmapped.keep_current()
    rehearsed = [number for number in rehearsing.waiting() if rehearsing.preview(number)]
    return {"applied": applied, "rehearsed": rehearsed}


@shared_task(name="ingestion.rehearse_mapping")
def rehearse_mapping(proposal_id: int) -> str:
    """What the proposal would change now, in a sentence; empty when it is decided."""
    seen = rehearsing.preview(proposal_id)
    return seen.sentence if seen else ""


def ask_for_refresh(numbers: list[int]) -> None:
    """Asks for a refresh; without the broker the sweep finds what was noted."""
    names = ", ".join(str(number) for number in numbers)
    try:
        refresh_figures.delay(cause=f"Mapping {names}")
    except BrokerAway:
        log.warning("mapping.refresh_not_asked", mappings=numbers)


def ask_to_settle() -> None:
    """Asks the worker to look at what was proposed or decided."""
    try:
        settle_mappings.delay()
    except BrokerAway:
        log.warning("mapping.settling_not_asked")


def ask_to_rehearse(proposal_id: int) -> None:
    """Asks the worker for a new rehearsal of one proposal."""
    try:
        rehearse_mapping.delay(proposal_id)
    except BrokerAway:
        log.warning("mapping.rehearsal_not_asked", mapping=proposal_id)
