"""What people asked for on the pages of operations, done by the worker."""

from collections.abc import Callable

import structlog
from django.db import DatabaseError, transaction
from django.utils import timezone

from ingestion.models import Batch, Source, WorkRequest
from ingestion.pipeline.held import replay_held
from ingestion.pipeline.take import CannotTake, take_instead

log = structlog.get_logger(__name__)

Take = Callable[[Source, str], Batch | None]


def work_off(run: Take) -> list[Batch]:
    """The batches that came of what was asked for; ``run`` takes a source's files.

    A request that fails says so and is not tried again: the person who asked decides.
    """
    done = []
    asked = WorkRequest.objects.filter(state=WorkRequest.State.ASKED)
    for request in asked.select_related("source", "asked_by", "item"):
        batch = _do(request, run)
        if batch is not None:
            done.append(batch)
    return done


def _do(request: WorkRequest, run: Take) -> Batch | None:
    by = request.asked_by.get_username()
    try:
        batch: Batch | None
        if request.kind == WorkRequest.Kind.REPLAY:
            batch = replay_held(request.source, by=by)
        elif request.kind == WorkRequest.Kind.TAKE:
            batch = take_instead(request)
        else:
            batch = run(request.source, by)
    except CannotTake as refusal:
        _close(request, WorkRequest.State.FAILED, None, str(refusal)[:500])
        return None
    except DatabaseError as error:
        log.exception("operations.request_failed", request=request.pk)
        _close(request, WorkRequest.State.FAILED, None, f"The database refused it: {error}"[:500])
        return None
    sentence = "" if batch else "There was nothing to take."
    _close(request, WorkRequest.State.DONE, batch, sentence)
    return batch


@transaction.atomic
def _close(
    request: WorkRequest, state: WorkRequest.State, batch: Batch | None, sentence: str
) -> None:
    request.state, request.batch, request.sentence = state, batch, sentence
    request.done_at = timezone.now()
    request.save(update_fields=["state", "batch", "sentence", "done_at"])
