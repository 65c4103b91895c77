"""What an attacker on a connection of the web role may do, and the key that they do not have."""

import hashlib
import hmac
from collections.abc import Callable

import psycopg
from django.conf import settings

from helio.rls.identity import ASK, sign

KEY = settings.IDENTITY_KEY.encode()
COUNT = "SELECT count(*) FROM portfolio"
CODES = "SELECT code FROM portfolio ORDER BY code"


def person_id(connect_as: Callable[..., psycopg.Connection], username: str) -> int:
    with connect_as("superuser") as connection:
        query = "SELECT id FROM person WHERE username = %s"
        return connection.execute(query, [username]).fetchone()[0]


def token(connection: psycopg.Connection, person: int, key: bytes = KEY) -> str:
    """A token that is good for the connection's transaction."""
    pid, start = connection.execute(ASK).fetchone()
    return sign(person, pid, start, key)


def memo(
    connection: psycopg.Connection, person: int, until: int, ids: str, key: bytes = KEY
) -> str:
    """A perimeter as security.enter() would remember it for the connection's transaction."""
    pid, start = connection.execute(ASK).fetchone()
    message = f"perimeter.{person}.{pid}.{start}.{until}.{ids}"
    return f"{hmac.new(key, message.encode(), hashlib.sha256).hexdigest()}.{until}.{ids}"


def identify(connection: psycopg.Connection, text: str) -> None:
    """Writes the setting that carries the identity, as anybody may."""
    setting(connection, "helio.identity", text)


def setting(connection: psycopg.Connection, name: str, text: str, *, local: bool = True) -> None:
    connection.execute("SELECT set_config(%s, %s, %s)", [name, text, local])


def codes(connection: psycopg.Connection) -> list[str]:
    """Codes of the portfolios that the connection sees now."""
    return [row[0] for row in connection.execute(CODES)]
