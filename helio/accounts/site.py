"""The admin site: for managers and administrators, each inside what the database allows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from helio.accounts import roles


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for the person, and where it is done."""

    count: int
    words: str
    address: str
    is_late: bool = False


TaskSource = Callable[[Any], Iterable[Task]]
_sources: list[TaskSource] = []


def tasks(source: TaskSource) -> TaskSource:
    """Decorator: what ``source`` yields for the person is told on the admin's first page."""
    _sources.append(source)
    return source


class HelioAdminSite(admin.AdminSite):
    """Entered by role, not by a staff flag, and through Helio's own sign-in page."""

    site_header = "Helio administration"
    site_title = "Helio administration"
    index_title = "People, roles and portfolio access"
    enable_nav_sidebar = False
    empty_value_display = "\N{EN DASH}"

    def has_permission(self, request: HttpRequest) -> bool:
        """True for active managers and administrators."""
        person = request.user
        return person.is_active and person.is_authenticated and is_admin_person(person)

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """The first page, with what waits for this person."""
        waiting = [task for source in _sources for task in source(request.user)]
        return super().index(request, {"tasks": waiting} | (extra_context or {}))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Sends people to the one sign-in page, which records and throttles."""
        if request.user.is_authenticated and not self.has_permission(request):
            return redirect("/")
        here = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': here})}")


def is_admin_person(person: Any) -> bool:
    """True when the person works in the admin by role."""
    return person.has_role(roles.MANAGER, roles.ADMINISTRATOR)
