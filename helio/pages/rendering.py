"""The last of a view's four moves: the page, or the one part of it that htmx asked for."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

# The element that a panel is shown in, beside whatever page is open.
PANEL: Final = "panel-body"


def page(
    request: HttpRequest, template: str, context: dict[str, Any], parts: tuple[str, ...] = ()
) -> HttpResponse:
    """The template, or its partial named like the element that htmx will replace."""
    wanted = part_asked(request, parts)
    if wanted is None:
        return _settled(render(request, template, context))
    response = render(request, f"{template}#{wanted}", context)
    # The address of the page as it then is, with what its other panels show.
    query = request.GET.urlencode()
    response["HX-Push-Url"] = f"{request.path}?{query}" if query else request.path
    return _settled(response)


def panel(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The template as a page of its own; inside another page, its partial for the side panel.

    The open page keeps its address: the panel is beside it, not instead of it.
    """
    beside = _target(request) == PANEL
    return _settled(render(request, f"{template}#{PANEL}" if beside else template, context))


def _settled(response: HttpResponse) -> HttpResponse:
    # One address has two answers: without this the back button may show a part as the page.
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    response["Cache-Control"] = "private, no-store"
    return response


def part_asked(request: HttpRequest, parts: tuple[str, ...]) -> str | None:
    """The one of the parts that htmx asked for; None when it is the page."""
    wanted = _target(request)
    return wanted if wanted in parts else None


def _target(request: HttpRequest) -> str | None:
    """Id of the element to be replaced: htmx sends ``section#exposure``."""
    asked_by_htmx = request.headers.get("HX-Request") == "true"
    restoring = request.headers.get("HX-History-Restore-Request") == "true"
    if not asked_by_htmx or restoring:
        return None
    return request.headers.get("HX-Target", "").rpartition("#")[2] or None
