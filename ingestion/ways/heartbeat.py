"""Shows that a fetch is alive while it waits: for a slow server, or for its turn to load."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import structlog
from django.db import DatabaseError, connections
from django.utils import timezone

from ingestion.models import FetchRun

log = structlog.get_logger(__name__)

BEAT_SECONDS = 10.0
# A running fetch that is silent for so long was killed with its worker.
SILENT = timedelta(minutes=2)


@contextmanager
def heard(run: FetchRun) -> Iterator[None]:
    """Context in which the run's ``heard_at`` moves on by itself."""
    done = Event()
    thread = Thread(target=_beat, args=(run.pk, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(run_id: int, done: Event) -> None:
    try:
        while not done.wait(BEAT_SECONDS):
            FetchRun.objects.filter(pk=run_id, state=FetchRun.State.RUNNING).update(
                heard_at=timezone.now()
            )
    except DatabaseError:
        log.exception("fetch.heartbeat_lost", run=run_id)
    finally:
        connections.close_all()
