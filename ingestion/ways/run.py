"""One fetch from beginning to end: asked, landed, loaded, remembered, and told in a sentence."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from django.db import DatabaseError, transaction
from django.utils import timezone

from ingestion.definition.model import Definition
from ingestion.landing.delivery import Delivery, fingerprint
from ingestion.models import Batch, FetchRun, FetchState, Source, SourceFile
from ingestion.pipeline.definitions import definition_of
from ingestion.pipeline.run import ingest
from ingestion.ways import breaker
from ingestion.ways.fetchers import FETCHERS
from ingestion.ways.heartbeat import heard
from ingestion.ways.options import Fetch
from ingestion.ways.visit import Brought, Fetched, FetchFailed, Visit
from portfolios.refresh.requests import note_input

log = structlog.get_logger(__name__)

GOOD = (SourceFile.Status.LOADED, SourceFile.Status.OPENED)


def perform(run: FetchRun) -> Batch | None:
    """The batch that came of it; None when nothing was new, or the fetch failed.

    A source that does not answer is no error here: the run says so. What goes wrong in the
    database is raised, after the run was marked.
    """
    definition = definition_of(run.source)
    state, _ = FetchState.objects.get_or_create(source=run.source)
    if definition.fetch is None:
        _end(run, FetchRun.State.FAILED, "Its definition has no [fetch] table any more.")
        return None
    try:
        with heard(run), TemporaryDirectory(prefix="helio-fetch-") as folder:
            return _fetch(run, state, definition, definition.fetch, Path(folder))
    except FetchFailed as failure:
        _failed(run, state, definition.fetch, failure.sentence)
    except OSError as error:
        _failed(run, state, definition.fetch, f"The worker's disk: {error.strerror or error}.")
    except DatabaseError as error:
        _failed(run, state, definition.fetch, f"The load broke off: {type(error).__name__}.")
        raise
    return None


def _fetch(
    run: FetchRun, state: FetchState, definition: Definition, fetch: Fetch, folder: Path
) -> Batch | None:
    visit = Visit(
        source_id=run.source_id,
        digest=definition.digest,
        folder=folder,
        policy=fetch.policy,
        memory=dict(state.memory),
        at=datetime.now(UTC),
    )
    try:
        fetched = FETCHERS[fetch.way](fetch.options, visit)
    finally:
        run.attempts, run.bytes = visit.asked, visit.bytes
    run.files = len(fetched.files)
    by = (run.asked_by or run.cause)[:60]
    deliveries = [Delivery(each.name, each.path, fetch.way, by) for each in fetched.files]
    if not deliveries or _all_known(run.source, deliveries, definition.digest):
        _nothing_new(run, state, fetched)
        return None
    batch = ingest(run.source, deliveries, by=by)
    _loaded(run, state, fetched, batch)
    return batch


def _all_known(source: Source, deliveries: list[Delivery], digest: str) -> bool:
    """True when every byte was received before, and would be read as it was then."""
    hashes = {fingerprint(delivery).sha256 for delivery in deliveries}
    known = SourceFile.objects.filter(source=source, sha256__in=hashes, duplicate_of=None)
    read = known.filter(status__in=GOOD) | known.filter(
        status=SourceFile.Status.REJECTED, definition_digest=digest
    )
    return read.count() == len(hashes)


@transaction.atomic
def _nothing_new(run: FetchRun, state: FetchState, fetched: Fetched) -> None:
    """The source answered: its data is as fresh as this moment, though nothing arrived."""
    _remember(state, fetched.files, fetched)
    breaker.succeeded(state, timezone.now())
    source = Source.objects.select_for_update().get(pk=run.source_id)
    source.confirmed_at = timezone.now()
    source.save(update_fields=["confirmed_at"])
    if source.newest_input_at is not None:
        note_input(
            source=source.name,
            received_at=source.newest_input_at,
            business_date=source.business_date,
            due_at=source.due_at,
        )
    said = fetched.sentence or "The same bytes as before; nothing is new."
    _end(run, FetchRun.State.DONE, said)


@transaction.atomic
def _loaded(run: FetchRun, state: FetchState, fetched: Fetched, batch: Batch | None) -> None:
    """Remembers what was taken, and moves the mark unless a file of it was rejected."""
    refused = set()
    if batch is not None:
        files = SourceFile.objects.filter(batch=batch, parent=None).select_related("duplicate_of")
        refused = {each.name for each in files if not _is_good(each)}
    taken = [each for each in fetched.files if each.name[:255] not in refused]
    if refused:
        for each in fetched.files:
            if each.remote is not None and each.name[:255] in refused:
                each.remote.rejected = True
        taken = [each for each in fetched.files if each.remote is not None]
        _remember_files(taken)
    else:
        _remember(state, taken, fetched)
    breaker.succeeded(state, timezone.now())
    run.batch = batch
    files_word = "file" if run.files == 1 else "files"
    said = f"{run.files} {files_word} taken."
    if refused:
        said = f"{len(refused)} of {run.files} {files_word} rejected; they are asked for again."
    _end(run, FetchRun.State.DONE, said)


def _is_good(file: SourceFile) -> bool:
    original = file.duplicate_of or file
    return original.status in GOOD


def _remember(state: FetchState, taken: list[Brought], fetched: Fetched) -> None:
    if fetched.memory:
        state.memory = fetched.memory
    _remember_files(taken)


def _remember_files(taken: list[Brought]) -> None:
    for each in taken:
        if each.remote is not None:
            type(each.remote).objects.update_or_create(
                source_id=each.remote.source_id,
                name=each.remote.name,
                size=each.remote.size,
                modified_at=each.remote.modified_at,
                defaults={
                    "definition_digest": each.remote.definition_digest,
                    "rejected": each.remote.rejected,
                },
            )


@transaction.atomic
def _failed(run: FetchRun, state: FetchState, fetch: Fetch, sentence: str) -> None:
    """Counts the failure, and says when the next try is."""
    breaker.failed(state, fetch.policy, timezone.now())
    log.warning("fetch.failed", source=run.source.name, run=run.pk, sentence=sentence)
    _end(run, FetchRun.State.FAILED, sentence)


def _end(run: FetchRun, state: FetchRun.State, sentence: str) -> None:
    run.state, run.sentence, run.ended_at = state, sentence, timezone.now()
    run.heard_at = run.ended_at
    run.save()
    log.info("fetch.ended", source=run.source.name, run=run.pk, state=run.state)
