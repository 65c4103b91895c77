"""How far a loader has come, on standard error."""

import sys
from collections.abc import Iterable, Iterator

WIDTH = 30
STEPS = 100


def shown(blocks: Iterable[str], name: str, total: int) -> Iterator[str]:
    """The blocks as they come, with a bar of ``total`` lines that moves along.

    A file or a pipe gets the full bar alone: in it each movement would be another line.
    """
    moves = sys.stderr.isatty()
    done = drawn = 0
    for block in blocks:
        yield block
        done += block.count("\n")
        if moves and done * STEPS // total > drawn:
            drawn = done * STEPS // total
            sys.stderr.write(f"{_bar(name, done, total)}\r")
            sys.stderr.flush()
    sys.stderr.write(f"{_bar(name, done, total)}\n")


def _bar(name: str, done: int, total: int) -> str:
    filled = min(WIDTH, WIDTH * done // total)
    bar = "#" * filled + "." * (WIDTH - filled)
    return f"  {name:<12}[{bar}] {done:>12,} rows"
