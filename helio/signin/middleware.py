"""What a request means for the session it comes with, and what a browser may keep of its answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from helio.pages.polled import is_polling
from helio.signin import origin

# A write a minute and session is enough to tell an idle one.
PRECISION: Final = dt.timedelta(minutes=1)


class SessionUseMiddleware:
    """Notes from where a session is used and when last; what pages ask by themselves is no use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        session.address = origin.address(request)  # type: ignore[attr-defined]
        session.device = origin.device(request)  # type: ignore[attr-defined]
        response = self.get_response(request)
        used_at = getattr(session, "used_at", None)
        if (
            used_at is not None
            and session.session_key is not None
            and timezone.now() - used_at >= PRECISION
            and not is_polling(request)
        ):
            session.used()  # type: ignore[attr-defined]
        return response


class NoStoreMiddleware:
    """What a signed-in person was shown is kept by no cache, not even the browser's own.

    A response that says itself how it may be kept (a static file, a page with its own header) is
    left alone unless it would be stored.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = getattr(request, "session", None)
        if session is not None and session.session_key is not None and session.accessed:
            response["Cache-Control"] = "private, no-store"
        return response
