"""One open page: what its browser has, what is on the way to it, and who is looking."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

Send = Callable[[bytes], Awaitable[None]]
Close = Callable[[int, str], Awaitable[None]]


@dataclass(eq=False)
class Mailbox:
    """A socket as the hub sees it. At most one frame is on the way; the rest is merged later."""

    address: str
    person_id: int
    session_key: str
    has: int | None
    """Version the browser acknowledged last, None when it asked for everything."""
    send: Send
    close: Close
    key: tuple[Any, ...] | None = None
    mark: str | None = None
    """The person's access when the page was last read, None before: read it again with another."""
    in_flight: int | None = None
    closed: bool = field(default=False)

    def acknowledge(self, version: int) -> None:
        """The browser applied the frame that leads to ``version``."""
        if version == self.in_flight:
            self.has = version
            self.in_flight = None

    def forget(self) -> None:
        """The browser's state is unknown: the next frame carries everything."""
        self.has = None
        self.in_flight = None
