"""What every way is given when it fetches, what it brings back, and how it fails."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from ingestion.models import RemoteFile
from ingestion.ways.options import MEGABYTE, Policy

PART_BYTES = 256 * 1024


class FetchFailed(Exception):
    """A fetch that did not succeed, in a sentence; ``again`` when trying once more may help."""

    def __init__(self, sentence: str, *, again: bool = False, wait: float | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.again = again
        self.wait = wait


@dataclass(frozen=True)
class Brought:
    """A file that was fetched, where it lies, and what it was on its server."""

    name: str
    path: Path
    remote: RemoteFile | None = None


@dataclass(frozen=True)
class Fetched:
    """What a fetch brought: files, and what to remember once they are loaded."""

    files: list[Brought] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""


@dataclass
class Visit:
    """One fetch of one source: where files may be put, and within which limits."""

    source_id: int
    digest: str
    folder: Path
    policy: Policy
    memory: dict[str, Any]
    at: datetime
    deadline: float = 0.0
    asked: int = 0
    bytes: int = 0

    def __post_init__(self) -> None:
        self.deadline = monotonic() + self.policy.limit.total_seconds()

    @property
    def remaining(self) -> float:
        """Seconds left; FetchFailed when there are none."""
        self.check_time()
        return max(self.deadline - monotonic(), 0.001)

    def check_time(self) -> None:
        """FetchFailed when the whole fetch has taken too long."""
        if monotonic() >= self.deadline:
            seconds = self.policy.limit.total_seconds()
            raise FetchFailed(f"The fetch took longer than its limit of {seconds:g} seconds.")

    @property
    def timeout(self) -> float:
        """Seconds for the next answer: the definition's, or what is left of the whole."""
        return min(self.policy.timeout.total_seconds(), self.remaining)

    def count(self, number: int) -> None:
        """Counts bytes that came; FetchFailed beyond the limit, or when time is over."""
        self.bytes += number
        if self.bytes > self.policy.max_bytes:
            most = self.policy.max_bytes // MEGABYTE
            raise FetchFailed(f"The source sends more than the {most} MB its definition allows.")
        self.check_time()

    def place(self, name: str) -> Path:
        """Where a file of that name goes; the name cannot lead out of the folder."""
        number = len(list(self.folder.iterdir()))
        return self.folder / f"{number:05d}-{Path(name).name[-200:]}"
