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
from ingestion.landing.received import BEFORE_ALL, Piece, next_piece
from ingestion.models import SourceFile


def as_received(request: HttpRequest, file: SourceFile) -> StreamingHttpResponse:
    """The file's bytes. A server that waits asynchronously gets them so: it would else collect
    the whole file before it sends the first byte."""
    reader = person(request)
    pieces: Iterator[bytes] | AsyncIterator[bytes]
    if isinstance(request, ASGIRequest):
        pieces = _pieces_in_turn(reader, file)
    else:
        pieces = _pieces(reader, file)
    response = StreamingHttpResponse(pieces, content_type="application/octet-stream")
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = disposition(file.name)
    response["Cache-Control"] = "private, no-store"
    return response


def disposition(name: str) -> str:
    """The header that names a download; any name is safe in it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _pieces(reader: User, file: SourceFile) -> Iterator[bytes]:
    at = BEFORE_ALL
    while (piece := _piece(reader, file, at)) is not None:
        at, body = piece
        yield body


async def _pieces_in_turn(reader: User, file: SourceFile) -> AsyncIterator[bytes]:
    at = BEFORE_ALL
    while (piece := await sync_to_async(_piece)(reader, file, at)) is not None:
        at, body = piece
        yield body


def _piece(reader: User, file: SourceFile, after: int) -> Piece | None:
    """One piece, None after the last; the request's transaction is over, so it has its own."""
    with one_state(), acting_as(reader):
        return next_piece(file, after)
