"""The socket of an open page: translates messages and leaves the rest to the hub."""

import json
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer

from helio.signin import dues
from reports.live import names
from reports.live.hub import hub
from reports.live.mailbox import Mailbox
from reports.live.render import PageGoneError, live_address

MESSAGE_LIMIT = 4_000


class LiveConsumer(AsyncWebsocketConsumer):
    """Speaks ``/ws/live/?page=ADDRESS&version=N``.

    Out: compressed frames (reports/live/frames.py). In: ``{"ack": n}``, ``{"resync": true}``, or
    ``{"page": ADDRESS}`` when htmx swapped another address into the page.
    """

    mailbox: Mailbox | None = None

    async def connect(self) -> None:
        await self.accept()
        user = self.scope["user"]
        if not user.is_authenticated or not dues.is_clear(self.scope["session"]):
            await self.close(names.CLOSE_SIGNED_OUT)
            return
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        try:
            address = live_address(query.get("page", [""])[0])
        except PageGoneError:
            await self.close(names.CLOSE_UNKNOWN_PAGE)
            return
        version = query.get("version", [""])[0]
        self.mailbox = Mailbox(
            address=address,
            person_id=user.pk,
            session_key=self.scope["session"].row_key,
            has=int(version) if version.isdecimal() and len(version) < 10 else None,
            send=self._send,
            close=self._close,
        )
        await hub().join(self.mailbox)

    async def disconnect(self, code: int) -> None:
        if self.mailbox is not None:
            hub().leave(self.mailbox)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = _read(text_data)
        if self.mailbox is None or message is None:
            await self.close(names.CLOSE_UNKNOWN_PAGE)
        elif isinstance(message.get("page"), str):
            await self._follow(self.mailbox, message["page"])
        elif message.get("resync") is True:
            await hub().resync(self.mailbox)
        elif isinstance(message.get("ack"), int):
            await hub().acknowledged(self.mailbox, message["ack"])

    async def _follow(self, mailbox: Mailbox, page: str) -> None:
        try:
            await hub().follow(mailbox, live_address(page))
        except PageGoneError:
            await self.close(names.CLOSE_UNKNOWN_PAGE)

    async def _send(self, message: bytes) -> None:
        await self.send(bytes_data=message)

    async def _close(self, code: int, reason: str) -> None:
        await self.close(code, reason)


def _read(text: str | None) -> dict[str, Any] | None:
    """The message as a dictionary, None when it is not one of ours."""
    if text is None or len(text) > MESSAGE_LIMIT:
        return None
    try:
        message = json.loads(text)
    except json.JSONDecodeError:
        return None
    return message if isinstance(message, dict) else None
