"""The tiles over a book: the figures a person looks at first, each with its course."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from helio.numbers import Value


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure as a tile shows it."""

    name: str
    value: Value
    kind: str
    places: int
    signed: bool = True
    arrow: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """A label, a figure, a second figure or words under it, and a sparkline."""

    label: str
    main: Mark
    second: Mark | None = None
    words: str = ""
    spark: Sequence[Any] = ()
