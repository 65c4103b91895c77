"""A landed file's bytes as received: from its parts, or from the text that is its bytes."""

from collections.abc import Iterator

from ingestion.models import SourceFile, SourcePart, SourceText

BEFORE_ALL = -1
Piece = tuple[int, bytes]


def next_piece(file: SourceFile, after: int = BEFORE_ALL) -> Piece | None:
    """The piece that follows one, and where it stands; None after the last."""
    if file.bytes_are_text:
        texts = SourceText.objects.filter(file=file, first_line__gt=after).order_by("first_line")
        text = texts.values_list("first_line", "body").first()
        return (text[0], text[1].encode()) if text else None
    parts = SourcePart.objects.filter(file=file, part_no__gt=after).order_by("part_no")
    part = parts.values_list("part_no", "body").first()
    return (part[0], bytes(part[1])) if part else None


def received(file: SourceFile) -> Iterator[bytes]:
    """The file, byte for byte, piece by piece; nothing when its bytes are not kept any more."""
    if file.bytes_expired_at is not None:
        return
    piece = next_piece(file)
    while piece is not None:
        at, body = piece
        yield body
        piece = next_piece(file, at)
