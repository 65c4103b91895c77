"""What follows an ingest: the checks look at it, and figures are refreshed at once."""

from collections.abc import Iterable

import structlog
from kombu.exceptions import OperationalError as BrokerAway

from ingestion.models import Batch
from ingestion.quality.tasks import ask_for_checks
from portfolios.tasks import refresh_figures

log = structlog.get_logger(__name__)


def ask_for_refresh(batches: Iterable[Batch]) -> None:
    """Asks the worker for the checks, and for a refresh when figures may have changed.

    Without the broker nothing is lost: what is affected is in the database, and beat looks.
    """
    batches = list(batches)
    if batches:
        ask_for_checks(", ".join(f"batch {batch.pk}" for batch in batches))
    changing = [b for b in batches if b.loaded or b.superseded or b.released]
    if not changing:
        return
    cause = ", ".join(f"{batch.source.title} (batch {batch.pk})" for batch in changing)
    try:
        refresh_figures.delay(cause=cause)
    except BrokerAway:
        log.warning("ingest.refresh_not_asked", batches=[batch.pk for batch in changing])
