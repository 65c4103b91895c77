"""Sessions in PostgreSQL that cannot be taken over by who reads or copies their rows.

Django's own table holds the keys that stand in people's cookies, and data that is good under any
key. Here the key is stored as its SHA-256 and the data is signed over it; the table itself is
closed, and one session is reached by its key through the functions in ``sql/020``. Its end is set
when it starts and no write moves it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.core import signing
from django.db import connection

READ = "SELECT session_data, used_at FROM security.session_read(%s)"
WRITE = (
    "SELECT security.session_write(%s, %s, %s::bigint, %s::integer, %s::integer, %s, %s,"
    " %s::boolean)"
)
USED = "SELECT security.session_used(%s, %s::integer, %s)"
END = "SELECT security.session_end(%s)"
CLEAR = "SELECT security.clear_sessions()"


def row_key(session_key: str) -> str:
    """The key of the row of the session whose cookie holds ``session_key``."""
    return hashlib.sha256(session_key.encode()).hexdigest()


class SessionStore(SessionBase):
    """One session; ``address`` and ``device`` say from where, once a request told."""

    address = ""
    device = ""
    used_at: dt.datetime | None = None

    @property
    def row_key(self) -> str:
        """The key of this session's row; empty before it has one."""
        return row_key(self.session_key) if self.session_key else ""

    @property
    def key_salt(self) -> str:
        """What the data is signed for: a copy under another key does not open."""
        return f"helio.session.{self.row_key}"

    def load(self) -> dict[str, Any]:
        """The data of the living session, empty when it has ended."""
        row = _one(READ, [self.row_key])
        if row is None:
            self._session_key = None
            return {}
        self.used_at = row[1]
        data: dict[str, Any] = self.decode(row[0])
        return data

    def exists(self, session_key: str) -> bool:
        """True when the key leads to a living session."""
        return _one(READ, [row_key(session_key)]) is not None

    def create(self) -> None:
        """Starts a session under a key that nobody has."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Writes the data; UpdateError when the session ended meanwhile."""
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        person = data.get(SESSION_KEY)
        (done,) = _one(
            WRITE,
            [
                *(self.row_key, self.encode(data), int(person) if person else None),
                *(settings.SESSION_COOKIE_AGE, settings.HELIO_SESSION_IDLE_SECONDS),
                *(self.address, self.device, must_create),
            ],
        )
        if not done:
            raise CreateError if must_create else UpdateError
        return None

    def used(self) -> None:
        """The person did something: the idle time starts again."""
        _one(USED, [self.row_key, settings.HELIO_SESSION_IDLE_SECONDS, self.address])

    def delete(self, session_key: str | None = None) -> None:
        """Ends this session, or the one with the key."""
        key = session_key or self.session_key
        if key is not None:
            _one(END, [row_key(key)])

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The data, signed for this session's key alone."""
        return signing.dumps(
            session_dict, salt=self.key_salt, serializer=self.serializer, compress=True
        )

    @classmethod
    def clear_expired(cls) -> None:
        """Clears ended sessions away; the worker's work."""
        _one(CLEAR, [])


def _one(statement: str, values: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
