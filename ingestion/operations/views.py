"""Pages of operations; auditors read them too. Nothing here writes."""

from typing import Any, Final

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from helio import csv_file
from helio.accounts import roles
from helio.columns import Column, Kind, table
from helio.pages import parameters, permits, rendering
from helio.pages.live import live_page
from ingestion.models import Batch, ExceptionItem, Source, SourceFile, SourceText
from portfolios.models import RefreshRun, Version

RECENT: Final = 12
STATES: Final = ("held", "released", "rejected", "skipped", "any")
BATCH_STATES: Final = ("any", "running", "done", "failed", "interrupted")
LINES_AROUND: Final = 5

EXCEPTION_COLUMNS: Final = (
    Column("exception", "Exception", Kind.COUNT),
    Column("raised_at", "Raised", Kind.TIME),
    Column("source", "Source", Kind.TEXT),
    Column("file", "File", Kind.TEXT),
    Column("line", "Line", Kind.COUNT),
    Column("code", "Code", Kind.TEXT),
    Column("reference", "Reference", Kind.TEXT),
    Column("version", "Version", Kind.COUNT),
    Column("sentence", "What is wrong", Kind.TEXT),
    Column("state", "State", Kind.TEXT),
    Column("outcome", "Outcome", Kind.TEXT),
    Column("settled_at", "Settled", Kind.TIME),
    Column("line_as_received", "Line as received", Kind.TEXT),
)

operations_only = permits.role(roles.OPERATIONS, roles.AUDITOR)


@live_page
@operations_only
def overview(request: HttpRequest) -> HttpResponse:
    """Sources, recent batches, what is held, and the last versions."""
    parameters.accept(request)
    held = ExceptionItem.objects.filter(state="held")
    context = {
        "sources": Source.objects.all(),
        "batches": Batch.objects.select_related("source").order_by("-id")[:RECENT],
        "held": held.values("code", "source__title", "source__name")
        .annotate(count=Count("id"))
        .order_by("-count", "code"),
        "held_count": held.count(),
        "versions": Version.objects.order_by("-number")[:RECENT],
        "last_look": RefreshRun.objects.order_by("-id").first(),
    }
    return rendering.page(request, "operations/overview.html", context)


@live_page
@operations_only
def batches(request: HttpRequest) -> HttpResponse:
    """All batches, newest first, by source and state."""
    parameters.accept(request, "source", "state", "page")
    chosen = Batch.objects.select_related("source").order_by("-id")
    source, state = _source(request), parameters.choice(request, "state", BATCH_STATES, "any")
    if source:
        chosen = chosen.filter(source=source)
    if state != "any":
        chosen = chosen.filter(state=state)
    paging = parameters.paged(request, chosen.count())
    context = {
        "batches": chosen[paging.window],
        "paging": paging,
        "sources": Source.objects.all(),
        "source": source,
        "state": state,
        "states": BATCH_STATES,
    }
    return rendering.page(request, "operations/batches.html", context)


@live_page
@operations_only
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: its counts, its files, and what it held back."""
    parameters.accept(request)
    found = get_object_or_404(Batch.objects.select_related("source"), pk=batch_id)
    context = {
        "batch": found,
        "files": found.files.order_by("id"),
        "exceptions": found.exceptions.select_related("file").order_by("id")[:200],
        "exception_count": found.exceptions.count(),
        "versions": Version.objects.filter(batch_ids__contains=[found.pk]).order_by("number"),
    }
    return rendering.page(request, "operations/batch.html", context)


@live_page
@operations_only
def exceptions(request: HttpRequest) -> HttpResponse:
    """Records without effect, each with its sentence."""
    chosen, filters = _chosen_exceptions(request)
    paging = parameters.paged(request, chosen.count())
    context = {
        **filters,
        "exceptions": chosen[paging.window],
        "paging": paging,
        "sources": Source.objects.all(),
        "states": STATES,
        "codes": ExceptionItem.objects.order_by("code").values_list("code", flat=True).distinct(),
    }
    return rendering.page(request, "operations/exceptions.html", context)


@operations_only
def exceptions_csv(request: HttpRequest) -> HttpResponse:
    """The same exceptions as a CSV file."""
    chosen, _ = _chosen_exceptions(request)
    rows = table(EXCEPTION_COLUMNS, (_record(item) for item in chosen.iterator(1_000)))
    profile = csv_file.profile_for(
        request.GET.get("profile"), request.headers.get("Accept-Language", "")
    )
    content = csv_file.write(
        [column.name for column in EXCEPTION_COLUMNS],
        rows,
        [column.kind.is_number for column in EXCEPTION_COLUMNS],
        profile,
    )
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="helio_exceptions.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@live_page
@operations_only
def exception(request: HttpRequest, exception_id: int) -> HttpResponse:
    """One exception with the lines of its file around it, as received."""
    parameters.accept(request)
    item = get_object_or_404(
        ExceptionItem.objects.select_related("source", "file", "batch"), pk=exception_id
    )
    context = {"item": item, "lines": lines_around(item.file, item.line_no)}
    return rendering.page(request, "operations/exception.html", context)


def lines_around(file: SourceFile, line_no: int | None) -> list[tuple[int, str]]:
    """Numbered lines of a file near the one in question, as received."""
    middle = line_no or 1
    first, last = max(1, middle - LINES_AROUND), middle + LINES_AROUND
    lines: list[tuple[int, str]] = []
    pieces = SourceText.objects.filter(file=file, last_line__gte=first, first_line__lte=last)
    for piece in pieces.order_by("first_line"):
        texts = piece.body.split("\n")
        lines += [
            (number, text.rstrip("\r"))
            for number, text in enumerate(texts, piece.first_line)
            if first <= number <= min(last, piece.last_line)
        ]
    return lines


def _chosen_exceptions(
    request: HttpRequest,
) -> tuple[QuerySet[ExceptionItem], dict[str, Any]]:
    parameters.accept(request, "source", "state", "code", "page", "profile")
    state = parameters.choice(request, "state", STATES, "held")
    source, code = _source(request), request.GET.get("code", "")
    chosen = ExceptionItem.objects.select_related("source", "file").order_by("-id")
    if state != "any":
        chosen = chosen.filter(state=state)
    if source:
        chosen = chosen.filter(source=source)
    if code:
        chosen = chosen.filter(code=code)
    return chosen, {"state": state, "source": source, "code": code}


def _source(request: HttpRequest) -> Source | None:
    name = request.GET.get("source")
    if not name:
        return None
    found = Source.objects.filter(name=name).first()
    if found is None:
        raise parameters.BadRequest(f"“{name[:40]}” is no source here.")
    return found


def _record(item: ExceptionItem) -> dict[str, object]:
    return {
        "exception": item.pk,
        "raised_at": item.raised_at,
        "source": item.source.name,
        "file": item.file.name,
        "line": item.line_no,
        "code": item.code,
        "reference": item.reference,
        "version": item.version,
        "sentence": item.sentence,
        "state": item.state,
        "outcome": item.outcome,
        "settled_at": item.settled_at,
        "line_as_received": item.raw_text,
    }
