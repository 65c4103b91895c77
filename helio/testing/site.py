"""A real web process on a test database, for tests that drive a browser."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

from helio.embedded.ports import HOST, any_free
from helio.testing import databases
from helio.up.runner import answers, web_command
from helio.up.supervised import tied

READY_WITHIN = 60.0
STOPPED_WITHIN = 10.0


@dataclass(frozen=True)
class Site:
    """Where the pages are, and what they show."""

    url: str
    database: str

    def manage(self, *arguments: str, role: str = "worker") -> str:
        """Output of a manage.py command on the site's database."""
        return databases.manage(*arguments, role=role, database=self.database)


class WebProcess:
    """One server as helio_web on a port of its own, which can die and come back."""

    def __init__(self, database: str) -> None:
        self._port = any_free()
        self.url = f"http://{HOST}:{self._port}"
        self._environment = databases.serving_environment(database, "web") | {
            "PORT": str(self._port)
        }
        self._log = settings.HELIO_HOME / f"site-{self._port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def collect_static(self) -> None:
        """Puts the site's assets where the processes of this run find them."""
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
            cwd=settings.BASE_DIR,
            env=self._environment,
            check=True,
        )

    def start(self) -> None:
        """Starts it; returns at once."""
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._process = subprocess.Popen(
            tied(web_command(self._port)),
            cwd=settings.BASE_DIR,
            env=self._environment,
            stdout=log,
            stderr=log,
        )
        os.close(log)

    def wait_until_ready(self) -> None:
        """Returns when it answers; raises AssertionError with its log when it does not come up."""
        deadline = time.monotonic() + READY_WITHIN
        while not answers(f"{self.url}/readyz"):
            if (
                self._process is None
                or self._process.poll() is not None
                or time.monotonic() > deadline
            ):
                raise AssertionError(f"The site did not come up:\n{self._log.read_text()}")
            time.sleep(0.1)

    def kill(self) -> None:
        """Ends it without giving it a chance to say goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends it in its own way, by force once it has had its time, as the supervisor does."""
        try:
            self._end(signal.SIGTERM)
        except subprocess.TimeoutExpired:
            self.kill()

    def terminate(self) -> None:
        """Tells it to end; returns at once."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def ended_within(self, seconds: float) -> bool:
        """True when it was gone by then."""
        try:
            return self._process is None or self._process.wait(seconds) is not None
        except subprocess.TimeoutExpired:
            return False

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(STOPPED_WITHIN)


@contextmanager
def serving(database: str) -> Iterator[Site]:
    """The site, served as helio_web for the length of the block."""
    with web_processes(database, 1) as (web,):
        yield Site(web.url, database)


@contextmanager
def web_processes(database: str, count: int) -> Iterator[list[WebProcess]]:
    """So many web processes on the database, ready, for the length of the block."""
    processes = [WebProcess(database) for _ in range(count)]
    processes[0].collect_static()
    try:
        for process in processes:
            process.start()
        for process in processes:
            process.wait_until_ready()
        yield processes
    finally:
        for process in processes:
            process.stop()
