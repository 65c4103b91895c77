"""What a request means while an administrator looks as somebody else.

Reading pages of figures, each of them noted in the trail; nothing that writes, nothing that leaves
as a file, and no page about an account: those are the other's own. The database holds to the first
of these by itself (helio/rls/sql/101_viewing.sql).
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from helio.accounts.models import ViewAs
from helio.accounts.viewing import SESSION_KEY, lasting
from helio.audit.actions import record
from helio.rls.identity import acting_as

READING: Final = frozenset({"GET", "HEAD"})
# Here one is oneself: to end it, or to sign out.
ONESELF: Final = ("/view-as/", "/accounts/logout/")
OFFERED: Final = (
    *("/portfolios/", "/firm/", "/findings/", "/glossary/", "/reports/", "/operations/"),
    *("/access/", "/live/"),
)
REFUSED: Final = (
    "Not while you look as somebody else: you may read their pages, and neither change anything, "
    "take a file along, nor open what belongs to their account. End it first."
)


def look_of(request: HttpRequest) -> ViewAs | None:
    """The view-as that this request is part of, noted in the trail; None for an ordinary one."""
    number = request.session.get(SESSION_KEY)
    if number is None or request.path.startswith(ONESELF):
        return None
    with transaction.atomic(), acting_as(request.user):  # type: ignore[arg-type]
        look = lasting(number)
        if look is None or look.actor_id != request.user.pk:
            del request.session[SESSION_KEY]
            return None
        record(
            action="view-as page",
            object=look.person.username,
            by=look.actor,
            view_as=look.pk,
            address=request.get_full_path()[:300],
            method=request.method,
        )
    return look


def may_answer(request: HttpRequest) -> bool:
    """True for a page that may be read as somebody else."""
    path = request.path
    return request.method in READING and (path == "/" or path.startswith(OFFERED))


def is_file(response: HttpResponse) -> bool:
    """True for an answer that a browser would keep as a file."""
    return response.get("Content-Disposition", "").startswith("attachment")


def refusal(request: HttpRequest) -> HttpResponse:
    """The page that says what is not possible now."""
    return render(request, "403.html", {"exception": REFUSED}, status=403)
