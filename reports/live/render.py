"""The page behind an address, rendered for a person as their browser would get it."""

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.urls import Resolver404, resolve

from helio.accounts.models import User
from helio.pages.live import is_live_page
from helio.rls.identity import acting_as
from helio.rls.middleware import one_state
from reports.live.page import Page, read_page

MARK = "SELECT security.mark()"


class PageGoneError(Exception):
    """The person may not see this page (any more), or there is no such live page."""


@dataclass(frozen=True)
class Rendering:
    """A page and the key of those who share it; both from one transaction under the identity."""

    key: tuple[str, str]
    page: Page


def live_address(address: str) -> str:
    """The path and query of a live page; raises PageGoneError for any other address."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        raise PageGoneError("This page does not update itself.")
    try:
        view = resolve(parts.path).func
    except Resolver404 as error:
        raise PageGoneError("There is no such page.") from error
    if not is_live_page(view):
        raise PageGoneError("This page does not update itself.")
    if "known_at" in parse_qs(parts.query):
        raise PageGoneError("A page as known then does not change.")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def render(address: str, person_id: int) -> Rendering:
    """The live page at ``address`` as the person sees it; raises PageGoneError when they may not.

    Runs the page's own view under the person's identity in one REPEATABLE READ transaction.
    """
    address = live_address(address)
    people = User.objects.filter(is_active=True)
    with one_state():
        person = people.filter(pk=person_id).first()
        if person is None:
            raise PageGoneError("This account was closed.")
        with acting_as(person):
            return Rendering(key=(address, _mark()), page=_page(address, person))


def _mark() -> str:
    with connection.cursor() as cursor:
        cursor.execute(MARK)
        return cursor.fetchone()[0]


def _page(address: str, person: User) -> Page:
    request = RequestFactory(SERVER_NAME=settings.ALLOWED_HOSTS[0].lstrip("*.") or "localhost").get(
        address, secure=settings.SECURE_SSL_REDIRECT
    )
    request.user = person
    request.htmx = False  # type: ignore[attr-defined]
    match = resolve(request.path)
    request.resolver_match = match
    try:
        response = match.func(request, *match.args, **match.kwargs)
    except (Http404, PermissionDenied, BadRequest) as error:
        raise PageGoneError("Your access to this page has ended.") from error
    if hasattr(response, "render"):
        response.render()
    if response.status_code != HTTPStatus.OK:
        raise PageGoneError("Your access to this page has ended.")
    return read_page(response.content.decode())
