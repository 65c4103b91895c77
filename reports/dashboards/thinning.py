"""A long series reduced to what a chart can show: no peak, no trough and no end is lost."""

from collections.abc import Collection, Sequence
from typing import Any


def kept(lines: Sequence[Sequence[Any]], most: int, always: Collection[int] = ()) -> list[int]:
    """Places of the points to draw, in order; all of them where there are no more than ``most``.

    The points are cut into stretches of equal length. Of each stretch every line keeps its lowest
    and its highest point (the M4 aggregation's two that matter for a line this dense), so that the
    drawn line covers the pixels that all points would cover. The first, the last and the places in
    ``always`` stay. Values may be None.
    """
    count = len(lines[0]) if lines else 0
    if count <= most:
        return list(range(count))
    places = {0, count - 1, *always}
    stretches = max(1, (most - len(places)) // (2 * len(lines)))
    for number in range(stretches):
        stretch = range(number * count // stretches, (number + 1) * count // stretches)
        for line in lines:
            known = [at for at in stretch if line[at] is not None]
            if known:
                places.update((min(known, key=line.__getitem__), max(known, key=line.__getitem__)))
    return sorted(places)
