"""`make run` on servers of one's own: ready, supervised, alone in its folder, gone afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from helio.database import urls
from helio.embedded.ports import any_free
from helio.testing import databases
from helio.up.runner import answers

READY_WITHIN = 120


class Run:
    """One `manage.py up` in a folder of its own."""

    def __init__(self, folder: Path, database: str, port: int) -> None:
        self.folder, self.port = folder, port
        self.output = folder.with_suffix(".out")
        addresses = {
            variable: databases.dsn(role, database) for role, variable in urls.VARIABLES.items()
        }
        environment = databases.serving_environment(database, "web") | addresses
        environment |= {"HELIO_HOME": str(folder), "HELIO_DEMO": "0", "PORT": str(port)}
        del environment["HELIO_DATABASE_ROLE"]
        output = os.open(self.output, os.O_WRONLY | os.O_CREAT)
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        os.close(output)

    def said(self) -> str:
        return self.output.read_text()

    def ready(self) -> bool:
        return until(lambda: answers(f"http://127.0.0.1:{self.port}/readyz"), READY_WITHIN)

    def announced(self) -> bool:
        return until(lambda: "Helio is ready" in self.said(), READY_WITHIN)

    def child(self, word: str) -> int:
        """Process id of the supervised process whose command has the word."""
        found = [pid for pid, command in self.processes() if word in command]
        return min(found, default=0)

    def processes(self) -> list[tuple[int, str]]:
        """Those of this run, known by the folder in their environment."""
        marks = (f"HELIO_HOME={self.folder}".encode(), str(self.folder).encode())
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                environment = (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if marks[0] in environment or marks[1] in command:
                found.append((int(entry.name), command.decode(errors="replace")))
        return found


def until(holds: Callable[[], bool], within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def start(tmp_path: Path, fresh_database: str) -> Iterator[Callable[..., Run]]:
    runs: list[Run] = []

    def begin(name: str = "home", port: int | None = None) -> Run:
        runs.append(Run(tmp_path / name, fresh_database, port or any_free()))
        return runs[-1]

    yield begin
    for run in runs:
        run.process.kill()
        run.process.wait()
        assert until(lambda run=run: not run.processes(), 30), run.processes()


def test_it_comes_up_keeps_its_children_and_leaves_nothing(start: Callable[..., Run]) -> None:
    run = start()
    assert run.announced(), run.said()
    assert f"Helio is ready: http://127.0.0.1:{run.port}\n" in run.said()

    web = run.child("helio.server")
    os.kill(web, signal.SIGKILL)
    assert until(lambda: run.child("helio.server") not in (0, web), 20)
    assert run.ready()

    second = start(port=any_free())
    assert second.process.wait(30) != 0
    assert f"already running in {run.folder} (http://127.0.0.1:{run.port})" in second.said()

    run.process.send_signal(signal.SIGTERM)
    assert run.process.wait(40) == 0
    assert run.processes() == []


def test_a_killed_up_leaves_nothing(start: Callable[..., Run]) -> None:
    run = start()
    assert run.announced(), run.said()
    run.process.kill()
    run.process.wait()
    assert until(lambda: not run.processes(), 40), run.processes()


def test_a_taken_port_is_named(start: Callable[..., Run], tmp_path: Path) -> None:
    run = start("first")
    assert run.announced(), run.said()
    other = start("second", port=run.port)
    assert other.process.wait(30) != 0
    assert f"Port {run.port} is taken" in other.said()


def test_worker_and_beat_never_learn_the_identity_key(start: Callable[..., Run]) -> None:
    run = start()
    assert run.announced(), run.said()
    for word in ("--quiet worker", "--quiet beat"):
        environment = Path(f"/proc/{run.child(word)}/environ").read_bytes()
        assert b"DATABASE_WORKER_URL=" in environment
        assert b"HELIO_IDENTITY_KEY" not in environment
        assert settings.IDENTITY_KEY.encode() not in environment
