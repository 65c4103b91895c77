"""Members of a zip archive, refused before they can do harm."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from ingestion.sources.guard import DAMAGE, EXPANDED_MAX, RATIO_MAX, Guarded
from ingestion.sources.rows import FileRefused

MEMBERS_MAX = 1_000


@dataclass
class Member:
    """A file inside an archive, open for reading."""

    name: str
    stream: Guarded


def claims(name: str, first_bytes: bytes) -> bool:
    """True for what claims to be an archive, by its name or its first bytes."""
    return name.lower().endswith(".zip") or first_bytes.startswith(b"PK\x03\x04")


def members(archive: Path | IO[bytes], name: str = "") -> Iterator[Member]:
    """Each member in the archive's order; FileRefused before the first when one is not fit."""
    try:
        with zipfile.ZipFile(archive) as opened:
            infos = [info for info in opened.infolist() if not info.is_dir()]
            _check(infos)
            for info in infos:
                with opened.open(info) as stream:
                    guarded = Guarded(stream, "zip archive", partial(_packed, info))
                    yield Member(PurePosixPath(info.filename).name, guarded)
    except DAMAGE as error:
        raise FileRefused("UNREADABLE_FILE", f"not a readable zip archive: {error}") from error


def _packed(info: zipfile.ZipInfo) -> int:
    return info.compress_size


def _check(infos: list[zipfile.ZipInfo]) -> None:
    if not infos:
        raise FileRefused("UNREADABLE_FILE", "the archive is empty")
    if len(infos) > MEMBERS_MAX:
        raise FileRefused("ARCHIVE_TOO_LARGE", f"the archive holds more than {MEMBERS_MAX} files")
    for info in infos:
        path = PurePosixPath(info.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in info.filename:
            raise FileRefused("ARCHIVE_PATH", f"the member {info.filename!r} leaves its folder")
        if info.flag_bits & 0x1:
            raise FileRefused("UNREADABLE_FILE", f"the member {info.filename!r} is encrypted")
        if info.filename.lower().endswith((".zip", ".gz")):
            raise FileRefused("ARCHIVE_NESTED", f"the member {info.filename!r} is an archive too")
        if info.file_size > RATIO_MAX * max(info.compress_size, 1):
            raise FileRefused(
                "ARCHIVE_TOO_LARGE",
                f"the member {info.filename!r} expands more than {RATIO_MAX} times",
            )
    if sum(info.file_size for info in infos) > EXPANDED_MAX:
        raise FileRefused("ARCHIVE_TOO_LARGE", "the archive expands beyond the limit")
