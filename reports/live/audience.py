"""Those who share one rendering of one page, and the last few states of that page."""

from collections import OrderedDict
from typing import Any

from reports.live.frames import changes, everything, frame
from reports.live.page import Page

# Older states than these are answered with everything: a page this far behind was asleep.
STATES_KEPT = 3


class Audience:
    """States of one page for one perimeter; each frame is computed and compressed once."""

    def __init__(self) -> None:
        self.pages: OrderedDict[int, Page] = OrderedDict()
        self._frames: dict[tuple[int | None, int], bytes] = {}

    @property
    def newest(self) -> Page | None:
        """The last state rendered, None before the first."""
        return next(reversed(self.pages.values()), None)

    def add(self, page: Page) -> None:
        """Keep ``page`` as the newest state and let the oldest go."""
        self.pages[page.version] = page
        self.pages.move_to_end(page.version)
        while len(self.pages) > STATES_KEPT:
            self.pages.popitem(last=False)
        self._frames.clear()

    def frame_from(self, version: int | None) -> bytes:
        """The compressed frame that takes a browser at ``version`` to the newest state."""
        newest = self.newest
        if newest is None:
            raise LookupError("No state of this page was rendered yet.")
        start = version if version in self.pages else None
        if (start, newest.version) not in self._frames:
            ops: dict[str, Any]
            ops = everything(newest) if start is None else changes(self.pages[start], newest)
            self._frames[start, newest.version] = frame(start=start, page=newest, ops=ops)
        return self._frames[start, newest.version]
