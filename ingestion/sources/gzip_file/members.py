"""The file inside a gzip file, refused when it grows beyond measure."""

import gzip
import io
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Any

from ingestion.sources.guard import Guarded
from ingestion.sources.rows import FileRefused
from ingestion.sources.zip_archive.members import Member


def claims(name: str, first_bytes: bytes) -> bool:
    """True for what claims to be gzip, by its name or its first bytes."""
    return name.lower().endswith(".gz") or first_bytes.startswith(b"\x1f\x8b\x08")


def members(archive: IO[bytes], name: str) -> Iterator[Member]:
    """The one file inside; reading it raises FileRefused when it is cut off or a bomb."""
    inner = PurePosixPath(name).name
    if inner.lower().endswith(".gz"):
        inner = inner[:-3]
    if inner.lower().endswith((".gz", ".zip")):
        raise FileRefused("ARCHIVE_NESTED", f"the file {inner!r} inside is an archive too")
    counted = _Counted(archive)
    with gzip.GzipFile(fileobj=io.BufferedReader(counted)) as opened:
        yield Member(inner or "unnamed", Guarded(opened, "gzip file", lambda: counted.count))


class _Counted(io.RawIOBase):
    """The compressed stream, counting what was read of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._stream.read(len(buffer))
        buffer[: len(found)] = found
        self.count += len(found)
        return len(found)
