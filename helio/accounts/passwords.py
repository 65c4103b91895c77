"""The stored hash of one person's password: read by a signature of this process, and written.

No query of the web role reads the column (helio/rls/sql/140_password.sql), so it is no field of the
model: no list, join or form can carry it along.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import DatabaseError, connection, transaction

from helio.rls.identity import ASK, sign_for

READ = "SELECT security.password_of(%s)"
WRITE = "UPDATE person SET password = %s WHERE id = %s RETURNING password_mark"
# The number of nobody: asked for like anybody's, so that a name that does not exist costs the same.
NOBODY = 0


def stored(person_id: int | None) -> str:
    """The hash of the person's password; one that no password fits for nobody."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ASK)
        pid, start = cursor.fetchone()
        key = settings.IDENTITY_KEY.encode()
        cursor.execute(READ, [sign_for("password", person_id or NOBODY, pid, start, key)])
        encoded: str | None = cursor.fetchone()[0]
    return UNUSABLE_PASSWORD_PREFIX if encoded is None else encoded


def store(person_id: int, encoded: str) -> uuid.UUID | None:
    """Writes the hash; the mark of the password from then on, None where nobody can type it.

    Raises DatabaseError when the row is not the writer's to change.
    """
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [encoded, person_id])
        row = cursor.fetchone()
    if row is None:
        raise DatabaseError("The password was not written: its row is out of reach.")
    mark: uuid.UUID | None = row[0]
    return mark
