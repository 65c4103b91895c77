"""The watched folders: HELIO_HOME/inbox/<source>, and processed/ and quarantine/ next to it."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingestion.landing.delivery import Delivery
from ingestion.models import Batch, FetchState, Source, SourceFile
from ingestion.pipeline.run import ingest

# A file is whole when its size has stood still for so long; a rename into place needs no wait
# beyond that, since it keeps the time of the last write.
SETTLE_SECONDS = 1.0
WAIT_SECONDS = 30.0
# One run takes so many; the rest is taken by the next.
FILES_AT_ONCE = 1_000
# What senders name a file while they still write it.
UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", ".swp")


@dataclass(frozen=True)
class Seen:
    """A file as it looked at one moment."""

    path: Path
    size: int
    written: float

    @property
    def settled(self) -> bool:
        """True when nobody has written to the file for a while."""
        return time.time() - self.written >= SETTLE_SECONDS


class Inbox:
    """The folders below one HELIO_HOME."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def folder(self, source: str) -> Path:
        """The folder a source's files are dropped into; made if it is missing."""
        return self._made(self.home / "inbox" / source)

    def names(self, source: str) -> list[str]:
        """Names of the files that lie in a source's folder."""
        return [each.path.name for each in self._look(source)]

    def drop(self, source: str, name: str, text: str) -> Path:
        """Puts a file into a source's folder at once and whole; where it lies."""
        path = self.folder(source) / name
        unfinished = path.with_name(f".{name}")
        unfinished.write_text(text, encoding="utf-8")
        return unfinished.replace(path)

    def take(self, source: Source, *, by: str, wait: bool = False) -> Batch | None:
        """Ingests the whole files of a source's folder and files them away; None when idle."""
        files, trouble = self._fit(self.whole_files(source.name, wait=wait), source.name)
        _tell(source, trouble)
        deliveries = [Delivery(each.path.name, each.path, "inbox", by) for each in files]
        batch = ingest(source, deliveries, by=by)
        for each in files:
            self._file_away(each.path, source)
        return batch

    def whole_files(self, source: str, *, wait: bool = False) -> list[Seen]:
        """Files that nobody is writing to, by name; with ``wait``, waits until they settle."""
        deadline = time.monotonic() + (WAIT_SECONDS if wait else 0)
        while True:
            seen = self._look(source)
            if all(each.settled for each in seen) or time.monotonic() >= deadline:
                break
            time.sleep(SETTLE_SECONDS / 4)
        return [each for each in seen if each.settled and each.size]

    def _fit(self, files: list[Seen], source: str) -> tuple[list[Seen], list[str]]:
        """The files that can be taken now, and what is wrong with the others, which stay."""
        folder = self.folder(source)
        if files and not os.access(folder, os.W_OK):
            return [], [f"The worker cannot move files out of {folder}, so none is taken."]
        fit = [each for each in files if os.access(each.path, os.R_OK)]
        trouble = [
            f"{each.path.name} cannot be read by the worker; it stays in the folder."
            for each in files
            if each not in fit
        ]
        if len(fit) > FILES_AT_ONCE:
            trouble.append(f"{len(fit)} files lie here; they are taken {FILES_AT_ONCE} at a time.")
        return fit[:FILES_AT_ONCE], trouble

    def _look(self, source: str) -> list[Seen]:
        found = []
        for path in self._entries(source):
            if path.name.startswith((".", "~")) or path.suffix.lower() in UNFINISHED:
                continue
            try:
                state = path.lstat()
            except FileNotFoundError:
                continue  # filed away by another worker meanwhile
            if path.is_file() and not path.is_symlink():
                found.append(Seen(path, state.st_size, state.st_mtime))
        return found

    def _entries(self, source: str) -> list[Path]:
        try:
            return sorted(self.folder(source).iterdir())
        except FileNotFoundError:
            return []  # the folder was removed at this very moment; it is made again

    def _file_away(self, path: Path, source: Source) -> None:
        """Moves a file that was taken; its bytes are in the database already."""
        last = SourceFile.objects.filter(source=source, name=path.name[:255]).last()
        rejected = last is not None and last.status == SourceFile.Status.REJECTED
        folder = self._made(self.home / ("quarantine" if rejected else "processed") / source.name)
        target = folder / path.name
        if target.exists():
            target = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{path.name}"
        try:
            path.replace(target)
        except FileNotFoundError:
            return  # another worker was faster; the file is where it belongs

    @staticmethod
    def _made(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder


def _tell(source: Source, trouble: list[str]) -> None:
    """Keeps what is wrong in a source's folder, for the page; written only when it changes."""
    sentence = " ".join(trouble[:5])
    known = FetchState.objects.filter(source=source)
    before = known.values_list("folder_sentence", flat=True).first()
    if sentence != (before or ""):
        FetchState.objects.update_or_create(source=source, defaults={"folder_sentence": sentence})
