"""File locks that the kernel frees when their holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Lock:
    """One open lock file; shared for users of the servers, exclusive for those who start them."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def shared(self) -> None:
        """Waits until nobody holds it exclusively, then joins the sharers."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def exclusive(self) -> None:
        """Waits until it is ours alone."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def try_exclusive(self) -> bool:
        """True when it is ours alone now; never waits."""
        return self._try(fcntl.LOCK_EX)

    def try_shared(self) -> bool:
        """True when we joined the sharers; never waits."""
        return self._try(fcntl.LOCK_SH)

    def release(self) -> None:
        """Lets go, keeping the file open for another try."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Lets go for good."""
        os.close(self._descriptor)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def exclusively(path: Path) -> Iterator[None]:
    """Holds the lock file alone for the length of the block."""
    lock = Lock(path)
    try:
        lock.exclusive()
        yield
    finally:
        lock.close()


def is_held(path: Path) -> bool:
    """True when some process holds the lock file exclusively."""
    lock = Lock(path)
    try:
        return not lock.try_shared()
    finally:
        lock.close()
