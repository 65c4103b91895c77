"""``/audit/``: the trail with filters, as CSV, and whether its chain holds."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from helio import csv_file
from helio.accounts import roles
from helio.accounts.requests import person
from helio.audit import chain
from helio.audit.actions import record_verification
from helio.audit.models import Event
from helio.audit.sights import record_after
from helio.columns import Column, Kind, table
from helio.pages import parameters, permits, rendering
from portfolios.models import Portfolio

PAGE_ROWS: Final = 100
FILTERS: Final = ("action", "person", "object", "portfolio", "from", "to")
COLUMNS: Final = (
    Column("event", "Event", Kind.COUNT),
    Column("at", "At", Kind.TIME),
    Column("actor", "Actor", Kind.TEXT),
    Column("recorded_by", "Recorded by", Kind.TEXT),
    Column("action", "Action", Kind.TEXT),
    Column("object", "Object", Kind.TEXT),
    Column("portfolio", "Portfolio", Kind.TEXT),
    Column("version", "Version", Kind.COUNT),
    Column("detail", "Detail", Kind.TEXT),
    Column("hash", "Hash", Kind.TEXT),
)

auditors_only = permits.role(roles.AUDITOR)


@auditors_only
def trail(request: HttpRequest) -> HttpResponse:
    """Events, newest first, by action, person, portfolio and day."""
    parameters.accept(request, *FILTERS, "page")
    events, filters = _chosen(request)
    paging = parameters.paged(request, events.count(), PAGE_ROWS)
    codes = _codes()
    context = {
        **filters,
        "events": [(event, codes.get(event.portfolio_id, "")) for event in events[paging.window]],
        "paging": paging,
        "actions": Event.objects.order_by("action").values_list("action", flat=True).distinct(),
        "codes": sorted(codes.values()),
        "verification": Event.objects.last_verification(),
    }
    return rendering.page(request, "audit/trail.html", context)


@auditors_only
def trail_csv(request: HttpRequest) -> HttpResponse:
    """The same events as a CSV file, oldest first."""
    parameters.accept(request, *FILTERS, "profile")
    events, filters = _chosen(request)
    record_after(request, action="audit trail exported", object=filters["query"] or "all events")
    codes = _codes()
    rows = table(COLUMNS, (_cells(event, codes) for event in events.order_by("id").iterator(1_000)))
    content = csv_file.write(
        [column.name for column in COLUMNS],
        rows,
        [column.kind.is_number for column in COLUMNS],
        csv_file.profile_for(
            request.GET.get("profile"), request.headers.get("Accept-Language", "")
        ),
    )
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="helio_audit_trail.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@auditors_only
def verify(request: HttpRequest) -> HttpResponse:
    """Walks the chain now, records that it was walked, and says what was found."""
    found = chain.verify()
    record_verification(found, by=person(request))
    if found.intact:
        messages.success(request, f"The chain is intact: {found.events:,} events.")
    else:
        messages.error(request, f"The chain is broken. {found.problem}")
    return redirect(reverse("audit:trail"))


def _chosen(request: HttpRequest) -> tuple[QuerySet[Event], dict[str, Any]]:
    start, end = parameters.day(request, "from"), parameters.day(request, "to")
    action = _action(request)
    actor = parameters.words(request, "person")
    acted_on = parameters.words(request, "object")
    wanted = parameters.codes(request)
    events = Event.objects.newest_first().between(start, end)
    if action:
        events = events.filter(action=action)
    if actor:
        events = events.filter(actor=actor)
    if acted_on:
        events = events.filter(object__icontains=acted_on)
    if wanted:
        events = events.filter(
            portfolio_id__in=Portfolio.objects.filter(code__in=wanted).values("pk")
        )
    return events, {
        "start": start,
        "end": end,
        "action": action,
        "person": actor,
        "object": acted_on,
        "portfolio": wanted[0] if wanted else "",
        "query": _without_page(request),
    }


def _action(request: HttpRequest) -> str:
    """The action asked for, empty for all; one that the trail does not know is refused."""
    action = parameters.words(request, "action")
    if action and not Event.objects.filter(action=action).exists():
        raise BadRequest(f"The trail knows no action “{action[:40]}”. Choose one of the list.")
    return action


def _without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _codes() -> dict[int | None, str]:
    return dict(Portfolio.objects.values_list("pk", "code"))


def _cells(event: Event, codes: dict[int | None, str]) -> dict[str, object]:
    return {
        "event": event.pk,
        "at": event.at,
        "actor": event.actor,
        "recorded_by": event.recorded_by,
        "action": event.action,
        "object": event.object,
        "portfolio": codes.get(event.portfolio_id, ""),
        "version": event.version_number,
        "detail": event.detail_text,
        "hash": event.hash_text,
    }
