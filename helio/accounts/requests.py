"""The signed-in person of a request, with their type known."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from helio.accounts.models import User


def person(request: HttpRequest) -> User:
    """Who asks; raises PermissionDenied when nobody is signed in."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Sign in first.")
    return request.user
