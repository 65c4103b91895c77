"""Makes the next item while the one before it is used: two cores for what one thread would do."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection

Item = TypeVar("Item")


@contextmanager
def ahead(items: Generator[Item, None, None]) -> Iterator[Iterator[Item]]:
    """The items, each made in a thread with a database connection of its own, one ahead.

    It sees what was committed before. What goes wrong there is raised here; whoever leaves waits
    for the item that is being made.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as helper:
        try:
            yield _one_ahead(helper, items)
        finally:
            helper.submit(_leave, items).result()


def _one_ahead(helper: ThreadPoolExecutor, items: Generator[Item, None, None]) -> Iterator[Item]:
    coming = helper.submit(next, items, None)
    while (item := coming.result()) is not None:
        coming = helper.submit(next, items, None)
        yield item


def _leave(items: Generator[Item, None, None]) -> None:
    items.close()
    connection.close()
