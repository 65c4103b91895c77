"""Heads of the chain, shipped to where the database cannot reach, and compared when it is verified.

Who owns the database can rewrite the whole chain so that it holds. They cannot rewrite what was
written down elsewhere a minute after each event: see docs/security.md for where to keep it.
"""

from __future__ import annotations

import datetime as dt
import logging
import logging.handlers
import os
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

NEWEST = "SELECT id, encode(hash, 'hex') FROM audit_event ORDER BY id DESC LIMIT 1"
LINE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (\d{1,18}) ([0-9a-f]{64})")
TAIL_BYTES = 200


class UnreadableHeadsError(RuntimeError):
    """The file of shipped heads holds a line that is none."""


@dataclass(frozen=True)
class Head:
    """The last event of the chain at a moment."""

    at: str
    number: int
    hash: str

    @property
    def line(self) -> str:
        """As it stands in the file and in the system's log."""
        return f"{self.at} {self.number} {self.hash}"


def ship() -> Head | None:
    """The head as shipped now; None when the chain is empty or has not moved since."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        row = cursor.fetchone()
    if row is None:
        return None
    head = Head(dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), *row)
    last = _last(settings.HELIO_AUDIT_HEADS)
    if last is not None and (last.number, last.hash) == (head.number, head.hash):
        return None
    _append(settings.HELIO_AUDIT_HEADS, head)
    if settings.HELIO_AUDIT_SYSLOG:
        _log(settings.HELIO_AUDIT_SYSLOG, head)
    return head


def shipped() -> list[Head]:
    """The heads in the file, oldest first; none when there is no file on this machine.

    Raises UnreadableHeadsError for a line that was not written by ``ship``.
    """
    path: Path = settings.HELIO_AUDIT_HEADS
    if not path.exists():
        return []
    with path.open(encoding="ascii", errors="replace") as lines:
        return [_read(line.rstrip("\n"), number) for number, line in enumerate(lines, 1)]


def _read(line: str, number: int) -> Head:
    found = LINE.fullmatch(line)
    if found is None:
        raise UnreadableHeadsError(f"Line {number} of the shipped heads is not a head.")
    return Head(found[1], int(found[2]), found[3])


def _last(path: Path) -> Head | None:
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        lines = file.read().decode("ascii", errors="replace").splitlines()
    return _read(lines[-1], 0) if lines else None


def _append(path: Path, head: Head) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # One write of a short line to a file opened for appending: two beats cannot mix their lines.
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{head.line}\n".encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _log(address: str, head: Head) -> None:
    host, _, port = address.rpartition(":")
    where: str | tuple[str, int] = address if address.startswith("/") else (host, int(port))
    handler = logging.handlers.SysLogHandler(
        where, facility=logging.handlers.SysLogHandler.LOG_AUTHPRIV
    )
    try:
        handler.ident = "helio-audit: "
        handler.emit(logging.makeLogRecord({"msg": head.line, "levelno": logging.INFO}))
    finally:
        handler.close()
