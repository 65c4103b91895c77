"""The page on which operations uploads files, and the one that follows what becomes of them."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from helio.accounts import roles
from helio.accounts.models import User
from helio.pages import parameters, permits, rendering
from helio.pages.polled import polled
from ingestion.models import Source, SourceFile, Upload
from ingestion.pipeline.definitions import definition_of
from ingestion.pipeline.gather import patterns_of
from ingestion.ways.upload import bring

RECENT = 10


@require_http_methods(["GET", "HEAD", "POST"])
@permits.role(roles.OPERATIONS)
def upload(request: HttpRequest) -> HttpResponse:
    """The form; and after it was sent, the page that follows the upload, or what is wrong."""
    parameters.accept(request, "source")
    chosen = request.POST.get("source") or request.GET.get("source")
    source = Source.objects.filter(name=chosen).first() if chosen else None
    wrong: list[str] = []
    if request.method == "POST":
        files = request.FILES.getlist("file")
        wrong = bring.complaints(source, files)
        if source is not None and not wrong:
            number = bring.bring(source=source, files=files, by=cast(User, request.user))
            _tell_repeats(request, source, number)
            return HttpResponseRedirect(
                reverse("operations:upload-followed", args=[number]), status=303
            )
    context = {
        "sources": [(each, _patterns(each)) for each in Source.objects.all()],
        "source": source,
        "wrong": wrong,
        "uploads": Upload.objects.select_related("source", "batch")[:RECENT],
        "most": settings.HELIO_UPLOAD_MAX_MEGABYTES,
        "files_most": bring.FILES_MOST,
    }
    response = rendering.page(request, "operations/upload.html", context)
    response.status_code = 422 if wrong else 200
    return response


def _patterns(source: Source) -> list[str]:
    """How its files are named, each pattern once."""
    return list(dict.fromkeys(patterns_of(definition_of(source))))


def _tell_repeats(request: HttpRequest, source: Source, number: int) -> None:
    """Says at once which of the files came before; they will have no effect."""
    hashes = dict(Upload.objects.get(pk=number).files.values_list("sha256", "name"))
    known = SourceFile.objects.filter(source=source, sha256__in=hashes, duplicate_of=None)
    for file in known:
        messages.info(
            request,
            f"{hashes[file.sha256]} has the same bytes as {file.name}, received on"
            f" {file.received_at:%Y-%m-%d at %H:%M} UTC; it will have no further effect.",
        )


@polled
@require_safe
@permits.role(roles.OPERATIONS, roles.AUDITOR)
def followed(request: HttpRequest, upload_id: int) -> HttpResponse:
    """What became of an upload: waiting, being taken in, and then its batch with its counts."""
    parameters.accept(request)
    landed = SourceFile.objects.filter(parent=None).order_by("id")
    found = get_object_or_404(
        Upload.objects.select_related("source", "batch").prefetch_related(
            "files", Prefetch("batch__files", landed, to_attr="landed")
        ),
        pk=upload_id,
    )
    ends = {file.sha256: file for file in found.batch.landed} if found.batch else {}  # type: ignore[attr-defined]
    context = {
        "upload": found,
        "files": [(file, ends.get(file.sha256)) for file in found.files.all()],
    }
    return rendering.page(request, "operations/upload_followed.html", context, ("upload-state",))
