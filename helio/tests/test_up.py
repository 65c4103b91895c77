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
        self.output = folder.with_name(f"{folder.name}-{port}.out")
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


def begun(folder: Path, database: str, port: int | None = None) -> Run:
    return Run(folder, database, port or any_free())


def refused(run: Run) -> str:
    """What a run said that could not be."""
    try:
        assert run.process.wait(30) != 0
    finally:
        run.process.kill()
        run.process.wait()
    return run.said()


def killed(run: Run) -> None:
    """Kills it; what it started ends by itself."""
    run.process.kill()
    run.process.wait()
    assert until(lambda: not run.processes(), 40), run.processes()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, fresh_database: str) -> Iterator[Run]:
    """One that is up for all tests that leave it so, ended as its operator ends it."""
    run = begun(tmp_path_factory.mktemp("up") / "home", fresh_database)
    try:
        assert run.announced(), run.said()
        yield run
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(40) == 0
        assert run.processes() == []
    finally:
        killed(run)


def test_it_says_where_it_is_and_keeps_its_children(running: Run) -> None:
    assert f"Helio is ready: http://127.0.0.1:{running.port}\n" in running.said()
    web = running.child("helio.server")
    os.kill(web, signal.SIGKILL)
    assert until(lambda: running.child("helio.server") not in (0, web), 20)
    assert running.ready()


def test_a_second_in_its_folder_is_told_where_it_runs(running: Run, fresh_database: str) -> None:
    said = refused(begun(running.folder, fresh_database))
    assert f"already running in {running.folder} (http://127.0.0.1:{running.port})" in said


def test_a_taken_port_is_named(running: Run, tmp_path: Path, fresh_database: str) -> None:
    other = begun(tmp_path / "other", fresh_database, running.port)
    assert f"Port {running.port} is taken" in refused(other)
    assert other.processes() == []


def test_worker_and_beat_never_learn_the_identity_key(running: Run) -> None:
    for word in ("--quiet worker", "--quiet beat"):
        environment = Path(f"/proc/{running.child(word)}/environ").read_bytes()
        assert b"DATABASE_WORKER_URL=" in environment
        assert b"HELIO_IDENTITY_KEY" not in environment
        assert settings.IDENTITY_KEY.encode() not in environment


def test_a_killed_up_leaves_nothing(tmp_path: Path, fresh_database: str) -> None:
    run = begun(tmp_path / "home", fresh_database)
    try:
        assert run.announced(), run.said()
    finally:
        killed(run)
