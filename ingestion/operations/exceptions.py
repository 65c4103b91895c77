"""``/operations/exceptions/``: records without effect, beside the line they came from."""

from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from helio import csv_file
from helio.columns import Column, Kind, table
from helio.pages import parameters, rendering
from helio.pages.live import live_page
from ingestion.landing.text import source_line
from ingestion.models import ExceptionItem, Source, WorkRequest
from ingestion.operations.lineage import facts_of_reference
from ingestion.operations.lines import lines_around
from ingestion.operations.resending import OPEN, refusal
from ingestion.operations.shared import ANY, acts, may_read, source_chosen
from ingestion.pipeline.take import CODE

STATES: Final = ("open", *ExceptionItem.State.values, ANY)
OWNERS: Final = (ANY, "mine", "nobody")
FILTERS: Final = ("source", "state", "code", "owner")

COLUMNS: Final = (
    Column("exception", "Exception", Kind.COUNT),
    Column("raised_at", "Raised", Kind.TIME),
    Column("source", "Source", Kind.TEXT),
    Column("file_name", "File", Kind.TEXT),
    Column("line", "Line", Kind.COUNT),
    Column("code", "Code", Kind.TEXT),
    Column("source_reference", "Reference", Kind.TEXT),
    Column("source_version", "Version", Kind.COUNT),
    Column("sentence", "What is wrong", Kind.TEXT),
    Column("state", "State", Kind.TEXT),
    Column("outcome", "Outcome", Kind.TEXT),
    Column("settled_at", "Settled", Kind.TIME),
    Column("owner", "Owner", Kind.TEXT),
    Column("note", "Note", Kind.TEXT),
    Column("line_as_received", "Line as received", Kind.TEXT),
)


@live_page
@may_read
def exceptions(request: HttpRequest) -> HttpResponse:
    """Records without effect, each with its sentence and its line."""
    parameters.accept(request, *FILTERS, "page")
    chosen, filters = _chosen(request)
    paging = parameters.paged(request, chosen.count())
    context = {
        **filters,
        "exceptions": chosen[paging.window],
        "paging": paging,
        "sources": Source.objects.all(),
        "states": STATES,
        "owners": OWNERS,
        "codes": ExceptionItem.objects.order_by("code").values_list("code", flat=True).distinct(),
        "may_act": acts(request),
        "waiting": _waiting(),
        "held_sources": Source.objects.filter(
            exceptionitem__state=ExceptionItem.State.HELD
        ).distinct(),
    }
    return rendering.page(request, "operations/exceptions.html", context)


@may_read
def exceptions_csv(request: HttpRequest) -> HttpResponse:
    """The same exceptions as a CSV file."""
    parameters.accept(request, *FILTERS, "profile")
    chosen, _ = _chosen(request)
    rows = table(COLUMNS, (_record(item) for item in chosen.iterator(1_000)))
    profile = csv_file.profile_for(
        request.GET.get("profile"), request.headers.get("Accept-Language", "")
    )
    content = csv_file.write(
        [column.name for column in COLUMNS],
        rows,
        [column.kind.is_number for column in COLUMNS],
        profile,
    )
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="helio_exceptions.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@live_page
@may_read
def exception(request: HttpRequest, exception_id: int) -> HttpResponse:
    """One exception with the lines of its file around it, and what can be done about it."""
    parameters.accept(request)
    related = ("source", "file__source", "batch", "owner", "settled_by", "settled_in")
    item = get_object_or_404(ExceptionItem.objects.select_related(*related), pk=exception_id)
    context = {
        "item": item,
        "lines": lines_around(item.file, item.line_no),
        "first": _first_delivery(item),
        "may_act": acts(request) and item.is_open,
        "not_mendable": refusal(item.file) if item.line_no else "It concerns the whole file.",
        "takeable": item.code == CODE and item.is_open and item.staged is not None,
        "waiting": _waiting(),
    }
    return rendering.page(request, "operations/exception.html", context)


def _first_delivery(item: ExceptionItem) -> dict[str, Any] | None:
    """What was delivered first under the number of a record that contradicts it."""
    if item.code != CODE or item.record != "event":
        return None
    facts = facts_of_reference(item.reference, item.version or 0)
    if not facts:
        return None
    return {"fact": facts[0], "line": source_line(facts[0].file_id, facts[0].line_no)}


def _waiting() -> QuerySet[WorkRequest]:
    """What the worker was asked for and has not done yet."""
    asked = WorkRequest.objects.filter(state=WorkRequest.State.ASKED)
    return asked.select_related("source", "asked_by")


def _chosen(request: HttpRequest) -> tuple[QuerySet[ExceptionItem], dict[str, Any]]:
    state = parameters.choice(request, "state", STATES, "open")
    owner = parameters.choice(request, "owner", OWNERS, ANY)
    source, code = source_chosen(request), request.GET.get("code", "")
    chosen = ExceptionItem.objects.select_related("source", "file", "owner").order_by("-id")
    if state == "open":
        chosen = chosen.filter(state__in=OPEN)
    elif state != ANY:
        chosen = chosen.filter(state=state)
    if owner != ANY:
        chosen = chosen.filter(Q(owner=None) if owner == "nobody" else Q(owner=request.user.pk))
    if source:
        chosen = chosen.filter(source=source)
    if code:
        chosen = chosen.filter(code=code)
    return chosen, {"state": state, "source": source, "code": code, "owner": owner}


def _record(item: ExceptionItem) -> dict[str, object]:
    return {
        "exception": item.pk,
        "raised_at": item.raised_at,
        "source": item.source.name,
        "file_name": item.file.name,
        "line": item.line_no,
        "code": item.code,
        "source_reference": item.reference,
        "source_version": item.version,
        "sentence": item.sentence,
        "state": item.state,
        "outcome": item.outcome,
        "settled_at": item.settled_at,
        "owner": item.owner.get_username() if item.owner else "",
        "note": item.note,
        "line_as_received": item.raw_text,
    }
