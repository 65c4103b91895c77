"""What a person has to do after signing in, before anything else is shown to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from helio.signin.models import PasswordDue

KEY: Final = "helio.due"
PASSWORD: Final = "password"  # noqa: S105  a page, no secret
SECOND_FACTOR: Final = "second factor"
ADDRESSES: Final = {PASSWORD: "accounts:password", SECOND_FACTOR: "accounts:security"}
OPEN_PATHS: Final = ("/accounts/", "/static/", "/livez", "/readyz", "/metrics", "/theme/")


def of(person: Any) -> list[str]:
    """What this person has to do, asked under their identity."""
    due = [PASSWORD] if PasswordDue.objects.filter(person=person).exists() else []
    if needs_second_factor(person) and not factors_of(person).exists():
        due.append(SECOND_FACTOR)
    return due


def needs_second_factor(person: Any) -> bool:
    """True when a role of the person demands one by ``HELIO_MFA_ROLES``."""
    return bool(person.has_role(*settings.HELIO_MFA_ROLES))


def factors_of(person: Any) -> QuerySet[Authenticator]:
    """Factors that a sign-in asks for; recovery codes stand in for them and are none."""
    return Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES)


def note(request: HttpRequest, person: Any, *, proved_factor: bool = False) -> None:
    """Keeps in the session what has to be done first.

    ``proved_factor``: a single sign-on that asks for a second factor itself let the person in.
    """
    due = of(person)
    if proved_factor:
        due = [one for one in due if one != SECOND_FACTOR]
    if due:
        request.session[KEY] = due


def done(request: HttpRequest, what: str) -> None:
    """It was done: nothing of it stands in the way any more."""
    left = [one for one in request.session.get(KEY, ()) if one != what]
    if left:
        request.session[KEY] = left
    else:
        request.session.pop(KEY, None)


def is_clear(session: Any) -> bool:
    """True when nothing has to be done first; pages and sockets ask alike."""
    return not session.get(KEY)


class DuesMiddleware:
    """Shows nothing but the page that has to be dealt with, until it has been."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.path.startswith(OPEN_PATHS)
            or not request.user.is_authenticated
            or is_clear(request.session)
        ):
            return self.get_response(request)
        return redirect(reverse(ADDRESSES[request.session[KEY][0]]))
