"""Which views keep their open pages up to date."""

from collections.abc import Callable
from typing import TypeVar

View = TypeVar("View", bound=Callable)


def live_page(view: View) -> View:
    """The view, marked as one whose page the hub renders again at each new version.

    Such a view answers GET without side effects, and what it shows inside live blocks depends on
    the address and the person's perimeter, roles and reporting currency alone: people who share
    these share one rendering.
    """
    view.is_live_page = True  # type: ignore[attr-defined]
    return view


def is_live_page(view: Callable) -> bool:
    """True when the view was marked with ``live_page``."""
    return getattr(view, "is_live_page", False)
