"""The embedded Valkey (a Redis-compatible server): its command line, and whether it answers."""

import redis

from helio.embedded import binaries
from helio.embedded.home import Home
from helio.embedded.ports import HOST
from helio.embedded.privilege import give_to_server_user, launch_command

STOP_SIGNAL = "TERM"


def set_up(home: Home) -> None:
    """Creates its folder."""
    if not home.valkey.exists():
        home.valkey.mkdir(mode=0o700)
        give_to_server_user(home.valkey)


def command(home: Home) -> list[str]:
    """The command that runs the server in the foreground, configured by its standard input."""
    # Nothing is kept on disk: whatever must not be lost is in PostgreSQL.
    program = [str(binaries.valkey_server()), "-"]
    return launch_command(home.valkey, STOP_SIGNAL, program)


def configuration(home: Home, port: int) -> str:
    """What the server reads from its standard input: the process list shows no password."""
    lines = (
        f"bind {HOST}",
        f"port {port}",
        f"requirepass {home.secret('valkey')}",
        f"dir {home.valkey}",
        'save ""',
        "appendonly no",
        "maxmemory 256mb",
        # Cache entries carry an end and may go; queued tasks carry none and stay.
        "maxmemory-policy volatile-lru",
    )
    return "\n".join(lines) + "\n"


def url(home: Home, port: int) -> str:
    """Address of the server with its password."""
    return f"redis://:{home.secret('valkey')}@{HOST}:{port}/0"


def answers(home: Home, port: int) -> bool:
    """True when this home's server lets us in."""
    client = redis.Redis.from_url(url(home, port), socket_connect_timeout=1, socket_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
