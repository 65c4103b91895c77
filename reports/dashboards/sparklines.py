"""Word-sized lines, drawn on the server so that they need no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

WIDTH: Final = 100
HEIGHT: Final = 24
MARGIN: Final = 2


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Points of an SVG polyline in a box of WIDTH by HEIGHT."""

    points: str

    @classmethod
    def of(cls, values: Sequence[Any]) -> Self | None:
        """The line through the values; None when fewer than two of them are there."""
        present = [(at, float(value)) for at, value in enumerate(values) if value is not None]
        if len(present) < 2:
            return None
        return cls(" ".join(_scaled(present, len(values) - 1)))


def _scaled(present: list[tuple[int, float]], steps: int) -> list[str]:
    """The points in the box; a flat line runs through its middle."""
    low = min(value for _, value in present)
    high = max(value for _, value in present)
    room = HEIGHT - 2 * MARGIN
    spots = []
    for at, value in present:
        share = (value - low) / (high - low) if high > low else 0.5
        x = at / steps * (WIDTH - 2 * MARGIN) + MARGIN
        spots.append(f"{x:.1f},{HEIGHT - MARGIN - share * room:.1f}")
    return spots
