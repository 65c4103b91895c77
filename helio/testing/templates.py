"""Template databases kept between runs: built once from the same sources, then copied in a moment.

They lie in the machine's temporary folder under a digest of everything that goes into them, so that
another source means another build. A fresh machine has none. Needs no Django.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from helio.embedded.home import Home

ROOT: Final = Path(__file__).parents[2]
APPS: Final = ("helio", "portfolios", "ingestion", "reports")
# What shows, measures or tests; no row of the templates comes from it.
ASIDE: Final = {
    "tests",
    "bench",
    "pages",
    "glossary",
    "up",
    "dashboards",
    "live",
    "exports",
    "isolation",
}
KEPT: Final = ("postgresql", "secrets", "bootstrapped")
PATIENCE: Final = 30.0


def fetch(home: Path) -> None:
    """Puts the servers' data of an earlier run into this run's home, if there is any."""
    kept = _place()
    if kept.is_dir():
        for name in KEPT:
            _copy(kept / name, home / name)


def keep(home: Home) -> None:
    """Keeps the data of the running servers for the next run, stopping the database for it.

    Nothing may be connected.
    """
    place = _place()
    if place.exists():
        return
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(dir=place.parent))
    try:
        _copy_at_rest(home, scratch)
        scratch.rename(place)
    except OSError:
        # Another run of the same sources was first, or the disk is full: nothing depends on it.
        shutil.rmtree(scratch, ignore_errors=True)


def _copy_at_rest(home: Home, scratch: Path) -> None:
    ports = home.read_ports()
    if ports is None:
        raise FileNotFoundError(home.ports_file)
    # The keeper starts a stopped server again: it waits until the copy is made.
    os.kill(ports.keeper, signal.SIGSTOP)
    try:
        _stop(home)
        for name in KEPT:
            _copy(home.folder / name, scratch / name)
    finally:
        os.kill(ports.keeper, signal.SIGCONT)


def _copy(source: Path, target: Path) -> None:
    """Owners and all: the server's files belong to the server's user, which copytree forgets."""
    program = shutil.which("cp") or "/bin/cp"
    subprocess.run([program, "-a", str(source), str(target)], check=True)


def _stop(home: Home) -> None:
    pid_file = home.postgres / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
    deadline = time.monotonic() + PATIENCE
    while pid_file.exists():
        if time.monotonic() > deadline:
            raise TimeoutError("The database server did not stop.")
        time.sleep(0.05)


def _place() -> Path:
    return Path(tempfile.gettempdir(), f"helio-templates-{os.getuid()}", _digest())


@cache
def _digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(_sources()):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _sources() -> Iterator[Path]:
    yield ROOT / "constraints.txt"
    for app in APPS:
        for folder, inside, names in os.walk(ROOT / app):
            inside[:] = [name for name in inside if name not in ASIDE and name != "__pycache__"]
            yield from (Path(folder, name) for name in names)
