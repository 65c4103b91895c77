"""What a page showed: which portfolio, once a session, and what left by a link.

Noted after the page, in a transaction of its own: pages are read under one snapshot, where nothing
can be chained. A portfolio that was noted already costs one look into this process's memory.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.db import connection
from django.http import HttpRequest, HttpResponse

from helio.accounts.requests import person
from helio.audit.actions import record
from helio.rls.identity import acting_as
from helio.rls.middleware import one_state

NOTE = "SELECT security.note_sight(%s, %s, %s)"
REMEMBERED: Final = 50_000
LIST_SECONDS: Final = 60
# What a list counts as, where a page counts as its portfolio's code.
LIST: Final = ""


def lists_portfolios(request: HttpRequest) -> None:
    """Says that the page asked for shows figures of the portfolios in the perimeter."""
    request.lists_portfolios = True  # type: ignore[attr-defined]


def record_after(request: HttpRequest, *, action: str, object: str, **detail: Any) -> None:  # noqa: A002
    """Records an event of a page that only reads, once it has been answered."""
    events = getattr(request, "events_after", [])
    events.append({"action": action, "object": object, **detail})
    request.events_after = events  # type: ignore[attr-defined]


class SightsMiddleware:
    """Notes the portfolio of a page whose address names one, lists of them, and what was said."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._noted: OrderedDict[tuple[str, str | int], None] = OrderedDict()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Who looks as somebody else leaves an event with each page: the other saw nothing.
        if getattr(request, "looks_as", None) is not None:
            return response
        if (
            response.status_code == HTTPStatus.OK
            and request.method == "GET"
            and request.resolver_match is not None
            and request.user.is_authenticated
        ):
            self._note(request, request.resolver_match.view_name or "")
        return response

    def _note(self, request: HttpRequest, page: str) -> None:
        session = request.session.row_key  # type: ignore[attr-defined]
        code = _sight(request)
        events = getattr(request, "events_after", [])
        # A list is looked at again after a while: a grant that was given meanwhile is new in it.
        known = (session, code or int(time.monotonic() / LIST_SECONDS))
        is_new = code is not None and known not in self._noted
        if not is_new and not events:
            return
        with one_state(repeatable=False), acting_as(person(request)):
            for event in events:
                record(by=None, **event)
            if is_new:
                with connection.cursor() as cursor:
                    cursor.execute(NOTE, [session, page, code or None])
        if is_new:
            self._noted[known] = None
            if len(self._noted) > REMEMBERED:
                self._noted.popitem(last=False)


def _sight(request: HttpRequest) -> str | None:
    """The code of the portfolio shown, LIST for a list of them, None for neither."""
    match = request.resolver_match
    if match is not None and match.route.startswith("portfolios/") and "code" in match.kwargs:
        return str(match.kwargs["code"])
    return LIST if getattr(request, "lists_portfolios", False) else None
