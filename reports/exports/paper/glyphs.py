"""Which characters the paper's font can draw: PDF/A refuses a file with one that it cannot."""

import struct
from functools import cache
from pathlib import Path
from typing import Final

import font_roboto

FONTS: Final = Path(font_roboto.__file__).parent / "files"
REPLACEMENT: Final = "?"


def drawable(text: str) -> str:
    """The text with each character that the font lacks replaced by a question mark."""
    known = _coverage(FONTS / "Roboto-Regular.ttf")
    return "".join(c if ord(c) in known else REPLACEMENT for c in text)


@cache
def _coverage(font: Path) -> frozenset[int]:
    """Code points of the font's format 4 character map (OpenType specification, 'cmap')."""
    content = font.read_bytes()
    start = _table(content, b"cmap")
    (count,) = struct.unpack_from(">H", content, start + 2)
    for record in range(count):
        (offset,) = struct.unpack_from(">I", content, start + 4 + 8 * record + 4)
        (form,) = struct.unpack_from(">H", content, start + offset)
        if form == 4:
            return frozenset(_segments(content, start + offset))
    raise ValueError(f"{font.name} has no character map of format 4.")


def _table(content: bytes, tag: bytes) -> int:
    (count,) = struct.unpack_from(">H", content, 4)
    for record in range(count):
        name, _, offset, _ = struct.unpack_from(">4sIII", content, 12 + 16 * record)
        if name == tag:
            return offset
    raise ValueError(f"The font has no table {tag.decode()}.")


def _segments(content: bytes, at: int) -> set[int]:
    (double,) = struct.unpack_from(">H", content, at + 6)
    n = double // 2
    ends = struct.unpack_from(f">{n}H", content, at + 14)
    starts = struct.unpack_from(f">{n}H", content, at + 16 + double)
    points: set[int] = set()
    for first, last in zip(starts, ends, strict=True):
        points.update(range(first, last + 1))
    return points - {0xFFFF}
