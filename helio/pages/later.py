"""Values that a template's context promises, and that are read when they are first shown."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any


def later_each(
    read: Callable[[], Mapping[str, Any]],
    *names: str,
    after: Callable[[], None] = lambda: None,
) -> dict[str, Callable[[], Any]]:
    """The named values of what ``read`` returns: a template finds them as if they were there.

    All are read, once and following ``after``, when the first of them is shown; none if none is.
    """

    @cache
    def whole() -> Mapping[str, Any]:
        after()
        return read()

    def value(name: str) -> Callable[[], Any]:
        return lambda: whole()[name]

    return {name: value(name) for name in names}
