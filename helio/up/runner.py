"""Brings the whole system up, watches over it, and takes it down."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command

from helio import embedded
from helio.embedded.home import Home
from helio.embedded.locks import Lock, is_held
from helio.embedded.ports import HOST, is_free
from helio.up import environment, supervised
from helio.up.stopping import Make, Stopped

READY_WITHIN = 90.0
PORTS_TRIED = 100
TICK = 0.25


class CannotRun(RuntimeError):
    """Helio cannot come up; the message is for the operator."""


def say(sentence: str = "") -> None:
    """Prints at once; a terminal that has gone away is no reason to fail."""
    with suppress(OSError):
        print(sentence, flush=True)  # noqa: T201  this is the command's output


class Runner:
    """One run of Helio in one folder."""

    def __init__(self, make: Make | None = None) -> None:
        self.home = Home(settings.HELIO_HOME)
        self.home.prepare()
        self.folder = self.home.folder / "run"
        self.make = make
        self.port = 0
        self.services: embedded.Services | None = None
        self.supervisor: subprocess.Popen | None = None

    def run(self) -> None:
        """Comes up, announces, and stays until told to stop. Raises CannotRun with a sentence."""
        with self._alone():
            try:
                self._come_up()
                self._stay()
            finally:
                self._go_down()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        lock = Lock(self.home.lock("run"))
        address = self.home.folder / "address"
        if not lock.try_exclusive():
            where = address.read_text() if address.exists() else "it is still starting"
            raise CannotRun(
                f"Helio is already running in {self.home.folder} ({where}). Stop it there with"
                " Ctrl-C, or set HELIO_HOME to another folder for a second one."
            )
        try:
            supervised.wait_for_predecessor(self.folder)
            self.port = choose_port()
            address.write_text(self.url)
            yield
        finally:
            address.unlink(missing_ok=True)
            lock.close()

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://{HOST}:{self.port}"

    def _come_up(self) -> None:
        if settings.EMBEDDED:
            say("Starting PostgreSQL and Valkey …")
            self.services = embedded.services(self.home.folder)
        with self._managing("migrate", "bootstrap"):
            # Meanwhile, on the other core: a later start should take seconds.
            call_command("collectstatic", interactive=False, verbosity=0)
        self._load_demo()
        self.supervisor = self._supervise()
        self._wait_until_ready()

    def _load_demo(self) -> None:
        if not settings.HELIO_DEMO:
            return
        loaded = self.home.folder / "demo-loaded"
        if not loaded.exists():
            say("First run: loading the demo's files through the pipeline …")
            self._manage("worker", "demo")
            say("Valuing the demo's portfolios …")
            self._manage("worker", "refresh")
            say("Looking for what does not look right …")
            self._manage("worker", "quality", "run")
        # Holds a digest of the demo password: another password is given to the people again.
        password = hashlib.sha256(settings.HELIO_DEMO_PASSWORD.encode()).hexdigest()
        if not loaded.exists() or loaded.read_text() != password:
            self._manage("migrate", "demo_people")
            # Only now: a load that was interrupted is repeated, and loading twice changes nothing.
            loaded.write_text(password)

    def _manage(self, role: str, *arguments: str) -> None:
        with self._managing(role, *arguments):
            pass

    @contextmanager
    def _managing(self, role: str, *arguments: str) -> Iterator[None]:
        """Runs a manage.py command as that role beside the block. Raises CannotRun if it fails."""
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]
        process = subprocess.Popen(
            supervised.tied(command),
            # Its own words are for the terminal; log lines between them are not.
            env=environment.for_role(role, self.port, self.services)
            | {"HELIO_LOG_LEVEL": "WARNING"},
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
        )
        try:
            yield
            if process.wait() != 0:
                raise CannotRun(f"`manage.py {' '.join(arguments)}` failed; the reason is above.")
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()

    def _supervise(self) -> subprocess.Popen:
        return supervised.start(
            programs(self.port, self.services), self.folder, self.home.logs, settings.BASE_DIR
        )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            self._check_make()
            if answers(f"{self.url}/readyz"):
                return
            time.sleep(TICK / 2)
        raise CannotRun(
            f"The web process was not ready within {READY_WITHIN:.0f} s;"
            f" see {self.home.log('web')} and {self.url}/readyz."
        )

    def _stay(self) -> None:
        say(f"Helio is ready: {self.url}")
        for line in sign_ins():
            say(line)
        while True:
            self._check_make()
            self._keep_services()
            if self.supervisor is not None and self.supervisor.poll() is not None:
                say("The supervisor ended; starting it again.")
                self.supervisor = self._supervise()
                time.sleep(1)
            time.sleep(TICK)

    def _keep_services(self) -> None:
        if self.services is None or is_held(self.home.lock("keeper")):
            return
        say("The keeper of the embedded servers ended; starting it again.")
        before = self.services.ports
        self.services = embedded.ensure_running(self.home)
        moved = (before.postgres, before.valkey) != (
            self.services.ports.postgres,
            self.services.ports.valkey,
        )
        if moved and self.supervisor is not None:
            supervised.stop(self.supervisor)
            self.supervisor = self._supervise()

    def _check_make(self) -> None:
        if self.make is not None and self.make.wants_to_end():
            raise Stopped("make ended")

    def _go_down(self) -> None:
        if self.supervisor is not None:
            say("Stopping …")
            supervised.stop(self.supervisor)
        if self.services is not None:
            embedded.leave(self.home)


def programs(port: int, services: embedded.Services | None) -> list[supervised.Program]:
    """The processes of a one-machine installation."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "helio.celery", "--quiet"]
    worker = [
        *celery,
        *("worker", "--queues", "ingest,refresh", "--concurrency", "2", "--hostname", "worker@%h"),
        *("--without-mingle", "--without-gossip", "--loglevel", settings.HELIO_LOG_LEVEL),
    ]
    beat = [*celery, "beat", "--pidfile", "", "--loglevel", settings.HELIO_LOG_LEVEL]
    return [
        supervised.Program("web", web_command(port), environment.for_role("web", port, services)),
        supervised.Program("worker", worker, environment.for_role("worker", port, services)),
        supervised.Program("beat", beat, environment.for_role("worker", port, services)),
    ]


def web_command(port: int) -> list[str]:
    """What serves the pages on that port of this machine."""
    return [
        *(sys.executable, "-m", "helio.server", "--bind", HOST, "--port", str(port)),
        *("--websocket_timeout", "-1", "--verbosity", "0", "--no-server-name"),
        "helio.asgi:application",
    ]


def choose_port() -> int:
    """The port to serve on. Raises CannotRun when the one asked for is taken."""
    wanted: int = settings.PORT
    if is_free(wanted):
        return wanted
    if settings.PORT_CHOSEN:
        raise CannotRun(
            f"Port {wanted} is taken by another program. Choose another: make run PORT={wanted + 1}"
        )
    for port in range(wanted + 1, wanted + PORTS_TRIED):
        if is_free(port):
            say(f"Port {wanted} is taken by another program; using {port} instead.")
            return port
    raise CannotRun(f"No port from {wanted} to {wanted + PORTS_TRIED} is free.")


def answers(url: str) -> bool:
    """True when the address answers 200."""
    try:
        with urlopen(url, timeout=2) as response:  # noqa: S310  our own address
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def sign_ins() -> list[str]:
    """The table of demo sign-ins; empty when the demo is off."""
    if not settings.HELIO_DEMO:
        return []
    people = (
        ("analyst1 … analyst12", "portfolios granted to them"),
        ("manager1 … manager3", "their desk; give access in the admin"),
        ("executive1", "the firm and its desks"),
        ("auditor1", "all portfolios, read-only; audit trail"),
        ("operations1, operations2", "sources, batches, exceptions, crosswalk"),
        ("admin", "people, roles, settings"),
    )
    width = max(len(name) for name, _ in people)
    return [
        "",
        f"Demo sign-ins, all with the password {settings.HELIO_DEMO_PASSWORD}",
        *(f"  {name:<{width}}  {sees}" for name, sees in people),
        "",
        f"Data and logs: {Path(settings.HELIO_HOME)}   Stop with Ctrl-C.",
    ]
