"""Which views a page asks again and again by itself: asking them keeps nobody signed in."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest

View = TypeVar("View", bound=Callable)


def polled(view: View) -> View:
    """The view, marked as one that open pages ask without anybody doing anything."""
    view.is_polled = True  # type: ignore[attr-defined]
    return view


def is_polling(request: HttpRequest) -> bool:
    """True when a page asked by itself: a marked view, read by script."""
    match = request.resolver_match
    return (
        match is not None
        and request.method == "GET"
        and request.headers.get("HX-Request") == "true"
        and getattr(match.func, "is_polled", False)
    )
