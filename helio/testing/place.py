"""Where a run of tests keeps its servers' data: in memory, where there is plenty of it.

A copy of a template is a thousand small files. On a disk it takes a second, in memory a tenth.
"""

import atexit
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from helio.embedded.locks import Lock
from helio.embedded.postgres import MEMORY

PREFIX: Final = "helio-test-"
# Of memory and of its file system, for each process that shares the tests.
ENOUGH: Final = 3 * 1024**3
FRESH: Final = 60.0  # seconds in which a folder may not be held yet


def make() -> Path:
    """A new folder that ends with this process."""
    _sweep()
    # What is measured or proven at scale stands on the disk that it is measured on.
    in_memory = "pytest" in sys.modules and _has_room()
    place = MEMORY if in_memory else None
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    _held(folder).shared()  # for as long as this process lives
    # Registered before the servers are started, hence run after they have stopped.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _has_room() -> bool:
    try:
        room = shutil.disk_usage(MEMORY).free
        told = Path("/proc/meminfo").read_text()
    except OSError:
        return False
    sizes = dict(line.split(":", 1) for line in told.splitlines())
    return min(room, int(sizes["MemAvailable"].split()[0]) * 1024) >= ENOUGH


def _held(folder: Path) -> Lock:
    return Lock(folder / "held")


def _sweep() -> None:
    """Gives back the memory of runs that were killed before they could."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        found = folder.stat()
        if found.st_uid == os.getuid() and time.time() - found.st_mtime > FRESH:
            lock = _held(folder)
            if lock.try_exclusive():
                shutil.rmtree(folder, ignore_errors=True)
            lock.close()
