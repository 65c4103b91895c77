"""Who may open a page. What a page then shows is decided by the database alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """The view for anybody who is signed in; others are sent to the sign-in page."""
    return login_required(view)


def role(*names: str) -> Callable[[View], View]:
    """Decorator: the view for people with one of the named roles; a sentence for the others."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def judged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_role(*names):  # type: ignore[union-attr]
                wanted = " or ".join(names)
                raise PermissionDenied(f"This page is for people with the role {wanted}.")
            return view(request, *args, **kwargs)

        return judged

    return decorate
