"""How a running Helio learns that it should stop."""

import ctypes
import os
import signal
import sys
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop. Not an Exception: nobody may take it for a failure."""


def on_signals() -> None:
    """From now on Ctrl-C, SIGTERM and a closed terminal raise Stopped, once."""
    for number in SIGNALS:
        signal.signal(number, _raise)


def _raise(number: int, _frame: FrameType | None) -> None:
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise Stopped(signal.Signals(number).name)


class Make:
    """The `make` that runs us: when it ends, or wants to, so do we.

    make passes SIGTERM on, but not SIGINT and SIGHUP sent to it alone: it puts their handling back
    to the default and waits for us, for ever. The kernel's list of signals it catches shows that.
    """

    def __init__(self) -> None:
        self.pid = os.getppid()
        self.caught = self._caught()
        if sys.platform.startswith("linux"):
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)

    def wants_to_end(self) -> bool:
        """True when make is gone, or waits for us after a signal."""
        return os.getppid() != self.pid or self._caught() != self.caught

    def _caught(self) -> str:
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return ""
        return next((line for line in status.splitlines() if line.startswith("SigCgt")), "")
