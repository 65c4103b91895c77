"""The bytes of a landed file as a download: piece by piece, however large the file."""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

from helio.accounts.models import User
from helio.accounts.requests import person
from helio.rls.identity import acting_as
from helio.rls.middleware import one_state
from ingestion.models import SourceFile, SourcePart


def as_received(request: HttpRequest, file: SourceFile) -> StreamingHttpResponse:
    """The file's bytes. A server that waits asynchronously gets them so: it would else collect
    the whole file before it sends the first byte."""
    reader = person(request)
    pieces: Iterator[bytes] | AsyncIterator[bytes]
    if isinstance(request, ASGIRequest):
        pieces = _pieces_in_turn(reader, file.pk)
    else:
        pieces = _pieces(reader, file.pk)
    response = StreamingHttpResponse(pieces, content_type="application/octet-stream")
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = disposition(file.name)
    response["Cache-Control"] = "private, no-store"
    return response


def disposition(name: str) -> str:
    """The header that names a download; any name is safe in it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _pieces(reader: User, file_id: int) -> Iterator[bytes]:
    number = 0
    while (piece := _piece(reader, file_id, number)) is not None:
        yield piece
        number += 1


async def _pieces_in_turn(reader: User, file_id: int) -> AsyncIterator[bytes]:
    number = 0
    while (piece := await sync_to_async(_piece)(reader, file_id, number)) is not None:
        yield piece
        number += 1


def _piece(reader: User, file_id: int, number: int) -> bytes | None:
    """One piece, None after the last; the request's transaction is over, so it has its own."""
    with one_state(), acting_as(reader):
        part = SourcePart.objects.filter(file_id=file_id, part_no=number).first()
        return bytes(part.body) if part else None
