"""What the buttons of operations' pages do: each a POST, then back with a sentence."""

from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError as BrokerAway

from helio.accounts.requests import person
from ingestion.models import Batch, ExceptionItem, Source, SourceFile, WorkRequest
from ingestion.operations import actions
from ingestion.operations.download import disposition
from ingestion.operations.resending import (
    NotMendable,
    build,
    kind_of,
    to_mend,
    zipped,
)
from ingestion.operations.shared import may_act
from ingestion.pipeline.resend import name_for
from ingestion.tasks import scan_inbox

REASON_MAX: Final = 1_000
REFUSED_SHOWN: Final = 5


@require_POST
@may_act
def set_aside(request: HttpRequest, exception_id: int) -> HttpResponse:
    """Sets an exception aside with the reason given; without one nothing happens."""
    item = get_object_or_404(ExceptionItem, pk=exception_id)
    reason = request.POST.get("reason", "").strip()[:REASON_MAX]
    if not reason:
        messages.error(request, "Say why it can be set aside; the reason stays with it.")
        return _to("exception", item.pk)
    try:
        actions.set_aside(item, reason=reason, by=person(request))
    except actions.AlreadySettled as settled:
        messages.error(request, str(settled))
    else:
        messages.success(request, "Set aside. It stays on record with your reason.")
    return _to("exception", item.pk)


@require_POST
@may_act
def take_instead(request: HttpRequest, exception_id: int) -> HttpResponse:
    """Asks the worker to take this content instead of the first one; without a reason nothing."""
    item = get_object_or_404(ExceptionItem.objects.select_related("source"), pk=exception_id)
    reason = request.POST.get("reason", "").strip()[:REASON_MAX]
    if not reason:
        messages.error(request, "Say why it is to be taken; the reason stays with it.")
        return _to("exception", item.pk)
    try:
        actions.ask_to_take(item, reason=reason, by=person(request))
    except actions.AlreadySettled as settled:
        messages.error(request, str(settled))
    else:
        transaction.on_commit(_tell_worker)
        messages.success(request, "It takes the first one's place in a moment.")
    return _to("exception", item.pk)


@require_POST
@may_act
def take_over(request: HttpRequest, exception_id: int) -> HttpResponse:
    """The person who asks looks after the exception from now on."""
    item = get_object_or_404(ExceptionItem, pk=exception_id)
    try:
        actions.take_over(item, by=person(request))
    except actions.AlreadySettled as settled:
        messages.error(request, str(settled))
    else:
        messages.success(request, "It is yours now.")
    return _to("exception", item.pk)


@require_POST
@may_act
def try_again(request: HttpRequest) -> HttpResponse:
    """Asks the worker to try the held records of a source again."""
    source = get_object_or_404(Source, name=request.POST.get("source", ""))
    _ask(request, WorkRequest.Kind.REPLAY, source)
    messages.success(request, f"What is held of {source.title} is tried again in a moment.")
    return _to("exceptions")


@require_POST
@may_act
def run_again(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Asks the worker to run a batch's source again: it takes what the batch left behind."""
    found = get_object_or_404(Batch.objects.select_related("source"), pk=batch_id)
    _ask(request, WorkRequest.Kind.RUN, found.source)
    messages.success(request, f"{found.source.title} runs again in a moment.")
    return _to("batch", found.pk)


@require_POST
@may_act
def rejects(request: HttpRequest, file_id: int) -> HttpResponse:
    """The open rejects of a file, to be mended and sent again under the name they leave with."""
    found = get_object_or_404(SourceFile.objects.select_related("source"), pk=file_id)
    try:
        name, body = _handed(found, request)
    except NotMendable as refusal:
        messages.error(request, str(refusal))
        return _to("file", found.pk)
    return _download(name, body, "application/octet-stream")


@require_POST
@may_act
def batch_rejects(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The open rejects of all files of a batch, as one archive of files to mend and send again."""
    found = get_object_or_404(Batch.objects.select_related("source"), pk=batch_id)
    handed, refused = [], []
    for file in to_mend(found):
        try:
            handed.append(_handed(file, request))
        except NotMendable as refusal:
            refused.append(f"{file.name}: {refusal}")
    for sentence in refused[:REFUSED_SHOWN]:
        messages.warning(request, f"Not in the archive: {sentence}")
    if not handed:
        messages.error(request, "No file of this batch has rejects that can be mended.")
        return _to("batch", found.pk)
    name = f"{found.source.name}_batch-{found.pk}_rejects.zip"
    return _download(name, zipped(handed), "application/zip")


def _handed(file: SourceFile, request: HttpRequest) -> tuple[str, bytes]:
    """Name and bytes of a file's rejects, noted as handed out; NotMendable when there are none."""
    handed = build(file)
    resend = actions.hand_out(file, handed.exception_ids, by=person(request))
    kind = kind_of(file)
    name = name_for(resend.pk, file.name, kind.pattern if kind else "*") or file.name
    return name, handed.body


def _download(name: str, body: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = disposition(name)
    response["Cache-Control"] = "private, no-store"
    return response


def _ask(request: HttpRequest, kind: WorkRequest.Kind, source: Source) -> None:
    actions.ask(kind, source, by=person(request))
    transaction.on_commit(_tell_worker)


def _tell_worker() -> None:
    """A hint: without the broker the worker finds the request at its next look."""
    try:
        scan_inbox.delay()
    except BrokerAway:
        return


def _to(name: str, *args: int) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"operations:{name}", args=args), status=303)
