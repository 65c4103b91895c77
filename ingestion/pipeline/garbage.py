"""Python's search for cycles of garbage, made rare while a run makes rows by the million."""

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
