"""Records sign-ins, failed sign-ins and sign-outs.

Nobody is signed in yet when a sign-in form arrives, so no middleware opened a transaction: these
open their own, READ COMMITTED, as the chain needs it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import connection
from django.http import HttpRequest

from helio.audit.actions import Person, record
from helio.rls.identity import acting_as
from helio.rls.middleware import one_state


def connect() -> None:
    """Connects the three signals, once."""
    user_logged_in.connect(note_sign_in, dispatch_uid="audit sign-in")
    user_logged_out.connect(note_sign_out, dispatch_uid="audit sign-out")
    user_login_failed.connect(note_failure, dispatch_uid="audit failed sign-in")


def note_sign_in(sender: Any, request: HttpRequest | None, user: Person, **kwargs: Any) -> None:
    """Records the sign-in under the identity that it proved."""
    with one_state(repeatable=False), acting_as(user):
        record(action="sign-in", object=user.get_username(), by=user, address=_address(request))


def note_sign_out(
    sender: Any, request: HttpRequest | None, user: Person | None, **kwargs: Any
) -> None:
    """Records the sign-out of whoever was signed in; nobody's is not an event."""
    if user is not None:
        with one_state(repeatable=False), acting_as(user):
            record(action="sign-out", object=user.get_username(), by=user)


def note_failure(
    sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Records the name that was typed, by the one function that needs no identity."""
    typed = str(credentials.get("username", ""))
    with one_state(repeatable=False), connection.cursor() as cursor:
        cursor.execute("SELECT security.note_failed_sign_in(%s, %s)", [typed, _address(request)])


def _address(request: HttpRequest | None) -> str:
    return request.META.get("REMOTE_ADDR", "") if request else ""
