"""What arrives: a file in a folder, or a member of an archive."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

PART_BYTES = 256 * 1024
SPOOL_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Delivery:
    """One file that arrived: its name, where its bytes are, how it came and who brought it."""

    name: str
    path: Path
    way: str
    by: str

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """The file, open at its beginning."""
        with self.path.open("rb") as stream:
            yield stream


@dataclass(frozen=True)
class MemberDelivery:
    """A file inside an archive, spooled so that it can be read twice."""

    name: str
    spool: IO[bytes]
    way: str
    by: str

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """The member, open at its beginning."""
        self.spool.seek(0)
        yield self.spool


@contextmanager
def spooled(name: str, stream: IO[bytes], by: str) -> Iterator[MemberDelivery]:
    """A member of an archive as a delivery of its own."""
    with SpooledTemporaryFile(SPOOL_BYTES) as spool:
        shutil.copyfileobj(stream, spool, PART_BYTES)
        yield MemberDelivery(name, spool, "archive", by)


@dataclass(frozen=True)
class Fingerprint:
    """What tells two files apart: the hash of their bytes; with size and first bytes."""

    sha256: str
    size: int
    first: bytes


def fingerprint(delivery: Delivery | MemberDelivery) -> Fingerprint:
    """The delivery's fingerprint, read in pieces."""
    digest, size, first = hashlib.sha256(), 0, b""
    with delivery.opened() as stream:
        for part in parts(stream):
            digest.update(part)
            size += len(part)
            first = first or part[:8]
    return Fingerprint(digest.hexdigest(), size, first)


def parts(stream: IO[bytes]) -> Iterator[bytes]:
    """The stream's bytes in pieces."""
    while part := stream.read(PART_BYTES):
        yield part
