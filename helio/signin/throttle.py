"""Guessing made slow, without locking out whom the guesses are about (docs/adr, "Lockout").

The database counts (sql/050): tries of one name from one origin, of one name from everywhere, and
of any names from one address. A browser that signed the person in before carries a signed cookie
and is an origin of its own, so that nobody else's tries are held against it.
"""

from __future__ import annotations

import secrets
from typing import Final

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import HttpRequest, HttpResponse

from helio.signin import origin

COOKIE: Final = "helio_device"
SALT: Final = "helio.signin.device"
COOKIE_SECONDS: Final = 180 * 24 * 60 * 60
PEOPLE_KEPT: Final = 5
TOO_MANY: Final = (
    "Too many tries. Wait a quarter of an hour, or use a browser in which you signed in before."
)
TRY = "SELECT security.try_sign_in(%s, %s, %s)"
SETTLED = "SELECT security.signed_in(%s, %s, %s)"


def is_allowed(request: HttpRequest, name: str) -> bool:
    """True when the name may be tried from here now; the try counts until it succeeds."""
    return not _ask(TRY, request, name)


def settle(request: HttpRequest, name: str) -> None:
    """The try succeeded: forget what failed before it from here."""
    _ask(SETTLED, request, name)


def remember(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Gives the browser a cookie that says whom it signed in, besides those it knows already."""
    known = _known(request)
    known.pop(name.lower(), None)
    kept = dict([*known.items(), (name.lower(), secrets.token_hex(8))][-PEOPLE_KEPT:])
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _ask(statement: str, request: HttpRequest, name: str) -> str:
    # A NUL cannot stand in the database's text, and in no name.
    typed = name.replace("\0", "")
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [typed, origin.address(request), _known(request).get(name.lower(), "")]
        )
        answer: str = cursor.fetchone()[0]
    return answer


def _known(request: HttpRequest) -> dict[str, str]:
    """Device numbers by name, out of a cookie of ours; empty for any other."""
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return {}
    return dict(kept)
