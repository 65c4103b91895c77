"""Dashboards without figures: the auditor's, with the access proof, and the administrator's."""

import csv
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from helio.accounts import roles
from helio.audit.models import Event
from helio.pages import parameters, permits
from reports.dashboards.people import Access, accesses

RECENT: Final = 12
FORMATS: Final = ("page", "csv")


def auditor(request: HttpRequest) -> HttpResponse:
    """Three big actions, and what happened lately."""
    # Kept for the links: this page shows no figures.
    parameters.accept(request, "known_at")
    context = {
        "events": Event.objects.newest_first()[:RECENT],
        "verification": Event.objects.last_verification(),
    }
    return render(request, "dashboards/auditor.html", context)


def administrator(request: HttpRequest) -> HttpResponse:
    """People, roles and access; the role alone opens no figures."""
    parameters.accept(request, "known_at")
    groups = {group.name: group for group in Group.objects.prefetch_related("user_set")}
    people = [
        {"name": name, "people": sorted(p.username for p in groups[name].user_set.all())}
        for name in roles.ROLES
        if name in groups
    ]
    return render(request, "dashboards/administrator.html", {"people_by_role": people})


@permits.role(roles.AUDITOR, roles.ADMINISTRATOR)
def access(request: HttpRequest) -> HttpResponse:
    """Every grant in force, as a page or as a CSV file."""
    parameters.accept(request, "format")
    rows = accesses()
    if parameters.choice(request, "format", FORMATS, "page") == "csv":
        return _access_csv(rows)
    context: dict[str, Any] = {"accesses": rows, "now": timezone.now()}
    return render(request, "dashboards/access.html", context)


def _access_csv(rows: list[Access]) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="access.csv"'
    names = [field.name for field in fields(Access)]
    writer = csv.DictWriter(response, names)
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in asdict(row).items()})
    return response


def _cell(value: Any) -> str:
    """ISO times; text that a spreadsheet would take for a formula is made text again."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if str(value).startswith(("=", "+", "-", "@", "\t", "\r")) else str(value)
