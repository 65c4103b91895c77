"""Who may share a fragment: the key, taken in the transaction that ran under row security."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Self

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import get_language

from helio.rls import identity

# The version's moment and the database too: a restored one may count to the same number.
ASK: Final = """
    SELECT security.mark(), security.perimeter(),
           (SELECT concat_ws(' ', current_database(), number, created_at AT TIME ZONE 'UTC')
              FROM version ORDER BY number DESC LIMIT 1)
"""
_PLACE: Final = "reports.fragments.audience"
_SOURCES: Final = (("templates", "*.html"), ("helio", "*.py"), ("helio", "*.toml"),
                   ("portfolios", "*.py"),
                   ("portfolios/sql/figures", "*.sql"), ("reports", "*.py"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who see the same on the same address.

    ``mark`` digests perimeter, managed portfolios, roles and reporting currency. The perimeter is
    in the key once more as it is: two people never share by an accident of digests.
    """

    mark: str
    perimeter: tuple[int, ...]
    version: str

    @classmethod
    def in_force(cls) -> Self | None:
        """The audience of the identity in force; None where nothing may be shared.

        That is without an identity, and where others' commits show: the key would be of one
        moment and the content of another.
        """
        notes = identity.notes()
        if notes is None:
            return None
        if _PLACE not in notes:
            with connection.cursor() as cursor:
                cursor.execute(ASK)
                mark, perimeter, version = cursor.fetchone()
            notes[_PLACE] = None if mark is None else cls(mark, tuple(perimeter), version)
        found: Self | None = notes[_PLACE]
        return found

    def key(self, request: HttpRequest, name: str) -> str:
        """Key of the fragment ``name`` of the page that was asked for."""
        address = [request.path, sorted(request.GET.lists())]
        whole = [self.mark, self.perimeter, self.version, get_language(), address, name, release()]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


@cache
def release() -> str:
    """Digest of what markup is made with, so that no page is shown as an older release made it."""
    digest = hashlib.sha256()
    for folder, pattern in _SOURCES:
        for path in sorted(Path(settings.BASE_DIR, folder).rglob(pattern)):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
