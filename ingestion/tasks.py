"""Celery tasks of ingestion: take what lies ready, fetch what is due. All may come twice."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from celery import Task, shared_task
from django.conf import settings
from django.db import DatabaseError

from ingestion.crosswalk.tasks import rehearse_mapping, settle_mappings  # noqa: F401  registers
from ingestion.definition.section import BadDefinition
from ingestion.feeder.feed import feed
from ingestion.models import Batch, Source
from ingestion.operations.requests import work_off
from ingestion.pipeline.follow import ask_for_refresh
from ingestion.ways import due
from ingestion.ways.folder.inbox import Inbox
from ingestion.ways.retention import expire
from ingestion.ways.run import perform
from ingestion.ways.upload.take import take_all

log = structlog.get_logger(__name__)


@shared_task(name="ingestion.scan_inbox")
def scan_inbox() -> list[int]:
    """Numbers of the batches that took something; asks for a refresh when figures may change.

    The same file taken twice is one load (by its hash), so the lock only saves work.
    """
    with _alone(settings.HELIO_HOME / "inbox") as alone:
        if not alone:
            return []
        inbox = Inbox(settings.HELIO_HOME)
        taken = [_taken(inbox, source) for source in Source.objects.all()]
    taken += work_off(lambda source, by: inbox.take(source, by=by))
    batches = [batch for batch in taken if batch is not None]
    ask_for_refresh(batches)
    return [batch.pk for batch in batches]


def _taken(inbox: Inbox, source: Source) -> Batch | None:
    """The batch of a source's folder; a source in trouble stops no other, and is tried again."""
    try:
        return inbox.take(source, by="inbox")
    except (OSError, DatabaseError, BadDefinition):
        log.exception("inbox.failed", source=source.name)
        return None


@shared_task(name="ingestion.start_due_fetches")
def start_due_fetches() -> list[int]:
    """Numbers of the runs that were handed to the workers."""
    runs = due.due_runs()
    for run in runs:
        fetch_source.delay(run)
    return runs


@shared_task(name="ingestion.fetch_source", bind=True)
def fetch_source(self: Task, run_id: int) -> int | None:
    """Number of the batch that came of the run; None when nothing did, or another has it."""
    run = due.begin(run_id, worker=self.request.id or "")
    batch = perform(run) if run else None
    if batch is None:
        return None
    ask_for_refresh([batch])
    return batch.pk


@shared_task(name="ingestion.take_uploads")
def take_uploads() -> list[int]:
    """Numbers of the batches of uploads that waited."""
    batches = take_all()
    ask_for_refresh(batches)
    return [batch.pk for batch in batches]


@shared_task(name="ingestion.expire_bytes")
def expire_bytes() -> int:
    """How many files' bytes were let go, their time being over."""
    return len(expire())


@shared_task(name="ingestion.feed_demo")
def feed_demo() -> list[str]:
    """Names of the files dropped into the inbox; none outside the demo."""
    if not settings.HELIO_DEMO_FEED:
        return []
    return feed(Inbox(settings.HELIO_HOME))


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether this process alone looks into the folder; the lock ends with the process."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".scan.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
