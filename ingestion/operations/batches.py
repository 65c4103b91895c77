"""``/operations/batches/``: runs, and one run with its counts, its progress and its files."""

from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from helio.pages import parameters, rendering
from helio.pages.live import live_page
from helio.pages.polled import polled
from ingestion.models import Batch, Source, WorkRequest
from ingestion.operations.resending import to_mend
from ingestion.operations.shared import ANY, acts, may_read, source_chosen
from ingestion.pipeline.progress import last_said
from portfolios.models import Version

STATES: Final = (ANY, *Batch.State.values)
SHOWN: Final = 100
FILES_SHOWN: Final = 200


@live_page
@may_read
def batches(request: HttpRequest) -> HttpResponse:
    """All batches, newest first, by source, state and day."""
    parameters.accept(request, "source", "state", "from", "to", "page")
    chosen, filters = _chosen(request)
    paging = parameters.paged(request, chosen.count())
    context = {
        **filters,
        "batches": chosen[paging.window],
        "paging": paging,
        "sources": Source.objects.all(),
        "states": STATES,
        "filtered": filters != {"source": None, "state": ANY, "start": None, "end": None},
    }
    return rendering.page(request, "operations/batches.html", context)


def _chosen(request: HttpRequest) -> tuple[QuerySet[Batch], dict[str, Any]]:
    source, state = source_chosen(request), parameters.choice(request, "state", STATES, ANY)
    start, end = parameters.day(request, "from"), parameters.day(request, "to")
    chosen = Batch.objects.select_related("source").order_by("-id")
    if source:
        chosen = chosen.filter(source=source)
    if state != ANY:
        chosen = chosen.filter(state=state)
    if start:
        chosen = chosen.filter(started_at__date__gte=start)
    if end:
        chosen = chosen.filter(started_at__date__lte=end)
    return chosen, {"source": source, "state": state, "start": start, "end": end}


@live_page
@may_read
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: its counts, how far it is, its files, what it held back and led to."""
    parameters.accept(request, "page")
    found = get_object_or_404(Batch.objects.select_related("source"), pk=batch_id)
    files = found.files.select_related("duplicate_of", "parent").order_by("id")
    paging = parameters.paged(request, files.count(), FILES_SHOWN)
    raised = found.exceptions.select_related("file", "owner").order_by("id")
    context = {
        "batch": found,
        "files": files[paging.window],
        "paging": paging,
        "exceptions": raised[:SHOWN],
        "exception_count": raised.count(),
        "settled_count": found.settled.count(),
        "versions": Version.objects.filter(batch_ids__contains=[found.pk]).order_by("number"),
        "next_batch": _next(found),
        "asked": _asked(found),
        "may_act": acts(request),
        "to_mend": to_mend(found),
        **_progress(found),
    }
    return rendering.page(request, "operations/batch.html", context)


@polled
@may_read
def progress(request: HttpRequest, batch_id: int) -> HttpResponse:
    """How far a running batch is: the fragment that its page asks for until it ends."""
    parameters.accept(request)
    found = get_object_or_404(Batch, pk=batch_id)
    response = render(
        request, "operations/batch_progress.html", {"batch": found, **_progress(found)}
    )
    if found.state != Batch.State.RUNNING:
        response["HX-Refresh"] = "true"  # its counts are there now
    response["Cache-Control"] = "private, no-store"
    return response


def _progress(found: Batch) -> dict[str, Any]:
    if found.state != Batch.State.RUNNING:
        return {"said": None}
    return {"said": last_said(found.pk)}


def _next(found: Batch) -> Batch | None:
    """The run that took what this one left behind; None when it ended well or none came yet."""
    if found.state not in (Batch.State.FAILED, Batch.State.INTERRUPTED):
        return None
    return Batch.objects.filter(source_id=found.source_id, pk__gt=found.pk).order_by("id").first()


def _asked(found: Batch) -> datetime | None:
    """Since when somebody waits for the source to run again."""
    waiting = WorkRequest.objects.filter(
        source_id=found.source_id,
        kind=WorkRequest.Kind.RUN,
        state=WorkRequest.State.ASKED,
    ).first()
    return waiting.asked_at if waiting else None
