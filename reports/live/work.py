"""Database work of the hub, off the event loop on threads of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connections

P = ParamSpec("P")
T = TypeVar("T")

# Two cores: two pages at a time.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="live")
# Whose access ended is found out while many pages are rendered, not after.
_pulse_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live-pulse")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of ``work``, run on a hub thread whose connection goes back afterwards."""
    return await _run(_threads, work, *args, **kwargs)


async def in_pulse_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """As ``in_thread``, on a thread that no rendering ever keeps waiting."""
    return await _run(_pulse_thread, work, *args, **kwargs)


async def _run(
    threads: ThreadPoolExecutor, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:

    def run() -> T:
        close_old_connections()
        try:
            return work(*args, **kwargs)
        finally:
            connections.close_all()

    return await sync_to_async(run, thread_sensitive=False, executor=threads)()
