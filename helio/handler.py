"""The HTTP handler of the web process: a request runs on one thread, and is answered to the end.

All of Helio's middleware and views are synchronous. Under the framework's own handler a thread of
each request waits for the event loop to run what lies beneath the middleware, on another turn of
the same thread: when the server cancels what is under way in order to end, the loop goes first, and
the thread waits for ever.
"""

import asyncio
from typing import Any, Final

from asgiref.sync import sync_to_async
from django import setup
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# What a request under way gets when the process is told to end; below what a supervisor waits.
LAST_SECONDS: Final = 10.0
# The server leaves once nothing is under way, whether or not the last bytes were taken by then.
TAKEN_WITHIN: Final = 0.1


class OneThreadHandler(ASGIHandler):
    """The framework's handler with the whole synchronous chain as one call on a request's thread.

    Each request has a thread of its own, as before, and with it a connection of its own.
    """

    def __init__(self) -> None:
        # Past the parent's own, which loads the middleware for the event loop.
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers; a server that ends gets its cancellation once the answer is on its way."""
        answer = asyncio.ensure_future(super().__call__(scope, receive, send))
        try:
            await asyncio.shield(answer)
        except asyncio.CancelledError:
            await asyncio.wait([answer], timeout=LAST_SECONDS)
            await asyncio.sleep(TAKEN_WITHIN)
            raise

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """The response of middleware and view, all on the request's thread."""
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


def http_application() -> OneThreadHandler:
    """The handler, with Django set up."""
    setup(set_prefix=False)
    return OneThreadHandler()
