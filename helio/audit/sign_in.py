"""Records sign-ins, failed sign-ins and sign-outs.

Nobody is signed in yet when a sign-in form arrives, so no middleware opened a transaction: these
open their own, READ COMMITTED, as the chain needs it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import connection
from django.http import HttpRequest

from helio.audit.actions import Person, record
from helio.rls.identity import acting_as
from helio.rls.middleware import one_state
from helio.signin import origin

# As in helio/signin/sql/050_throttle_doors.sql.
UNKNOWN = "(unknown name)"


def connect() -> None:
    """Connects the three signals, once."""
    user_logged_in.connect(note_sign_in, dispatch_uid="audit sign-in")
    user_logged_out.connect(note_sign_out, dispatch_uid="audit sign-out")
    user_login_failed.connect(note_failure, dispatch_uid="audit failed sign-in")


def note_sign_in(sender: Any, request: HttpRequest | None, user: Person, **kwargs: Any) -> None:
    """Records the sign-in under the identity that it proved."""
    with one_state(repeatable=False), acting_as(user):
        record(
            action="sign-in",
            object=user.get_username(),
            by=user,
            address=_address(request),
            proved=_proved(request),
            session=_session(request),
        )


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
    """Records the name that was typed, by the one function that needs no identity.

    Only the name of somebody: people type passwords into the wrong field, and the trail keeps all.
    """
    typed = str(credentials.get("username", ""))
    if not get_user_model().objects.filter(username=typed.partition(" (")[0]).exists():
        typed = UNKNOWN
    with one_state(repeatable=False), connection.cursor() as cursor:
        cursor.execute("SELECT security.note_failed_sign_in(%s, %s)", [typed, _address(request)])


def _proved(request: HttpRequest | None) -> list[str]:
    """What the person proved themselves with, in order: a password, a code, a passkey."""
    steps = request.session.get("account_authentication_methods", []) if request else []
    return [step.get("type") or step.get("provider") or step["method"] for step in steps]


def _session(request: HttpRequest | None) -> str:
    """The first digits of the session's row, by which its other events name it."""
    session = getattr(request, "session", None)
    return str(getattr(session, "row_key", ""))[:12]


def _address(request: HttpRequest | None) -> str:
    return origin.address(request)
