"""Dashboards without figures: the auditor's and the administrator's."""

from typing import Final

from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from helio.accounts import roles
from helio.audit.models import Event
from helio.pages import parameters
from portfolios import reviews
from portfolios.models import Portfolio

RECENT: Final = 12


def auditor(request: HttpRequest) -> HttpResponse:
    """Three big actions, and what happened lately."""
    # Kept for the links: this page shows no figures.
    parameters.accept(request, "known_at")
    context = {
        "events": Event.objects.newest_first()[:RECENT],
        "verification": Event.objects.last_verification(),
        "codes": Portfolio.objects.order_by("code").values_list("code", flat=True),
        "today": timezone.now().date(),
        "overdue_count": reviews.due(reviews.NONE).overdue,
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
