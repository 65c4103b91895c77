"""Keeps the embedded servers running while anyone uses them, and leaves nothing behind.

Run as ``python -m helio.embedded.keeper HOME [--throwaway]`` by ``helio.embedded.services``.

Every process that uses the servers holds the lock ``users`` shared. The keeper ends when it can
take that lock alone: the kernel frees a lock however its holder died, so no count can go wrong.
A server that was killed is started again on the same port. When the keeper itself is killed, the
kernel ends the servers (launch.py).
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from helio.embedded import postgres, valkey
from helio.embedded.home import Home, Ports
from helio.embedded.locks import Lock
from helio.embedded.ports import keep_or_pick

POLL = 0.1  # seconds between looks at users and servers
PATIENCE = 20.0  # seconds a server gets to stop before it is killed
LARGEST_LOG = 10_000_000  # bytes; a longer log starts anew


@dataclass
class Server:
    """One server process and how to start it again."""

    name: str
    command: list[str]
    stop_signal: int
    home: Home
    stdin: str = ""
    process: subprocess.Popen[str] | None = None
    starts: list[float] = field(default_factory=list)

    def keep(self) -> None:
        """Starts the server when it is not running, more slowly the more often it fell."""
        if self.process is not None and self.process.poll() is None:
            return
        now = time.monotonic()
        recent = [start for start in self.starts if now - start < 60]
        if recent and now - recent[-1] < min(5.0, 0.2 * len(recent)):
            return
        self.starts = [*recent, now]
        self._start()

    def _start(self) -> None:
        path = self.home.log(self.name)
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        with path.open("a") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                text=True,
                start_new_session=True,
                cwd="/",
            )
        if self.process.stdin is None:
            raise AssertionError("Popen was asked for a pipe.")
        with self.process.stdin as stdin:
            stdin.write(self.stdin)

    def stop(self) -> None:
        """Ends the server in its own way, by force once it has had its time."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def servers(home: Home, ports: Ports, durable: bool) -> list[Server]:
    """The two servers, set up but not started."""
    postgres.set_up(home)
    valkey.set_up(home)
    return [
        Server("postgresql", postgres.command(home, ports.postgres, durable), signal.SIGINT, home),
        Server(
            "valkey",
            valkey.command(home),
            signal.SIGTERM,
            home,
            stdin=valkey.configuration(home, ports.valkey),
        ),
    ]


def wait_for_predecessor(home: Home, patience: float = 10.0) -> None:
    """Waits until a PostgreSQL whose keeper was killed has gone, so that its port is free again."""
    pid_file = home.postgres / "postmaster.pid"
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            pid = int(pid_file.read_text().split()[0])
            running = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return
        if str(home.postgres).encode() not in running:
            return
        time.sleep(POLL)


def choose_ports(home: Home, keeper: int) -> Ports:
    """Last time's ports where they are still free, else others; written down for all users."""
    last = home.read_ports()
    ports = Ports(
        postgres=keep_or_pick(last.postgres if last else None),
        valkey=keep_or_pick(last.valkey if last else None),
        keeper=keeper,
    )
    home.write_ports(ports)
    return ports


def keep(home: Home, keeper: int, durable: bool) -> None:
    """Runs the servers until nobody uses them or a signal says stop."""
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    wait_for_predecessor(home)
    running = servers(home, choose_ports(home, keeper), durable)
    users = Lock(home.lock("users"))
    while not stopping and not users.try_exclusive():
        for server in running:
            server.keep()
        time.sleep(POLL)
    # New users wait on the lock until all is stopped, then start a keeper of their own.
    for server in reversed(running):
        server.stop()


def main(arguments: list[str]) -> int:
    """Keeps the servers of one home; 0 at once when another keeper does."""
    home = Home(Path(arguments[0]))
    mine = Lock(home.lock("keeper"))
    if not mine.try_exclusive():
        return 0
    keep(home, os.getpid(), durable="--throwaway" not in arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
