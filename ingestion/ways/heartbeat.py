"""Shows that work is alive while it waits: for a slow server, or for its turn to load."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import structlog
from django.db import DatabaseError, connections
from django.utils import timezone

from ingestion.models import FetchRun, Upload

log = structlog.get_logger(__name__)

BEAT_SECONDS = 10.0
# What is at work and silent for so long was killed with its worker.
SILENT = timedelta(minutes=2)


@contextmanager
def heard(work: FetchRun | Upload) -> Iterator[None]:
    """Context in which ``heard_at`` of the work moves on by itself."""
    done = Event()
    thread = Thread(target=_beat, args=(type(work), work.pk, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(kind: type[FetchRun] | type[Upload], number: int, done: Event) -> None:
    try:
        while not done.wait(BEAT_SECONDS):
            kind.objects.filter(pk=number).update(heard_at=timezone.now())
    except DatabaseError:
        log.exception("work.heartbeat_lost", kind=kind.__name__, number=number)
    finally:
        connections.close_all()
