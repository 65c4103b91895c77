"""Streams inside archives: limits while they expand, and damage told as a refusal."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Protocol

from ingestion.sources.rows import FileRefused

EXPANDED_MAX = 2_000_000_000
# A statement compresses about tenfold; beyond this it is a bomb.
RATIO_MAX = 200
# Below this size a high ratio does no harm: a short file of blanks compresses well.
HARMLESS = 1_000_000

# What zipfile, gzip and zlib raise on damaged archives (the fuzzer found each of them).
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError,
    NotImplementedError, RuntimeError, ValueError, OverflowError,
)  # fmt: skip


class Readable(Protocol):
    """What can be read in pieces."""

    def read(self, size: int = ..., /) -> bytes:
        """The next bytes."""


class Guarded(io.RawIOBase):
    """An expanded stream that refuses to grow beyond measure, and says what is damaged."""

    def __init__(self, opened: Readable, what: str, packed: Callable[[], int]) -> None:
        self._opened = opened
        self._what = what
        self._packed = packed
        self._count = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes; FileRefused for a bomb, a cut-off or a damaged archive."""
        try:
            found = self._opened.read(size if size >= 0 else HARMLESS)
        except DAMAGE as error:
            raise FileRefused("UNREADABLE_FILE", f"not a readable {self._what}: {error}") from error
        self._count += len(found)
        if self._count > HARMLESS and self._count > RATIO_MAX * max(self._packed(), 1):
            raise FileRefused("ARCHIVE_TOO_LARGE", f"the file expands more than {RATIO_MAX} times")
        if self._count > EXPANDED_MAX:
            raise FileRefused("ARCHIVE_TOO_LARGE", "the archive expands beyond the limit")
        return found
