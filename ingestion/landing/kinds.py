"""What a landing file is: an archive to open, text to cut, or a kind that renders itself."""

import fnmatch
from codecs import BOM_UTF8
from collections.abc import Iterable
from typing import IO, Final

from ingestion.definition.model import Definition, FileKind
from ingestion.landing.delivery import parts
from ingestion.sources import CONTAINERS, KINDS
from ingestion.sources.rows import FileRefused

# What is text in these, but for a mark at its beginning, gives the same bytes again.
_UTF_8: Final = ("utf-8", "utf-8-sig", "ascii")


def container_of(definition: Definition, name: str, first: bytes, *, inside: bool) -> str:
    """The container a file claims to be, empty for none; FileRefused when none are expected.

    ``inside``: the file came out of an archive itself, where another one is a trick.
    """
    kind = _kind(definition, name)
    if kind is not None and hasattr(KINDS[kind.format_kind], "text_parts"):
        return ""  # a workbook is a zip archive to others, but not to its own reader
    for container, module in CONTAINERS.items():
        if module.claims(name, first):
            if container not in definition.archives:
                raise FileRefused("UNKNOWN_FILE", f"{definition.title} sends no archives")
            if inside:
                raise FileRefused("ARCHIVE_NESTED", f"the member {name!r} is an archive too")
            return container
    return ""


def text_of(definition: Definition, name: str, stream: IO[bytes]) -> tuple[Iterable[bytes], str]:
    """The bytes of a file's text and their encoding; FileRefused for a name nobody expects."""
    kind = _kind(definition, name)
    if kind is None:
        known = ", ".join(sorted({kind.pattern for kind in definition.files}))
        raise FileRefused("UNKNOWN_FILE", f"no kind of file is named like {name}; known: {known}")
    render = getattr(KINDS[kind.format_kind], "text_parts", None)
    if render is not None:
        return render(stream, kind.options), "utf-8"
    encoding = getattr(kind.options, "encoding", "utf-8-sig")
    return parts(stream), "utf-8-sig" if encoding == "utf-8" else encoding


def bytes_are_text(definition: Definition, name: str, first: bytes) -> bool:
    """True when a file's text in UTF-8 is its bytes, so that they need not be kept beside it."""
    kind = _kind(definition, name)
    if kind is None or hasattr(KINDS[kind.format_kind], "text_parts"):
        return False
    encoding = getattr(kind.options, "encoding", "utf-8")
    return encoding in _UTF_8 and not first.startswith(BOM_UTF8)


def _kind(definition: Definition, name: str) -> FileKind | None:
    named = (kind for kind in definition.files if fnmatch.fnmatch(name, kind.pattern))
    return next(named, None)
