"""How far a loader has come, on standard error."""

import sys
from collections.abc import Iterable, Iterator

WIDTH = 30
STEPS = 100


def shown(blocks: Iterable[str], name: str, total: int) -> Iterator[str]:
    """The blocks as they come, with a bar of ``total`` lines that moves along."""
    done = drawn = 0
    for block in blocks:
        yield block
        done += block.count("\n")
        if done * STEPS // total > drawn:
            drawn = done * STEPS // total
            _draw(name, done, total)
    _draw(name, done, total)
    sys.stderr.write("\n")


def _draw(name: str, done: int, total: int) -> None:
    filled = min(WIDTH, WIDTH * done // total)
    bar = "#" * filled + "." * (WIDTH - filled)
    sys.stderr.write(f"\r  {name:<12}[{bar}] {done:>12,} rows")
    sys.stderr.flush()
