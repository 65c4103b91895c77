"""The embedded servers: one per folder however many start it, and gone with the last user."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from helio.embedded.home import Home, HomeUnusable
from helio.embedded.locks import Lock, is_held

# Uses the servers of the folder until a line arrives, then says where they are.
USER = """
import sys
from pathlib import Path
from helio.embedded import services
found = services(Path(sys.argv[1]), "throwaway")
print(found.database_url("helio_web"), found.ports.keeper, flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    yield home
    gone(home)


def use(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=settings.BASE_DIR,
    )


def told(user: subprocess.Popen[str]) -> tuple[str, int]:
    assert user.stdout is not None
    url, keeper = user.stdout.readline().split()
    return url, int(keeper)


def finish(user: subprocess.Popen[str]) -> None:
    user.communicate("\n", timeout=60)


def gone(folder: Path, within: float = 20) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if not any(str(folder) in line for line in commands()):
            return True
        time.sleep(0.1)
    return False


def commands() -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(entry.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return found


def connects(url: str, within: float = 10) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return True
    return False


def test_two_starters_share_one_server_which_ends_with_the_last(folder: Path) -> None:
    first, second = use(folder), use(folder)
    (url, keeper), other = told(first), told(second)
    assert other == (url, keeper)
    finish(first)
    assert connects(url)
    finish(second)
    assert not is_held(Home(folder).lock("keeper"))
    assert gone(folder)


def test_killed_servers_come_back_and_a_killed_user_leaves_nothing(folder: Path) -> None:
    user = use(folder)
    url, _ = told(user)
    postmaster = int((folder / "postgresql/postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    assert connects(url)
    user.kill()
    user.communicate()
    assert gone(folder)


def test_a_killed_keeper_takes_its_servers_along_and_is_replaced(folder: Path) -> None:
    user = use(folder)
    _, keeper = told(user)
    os.kill(keeper, signal.SIGKILL)
    follower = use(folder)
    url, other = told(follower)
    assert other != keeper
    assert connects(url)
    finish(user)
    finish(follower)
    assert gone(folder)


def test_a_taken_port_is_replaced_by_another(folder: Path) -> None:
    user = use(folder)
    url, _ = told(user)
    finish(user)
    before = json.loads((folder / "ports.json").read_text())
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        squatter.bind(("127.0.0.1", before["postgres"]))
        squatter.listen()
        user = use(folder)
        other, _ = told(user)
        assert other != url
        assert connects(other)
        finish(user)


def test_the_home_is_closed_to_others(folder: Path) -> None:
    home = Home(folder)
    assert len(home.secret("one")) == 64
    assert home.secret("one") == home.secret("one") != home.secret("two")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "secrets/one").stat().st_mode) == 0o600


def test_a_home_that_cannot_be_made_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeUnusable, match="Set HELIO_HOME"):
        Home(tmp_path / "file" / "below").prepare()


def test_a_lock_is_freed_by_its_holders_death(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    holder = Lock(path)
    assert holder.try_exclusive()
    assert is_held(path)
    holder.close()
    assert not is_held(path)
