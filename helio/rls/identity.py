"""acting_as(): the one way an identity reaches the database, and its only writer.

The web process signs ``person.backend_pid.transaction_start`` and the database verifies it
(helio/rls/sql/070_uid.sql). The identity is local to a transaction: it cannot outlive it,
move to another connection, or be made up by a query that somebody slipped in.
"""

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus

# Where a connection remembers whose identity it carries.
OWNER = "helio_person"
# Where it keeps what was read under that identity.
NOTES = "helio_notes"
ASK = "SELECT pg_backend_pid(), security.transaction_start()"
ENTER = "SELECT security.enter(%s)"


READ_ONLY = "SET TRANSACTION READ ONLY"


class Person(Protocol):
    """Whoever can be acted as: a saved user with a primary key."""

    pk: int


class Look(Protocol):
    """A view-as: who looks, as whom, by which number."""

    pk: int
    actor_id: int
    person_id: int


class IdentityError(RuntimeError):
    """An identity was asked for where it could leak or be mistaken for another's."""


@contextmanager
def acting_as(
    person: Person, *, using: str = DEFAULT_DB_ALIAS, look: Look | None = None
) -> Iterator[None]:
    """Context in which the database sees what ``person`` may see, and nothing else.

    Serves requests, sockets, exports and commands alike. With ``look``, somebody else looks as the
    person: the transaction is read-only from then on. Raises IdentityError outside a transaction,
    for an unsaved person, and when nested under another person.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise IdentityError("acting_as() needs a transaction: wrap it in transaction.atomic().")
    if person.pk is None:
        raise IdentityError("acting_as() needs a saved person.")
    current = getattr(connection, OWNER, None)
    if current is not None:
        if current != person.pk:
            raise IdentityError("acting_as() cannot be nested under another person.")
        yield
        return
    if look is not None:
        with connection.cursor() as cursor:
            cursor.execute(READ_ONLY)
    _write(connection, _token(connection, person.pk, look))
    setattr(connection, OWNER, person.pk)
    setattr(connection, NOTES, {} if _sees_one_state(connection) else None)
    try:
        yield
    finally:
        setattr(connection, OWNER, None)
        setattr(connection, NOTES, None)
        # A broken transaction refuses statements; its rollback takes the identity with it.
        if connection.in_atomic_block and not _is_broken(connection):
            _write(connection, "")


def notes(using: str = DEFAULT_DB_ALIAS) -> dict[str, Any] | None:
    """Where readers keep what they read under the identity in force, so as not to ask twice.

    It ends with the identity. None without one, and in a transaction in which others' commits
    show: there the same question may have another answer the next moment.
    """
    kept: dict[str, Any] | None = getattr(connections[using], NOTES, None)
    return kept


def sign(person_id: int, backend_pid: int, transaction_start: int, key: bytes) -> str:
    """Token for one person in one transaction of one connection (HMAC-SHA256, RFC 2104)."""
    message = f"{person_id}.{backend_pid}.{transaction_start}"
    return f"{message}.{hmac.new(key, message.encode(), hashlib.sha256).hexdigest()}"


def sign_look(look: Look, backend_pid: int, transaction_start: int, key: bytes) -> str:
    """Token that names two people: whose perimeter counts, and who really looks."""
    message = f"{look.person_id}.{backend_pid}.{transaction_start}"
    signed = f"view-as.{look.pk}.{look.actor_id}.{message}"
    code = hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()
    return f"{message}.{code}.{look.actor_id}.{look.pk}"


def sign_for(
    purpose: str, person_id: int, backend_pid: int, transaction_start: int, key: bytes
) -> str:
    """Token that is no identity: good for one purpose about one person, in this transaction."""
    message = f"{purpose}.{person_id}.{backend_pid}.{transaction_start}"
    return f"{person_id}.{hmac.new(key, message.encode(), hashlib.sha256).hexdigest()}"


def pads(key: bytes) -> tuple[bytes, bytes]:
    """Inner and outer HMAC pads of a key (RFC 2104), which is all the database needs to verify."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def _token(connection: BaseDatabaseWrapper, person_id: int, look: Look | None) -> str:
    # The server is asked for its pid: behind a pooler the client library's is another's.
    with connection.cursor() as cursor:
        cursor.execute(ASK)
        backend_pid, transaction_start = cursor.fetchone()
    key = settings.IDENTITY_KEY.encode()
    if look is not None:
        return sign_look(look, backend_pid, transaction_start, key)
    return sign(person_id, backend_pid, transaction_start, key)


def _sees_one_state(connection: BaseDatabaseWrapper) -> bool:
    return connection.connection.isolation_level == IsolationLevel.REPEATABLE_READ


def _is_broken(connection: BaseDatabaseWrapper) -> bool:
    # Django learns of a failed statement only when the exception leaves its atomic block, which is
    # after ours: the connection itself knows at once. Writing now would hide the first error.
    status = connection.connection.info.transaction_status
    return connection.needs_rollback or status == TransactionStatus.INERROR


def _write(connection: BaseDatabaseWrapper, token: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ENTER, [token])
