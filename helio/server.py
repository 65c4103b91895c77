"""The server of the web process: told to end, it answers what is under way first, and then ends.

daphne's own cancels everything at once and leaves when the first of it has ended: answers that
threads are working on are dropped. Run as ``python -m helio.server``, with daphne's options.
"""

import asyncio
import os
import threading
from collections.abc import Iterator
from typing import Any, Final, cast
from weakref import WeakSet

import structlog

# Before anything of twisted: it chooses the reactor.
from daphne.cli import CommandLineInterface
from daphne.http_protocol import WebRequest
from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.defer import Deferred
from twisted.internet.tcp import Connection, Port
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel

from helio.up.supervised import PATIENCE

log = structlog.get_logger(__name__)

# Both below what the supervisor waits before it kills.
ANSWERED_WITHIN: Final = PATIENCE - 5.0
GONE_WITHIN: Final = PATIENCE - 3.0
TURN: Final = 0.05
# RFC 6455's registry: the service restarts, come again.
SERVICE_RESTART: Final = 1012


class AnsweringServer(Server):
    """daphne's server, which lets every connection end in its own way before it stops."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ports: list[Port] = []
        # Connections that have asked for something; those that closed fall out by themselves.
        self._channels: WeakSet[HTTPChannel] = WeakSet()

    def listen_success(self, port: Port) -> None:
        """Remembers the port, to close it before anything else."""
        super().listen_success(port)
        self._ports.append(port)

    def protocol_connected(self, protocol: WebRequest | WebSocketProtocol) -> None:
        """Remembers the connection of a request that begins."""
        super().protocol_connected(protocol)
        if isinstance(protocol, WebRequest):
            self._channels.add(protocol.channel)

    def kill_all_applications(self) -> "Deferred[None]":
        """Fires when all is answered or the time is up; the reactor stops only then."""
        _end_by_force_later()
        return Deferred.fromFuture(asyncio.ensure_future(self._end())).addErrback(_say)

    async def _end(self) -> None:
        for port in self._ports:
            port.stopListening()
        clock = asyncio.get_running_loop().time
        deadline = clock() + ANSWERED_WITHIN
        # A turn before the first look: what came in a moment ago has not been read yet.
        await asyncio.sleep(TURN)
        while (left := self._close_what_is_done()) and clock() < deadline:
            await asyncio.sleep(TURN)
        if left:
            log.warning("web.cut_short", connections=left)

    def _close_what_is_done(self) -> int:
        """How many connections are still open; each closes once its last byte was taken."""
        for socket in self._open_sockets():
            socket.sendCloseFrame(SERVICE_RESTART)
        still_open = [one for one in self._channels if _is_open(one)]
        for channel in still_open:
            # No further request on it; a proxy hears so too, while the answer has not begun.
            channel.persistent = False
            for request in channel.requests:
                request.responseHeaders.setRawHeaders(b"Connection", [b"close"])
            if not channel.requests:
                channel.loseConnection()
        return len(still_open)

    def _open_sockets(self) -> Iterator[WebSocketProtocol]:
        for protocol in self.connections:
            if isinstance(protocol, WebSocketProtocol) and protocol.state == protocol.STATE_OPEN:
                yield protocol


def _is_open(channel: HTTPChannel) -> bool:
    # The transport stays connected until what was written to it is taken, also when it is closing.
    return bool(cast(Connection, channel.transport).connected)


def _end_by_force_later() -> None:
    """Ends the process if it is still there by then: a thread that never returns would hold it."""

    def end() -> None:
        log.error("web.ended_by_force", after_seconds=GONE_WITHIN)
        os._exit(1)

    timer = threading.Timer(GONE_WITHIN, end)
    timer.daemon = True
    timer.start()


def _say(failure: Failure) -> None:
    log.error("web.ending_failed", error=failure.getTraceback())


class Command(CommandLineInterface):
    """daphne's command line with this server."""

    server_class = AnsweringServer


if __name__ == "__main__":
    Command.entrypoint()
