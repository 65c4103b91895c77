"""Pages of findings: the list, one finding with its evidence, and the steps people take."""

from typing import Any, Final

from django.contrib import messages
from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from helio import csv_file
from helio.accounts import roles
from helio.accounts.models import User
from helio.accounts.requests import person
from helio.columns import Column, Kind, table
from helio.pages import parameters, rendering
from helio.pages.live import live_page
from ingestion.models import Finding, FindingEvent, QualityRun, SourceFile
from ingestion.operations.lines import lines_around
from ingestion.operations.shared import acts, may_act, may_read
from ingestion.quality.codes import CODES, code

WAITING: Final = ("open", "acknowledged")
STATES: Final = ("waiting", "any", *Finding.State.values)
SEVERITIES: Final = ("attention", "any", *Finding.Severity.values)
OWNERS: Final = ("anybody", "me", "nobody")
# What a person may do, with the word for the past.
STEPS: Final = {
    "taken": "You take care of it now.",
    "assigned": "It was handed over.",
    "acknowledged": "It is acknowledged.",
    "resolved": "It is resolved.",
    "dismissed": "It is dismissed.",
    "reopened": "It is open again.",
}
WITH_REASON: Final = ("acknowledged", "resolved", "dismissed")
REASON_MAX: Final = 1_000
ADD_STEP: Final = (
    "INSERT INTO finding_event (finding_id, by_id, action, owner_id, state, reason)"
    " VALUES (%s, %s, %s, %s, 'open', %s)"
)

COLUMNS: Final = (
    Column("finding", "No", Kind.COUNT),
    Column("code", "Code", Kind.TEXT),
    Column("severity", "Severity", Kind.TEXT),
    Column("source", "Source", Kind.TEXT),
    Column("subject", "Subject", Kind.TEXT),
    Column("finding_day", "Day", Kind.DATE),
    Column("sentence", "What was found", Kind.TEXT),
    Column("state", "State", Kind.TEXT),
    Column("still_true", "Still found", Kind.TEXT),
    Column("closed_because", "Closed because", Kind.TEXT),
    Column("owner", "Owner", Kind.TEXT),
    Column("portfolio", "Portfolio", Kind.TEXT),
    Column("listing", "Listing", Kind.TEXT),
    Column("raised_at", "Raised", Kind.TIME),
    Column("changed_at", "Changed", Kind.TIME),
)


@live_page
@may_read
def findings(request: HttpRequest) -> HttpResponse:
    """What the checks found, what matters and waits for somebody first."""
    chosen, filters = _chosen(request, "page")
    paging = parameters.paged(request, chosen.count())
    waiting = Finding.objects.filter(state__in=WAITING)
    context = {
        **filters,
        "findings": chosen[paging.window],
        "paging": paging,
        "counts": _counts(),
        "waiting": {
            severity: waiting.filter(severity=severity).count()
            for severity in Finding.Severity.values
        },
        "codes": sorted(set(CODES) | set(Finding.objects.values_list("code", flat=True))),
        "sources": Finding.objects.order_by("source").values_list("source", flat=True).distinct(),
        "portfolios": Finding.objects.exclude(portfolio_code="")
        .order_by("portfolio_code")
        .values_list("portfolio_code", flat=True)
        .distinct(),
        "states": STATES,
        "severities": SEVERITIES,
        "owners": OWNERS,
        "last_run": QualityRun.objects.filter(ended_at__isnull=False).first(),
    }
    return rendering.page(request, "operations/findings.html", context)


@may_read
def findings_csv(request: HttpRequest) -> HttpResponse:
    """The same findings as a CSV file."""
    chosen, _ = _chosen(request, "profile")
    profile = csv_file.profile_for(
        request.GET.get("profile"), request.headers.get("Accept-Language", "")
    )
    content = csv_file.write(
        [column.name for column in COLUMNS],
        table(COLUMNS, (_record(one) for one in chosen.iterator(1_000))),
        [column.kind.is_number for column in COLUMNS],
        profile,
    )
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="helio_findings.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@live_page
@may_read
def finding(request: HttpRequest, finding_id: int) -> HttpResponse:
    """One finding: its numbers, its rows with their lines as received, and its history."""
    parameters.accept(request)
    one = get_object_or_404(_all(), pk=finding_id)
    context = {
        "finding": one,
        "told": code(one.code),
        "numbers": sorted(one.evidence.get("numbers", {}).items()),
        "rows": _rows(one),
        "events": FindingEvent.objects.filter(finding=one).select_related("by", "owner"),
        "may_act": acts(request),
        "people": _operations_people(),
    }
    return rendering.page(request, "operations/finding.html", context)


@require_POST
@may_act
def step(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Takes one step with a finding, under the person's own name, and goes back to it."""
    one = get_object_or_404(Finding, pk=finding_id)
    action = request.POST.get("action", "")
    reason = request.POST.get("reason", "").strip()[:REASON_MAX]
    if action not in STEPS:
        raise parameters.BadRequest(f"“{action[:40]}” is no step. Choose from {', '.join(STEPS)}.")
    if action in WITH_REASON and not reason:
        messages.error(request, "Please say why, so that the next person need not ask.")
        return _back(one)
    owner = _owner(request, action)
    with connection.cursor() as cursor:
        # The database moves the finding and writes the audit event; it judges who may.
        cursor.execute(ADD_STEP, [one.pk, person(request).pk, action, owner, reason])
    messages.success(request, STEPS[action])
    return _back(one)


def _back(one: Finding) -> HttpResponseRedirect:
    response = HttpResponseRedirect(reverse("operations:finding", args=[one.pk]))
    response.status_code = 303
    return response


def _owner(request: HttpRequest, action: str) -> int | None:
    if action == "taken":
        return person(request).pk
    if action != "assigned":
        return None
    name = request.POST.get("owner", "")
    chosen = _operations_people().filter(username=name).first()
    if chosen is None:
        raise parameters.BadRequest(f"“{name[:40]}” is nobody of operations.")
    return chosen.pk


def _operations_people() -> QuerySet[User]:
    return User.objects.filter(groups__name=roles.OPERATIONS, is_active=True).order_by("username")


def _all() -> QuerySet[Finding]:
    return Finding.objects.select_related("owner", "listing")


def _chosen(request: HttpRequest, *own: str) -> tuple[QuerySet[Finding], dict[str, Any]]:
    parameters.accept(
        request,
        *("state", "severity", "code", "source", "owner", "portfolio", *own),
    )
    state = parameters.choice(request, "state", STATES, "waiting")
    severity = parameters.choice(request, "severity", SEVERITIES, "attention")
    owner = parameters.choice(request, "owner", OWNERS, "anybody")
    chosen = _all().order_by("-finding_day", "-id")
    match state:
        case "waiting":
            chosen = chosen.filter(state__in=WAITING)
        case one if one != "any":
            chosen = chosen.filter(state=one)
    match severity:
        case "attention":
            chosen = chosen.exclude(severity=Finding.Severity.NOTE)
        case one if one != "any":
            chosen = chosen.filter(severity=one)
    if owner == "me":
        chosen = chosen.filter(owner=person(request))
    elif owner == "nobody":
        chosen = chosen.filter(owner=None)
    words = {name: request.GET.get(name, "") for name in ("code", "source", "portfolio")}
    if words["code"]:
        chosen = chosen.filter(code=words["code"])
    if words["source"]:
        chosen = chosen.filter(source=words["source"])
    if words["portfolio"]:
        chosen = chosen.filter(portfolio_code=words["portfolio"])
    return chosen, {"state": state, "severity": severity, "owner": owner, **words}


def _counts() -> list[dict[str, Any]]:
    """How many of each code, and how many of them wait for somebody."""
    counted = Finding.objects.values("code", "severity").annotate(
        total=Count("id"), waiting=Count("id", filter=Q(state__in=WAITING))
    )
    return [row | {"title": code(row["code"]).title} for row in counted.order_by("code")]


def _rows(one: Finding) -> list[dict[str, Any]]:
    """The rows of the evidence, each with the lines of its file around it."""
    rows = one.evidence.get("rows", [])[:5]
    files = SourceFile.objects.in_bulk([row["file"] for row in rows if row.get("file")])
    shown = []
    for row in rows:
        file = files.get(row.get("file"))
        if file is not None:
            lines = lines_around(file, row.get("line"))
            shown.append({**row, "source_file": file, "lines": lines})
    return shown


def _record(one: Finding) -> dict[str, object]:
    return {
        "finding": one.pk,
        "code": one.code,
        "severity": one.severity,
        "source": one.source,
        "subject": one.subject,
        "finding_day": one.finding_day,
        "sentence": one.sentence,
        "state": one.state,
        "still_true": "yes" if one.still_true else "no",
        "closed_because": one.closed_because,
        "owner": one.owner.username if one.owner else "",
        "portfolio": one.portfolio_code,
        "listing": one.listing.key if one.listing else "",
        "raised_at": one.raised_at,
        "changed_at": one.changed_at,
    }
