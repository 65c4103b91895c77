"""Python's search for cycles of garbage: rare in long runs, and never over what stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Containers made, less those freed, before the next search. Python's 700 suit a web page: here the
# rows of one block are more, none is in a cycle, and each search walks over all of them again.
MADE: Final = 100_000


@contextmanager
def collected_rarely() -> Iterator[None]:
    """Within the block cycles are looked for every ``MADE`` containers, by the whole process."""
    before = gc.get_threshold()
    gc.set_threshold(MADE, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def leave_what_is_loaded() -> None:
    """Take all that the process has loaded so far out of later searches.

    A process that serves calls it once it is complete. Modules, models and routes are some hundred
    thousand objects that never go: a full search over them held up whatever request set it off.
    """
    gc.collect()
    gc.freeze()
