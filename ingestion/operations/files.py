"""``/operations/files/<id>/``: a file as received, line by line, with what became of each line."""

from typing import Final

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from helio.accounts.requests import person
from helio.audit import actions as audit
from helio.pages import parameters, rendering
from helio.pages.live import live_page
from ingestion.models import SourceFile
from ingestion.operations.download import as_received
from ingestion.operations.lineage import successor, versions_of, visible_portfolios
from ingestion.operations.lines import lines_of
from ingestion.operations.resending import refusal
from ingestion.operations.shared import acts, may_read

LINES_A_PAGE: Final = 100
OUTCOMES: Final = ("loaded", "superseded", "duplicate", "quarantined", "rejected")


@live_page
@may_read
def file(request: HttpRequest, file_id: int) -> HttpResponse:
    """One file: how it came, what became of its records, and its lines as received."""
    parameters.accept(request, "page", "line")
    found = _file(file_id)
    wanted = _wanted_line(request, found)
    if wanted and "page" not in request.GET:
        page = (wanted - 1) // LINES_A_PAGE + 1
        return redirect(f"{request.path}?page={page}&line={wanted}#line-{wanted}")
    paging = parameters.paged(request, found.line_count, LINES_A_PAGE)
    first, last = paging.first_row + 1, min(paging.first_row + LINES_A_PAGE, found.line_count)
    raised = found.exceptions.order_by("id")
    context = {
        "file": found,
        "counts": [(name, getattr(found, name)) for name in OUTCOMES],
        "lines": lines_of(found, first, last),
        "paging": paging,
        "wanted": wanted,
        "members": found.members.order_by("id"),
        "repeats": found.repeats.select_related("batch").order_by("id"),
        "whole": raised.filter(line_no=None),
        "codes": raised.exclude(line_no=None).values("code").annotate(count=Count("id")),
        "not_mendable": refusal(found),
        "may_act": acts(request),
    }
    return rendering.page(request, "operations/file.html", context)


@live_page
@may_read
def line(request: HttpRequest, file_id: int, line_no: int) -> HttpResponse:
    """One line: the facts it became, until when each was believed, and what figures rest on."""
    parameters.accept(request)
    found = _file(file_id)
    lines = lines_of(found, line_no, line_no)
    if not lines:
        raise Http404("This file has no such line.")
    facts = lines[0].facts
    versions = versions_of({fact.batch_id for fact in facts if fact.batch_id})
    visible = visible_portfolios({fact.portfolio_id for fact in facts if fact.portfolio_id})
    followed = {id(fact): successor(fact) for fact in facts}
    titles = _titles({next_.file_id for next_ in followed.values() if next_})
    context = {
        "file": found,
        "line": lines[0],
        "facts": [
            {
                "fact": fact,
                "successor": (next_ := followed[id(fact)]),
                "decided_by": titles.get(next_.file_id) if next_ else None,
                "versions": versions.get(fact.batch_id or 0, []),
                "may_open": fact.portfolio_id in visible,
            }
            for fact in facts
        ],
    }
    return rendering.page(request, "operations/line.html", context)


@require_POST
@may_read
def download(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """The file's bytes as received; that they left is in the audit trail."""
    found = _file(file_id)
    if found.duplicate_of is not None:
        found = found.duplicate_of
    if found.bytes_expired_at is not None:
        raise Http404(f"The bytes of {found.name} were let go: their time was over.")
    audit.record(
        action="source file download",
        object=found.name,
        by=person(request),
        file=found.pk,
        sha256=found.sha256,
        size=found.size,
    )
    return as_received(request, found)


def _titles(file_ids: set[int]) -> dict[int, str]:
    """Whose files they are."""
    files = SourceFile.objects.filter(pk__in=file_ids)
    return dict(files.values_list("pk", "source__title"))


def _file(file_id: int) -> SourceFile:
    related = ("source", "batch", "parent", "duplicate_of")
    return get_object_or_404(SourceFile.objects.select_related(*related), pk=file_id)


def _wanted_line(request: HttpRequest, found: SourceFile) -> int | None:
    text = request.GET.get("line")
    if not text:
        return None
    if not text.isdecimal() or not 1 <= int(text[:9]) <= max(found.line_count, 1):
        raise parameters.BadRequest(
            f"“{text[:40]}” is no line of this file. It has lines 1 to {found.line_count}."
        )
    return int(text)
