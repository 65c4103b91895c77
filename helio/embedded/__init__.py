"""The embedded PostgreSQL and Valkey: found, or started for as long as somebody uses them.

``services(home, start=True)`` is all the rest of Helio calls. Needs no Django.
"""

import atexit
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from helio.database import bootstrap
from helio.embedded import postgres, valkey
from helio.embedded.home import Home, HomeUnusable, Ports
from helio.embedded.locks import Lock, exclusively, is_held
from helio.embedded.ports import HOST

DATABASE = "helio"
READY_WITHIN = 60.0  # seconds; the first set-up of a cluster on a slow disk included
STOPPED_WITHIN = 30.0

Mode = Literal["find", "start", "throwaway"]

__all__ = [
    "DATABASE",
    "HomeUnusable",
    "Mode",
    "Services",
    "StartFailed",
    "ensure_running",
    "leave",
    "services",
]


class StartFailed(RuntimeError):
    """The embedded servers did not come up; the message says where to read why."""


@dataclass(frozen=True)
class Services:
    """Addresses of the embedded servers and the secrets of this home."""

    home: Home
    ports: Ports

    def database_url(self, role: str, database: str = DATABASE) -> str:
        """Address of the database as one of the login roles, such as ``helio_web``."""
        password = self.home.secret(role)
        return f"postgresql://{role}:{password}@{HOST}:{self.ports.postgres}/{database}"

    def superuser_dsn(self, database: str = "postgres") -> str:
        """Connection string of the superuser: for set-up and tests, never for serving."""
        return postgres.superuser_dsn(self.home, self.ports.postgres, database)

    @property
    def redis_url(self) -> str:
        """Address of Valkey."""
        return valkey.url(self.home, self.ports.valkey)

    def secret(self, name: str) -> str:
        """A secret of this home, made at random when first asked for."""
        return self.home.secret(name)


_held: dict[Path, Lock] = {}  # the user locks this process holds, by home


def services(folder: Path, mode: Mode = "start") -> Services:
    """The embedded servers of this home.

    ``find`` only reads where they listen; ``start`` starts them when they are not running and
    keeps them for as long as this process lives; ``throwaway`` does so without waiting for disks.
    Raises StartFailed or HomeUnusable with a sentence for the operator.
    """
    home = Home(folder)
    home.prepare()
    if mode == "find":
        return Services(home, home.read_ports() or Ports(postgres=5432, valkey=6379))
    if home.folder not in _held:
        users = Lock(home.lock("users"))
        users.shared()
        _held[home.folder] = users
        atexit.register(leave, home)
    return ensure_running(home, durable=mode == "start")


def ensure_running(home: Home, durable: bool = True) -> Services:
    """Starts what is not running; the caller holds the user lock, so that it stays."""
    # One starter at a time: the others wait here, then find the servers running.
    with exclusively(home.lock("start")):
        if not is_held(home.lock("keeper")):
            _spawn_keeper(home, durable)
        found = Services(home, _wait_until_ready(home))
        bootstrap.embedded(
            superuser_dsn=found.superuser_dsn,
            password=home.secret,
            stamp=home.folder / "bootstrapped",
            database=DATABASE,
        )
    return found


def leave(home: Home) -> None:
    """Stops using the servers; when we were the last, returns once they have stopped."""
    users = _held.pop(home.folder, None)
    if users is None:
        return
    users.release()
    deadline = time.monotonic() + STOPPED_WITHIN
    while is_held(home.lock("keeper")) and time.monotonic() < deadline:
        if users.try_exclusive():
            users.release()  # nobody else is left; the keeper will notice in a moment
        elif users.try_shared():
            break  # others still work with them
        time.sleep(0.05)
    users.close()


def _spawn_keeper(home: Home, durable: bool) -> None:
    command = [sys.executable, "-m", "helio.embedded.keeper", str(home.folder)]
    if not durable:
        command.append("--throwaway")
    with home.log("keeper").open("a") as log:
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=Path(__file__).parents[2],
            start_new_session=True,  # Ctrl-C is for the command, not for its servers
        )


def _wait_until_ready(home: Home) -> Ports:
    deadline = time.monotonic() + READY_WITHIN
    spawned = time.monotonic()
    while time.monotonic() < deadline:
        keeper_runs = is_held(home.lock("keeper"))
        ports = home.read_ports()
        if keeper_runs and ports and _answer(home, ports):
            return ports
        if not keeper_runs and time.monotonic() - spawned > 5:
            break
        time.sleep(0.05)
    raise StartFailed(
        f"The embedded PostgreSQL or Valkey did not start; {home.logs} has their logs."
    )


def _answer(home: Home, ports: Ports) -> bool:
    return valkey.answers(home, ports.valkey) and postgres.answers(home, ports.postgres)
