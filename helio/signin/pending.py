"""signing_in(): the identity of somebody who has proved a password and not yet a second factor.

It opens that person's second factors and nothing else: no perimeter, no role, no row of anybody
(sql/060). Signed like an identity, over another message.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from helio.rls.identity import ASK, IdentityError, sign_for

AWAIT = "SELECT security.await(%s)"


@contextmanager
def signing_in(person_id: int) -> Iterator[None]:
    """Transaction in which the database knows who is about to sign in.

    Raises IdentityError inside a transaction that is open already: there it might be the identity
    of somebody else that writes.
    """
    if connection.in_atomic_block:
        raise IdentityError("signing_in() opens its own transaction.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(ASK)
            pid, start = cursor.fetchone()
            key = settings.IDENTITY_KEY.encode()
            cursor.execute(AWAIT, [sign_for("pending", person_id, pid, start, key)])
        yield
