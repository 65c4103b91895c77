"""Query parameters, read strictly: a page refuses what it does not understand, in a sentence.

A mistyped ``sort`` or date that is silently ignored shows other figures than were asked for.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict

# The pair that says which figures are meant: the day, and what was known of it when.
CARRIED: Final = ("as_of", "known_at")
# These pages tell of now alone: they refuse known_at, and links to them must not ask.
OF_NOW: Final = (
    "/access/",
    "/accounts/",
    "/admin/",
    "/audit/",
    "/glossary/",
    "/live/",
    "/operations/",
    "/preferences/",
    "/view-as/",
)
PAGE_ROWS: Final = 50
WORDS_LENGTH: Final = 150

_OF_PANELS: Final = frozenset({"period", "breakdown", "sort"})
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


def accept_figures(request: HttpRequest, *names: str) -> None:
    """Like ``accept``, for a page that answers as known then too."""
    accept(request, "known_at", *names)
    request.answers_then = True  # type: ignore[attr-defined]


def accept(request: HttpRequest, *names: str) -> None:
    """Raises BadRequest naming any parameter that the page does not take.

    When htmx asks for one panel of an open page, what the other panels show is kept: their part
    of the address is newer than the link that was drawn before they changed.
    """
    shown = _shown(request)
    if shown is not None:
        merged = request.GET.copy()
        for name in sorted(_OF_PANELS.intersection(names)):
            if name in shown and name not in merged:
                merged.setlist(name, shown.getlist(name))
        request.GET = merged  # type: ignore[assignment]
    taken = ("as_of", *names)
    for name in request.GET:
        if name not in taken:
            raise BadRequest(f"This page takes no “{name[:40]}”. It takes {', '.join(taken)}.")


def _shown(request: HttpRequest) -> QueryDict | None:
    """Parameters in the browser's address bar, when htmx asks for a part of that very page."""
    if request.headers.get("HX-Request") != "true":
        return None
    address = urlsplit(request.headers.get("HX-Current-URL", ""))
    return QueryDict(address.query) if address.path == request.path else None


def words(request: HttpRequest, name: str) -> str:
    """Words to look for, empty when none were given; what no text can hold is refused."""
    value = request.GET.get(name, "").strip()
    if "\0" in value or len(value) > WORDS_LENGTH:
        raise BadRequest(f"Look for up to {WORDS_LENGTH} printable characters in {name}.")
    return value


def choice(request: HttpRequest, name: str, offered: Collection[str], default: str) -> str:
    """The chosen word, the default when none was given."""
    value = request.GET.get(name) or default
    if value not in offered:
        raise BadRequest(f"“{value[:40]}” is no {name} here. Choose from {', '.join(offered)}.")
    return value


def sorting(request: HttpRequest, keys: Collection[str], default: str) -> str:
    """The column to sort by, with a leading minus for descending."""
    value = request.GET.get("sort") or default
    if value.removeprefix("-") not in keys:
        raise BadRequest(
            f"This table cannot be sorted by “{value[:40]}”. It can by {', '.join(keys)}, "
            "with a minus in front for descending."
        )
    return value


def day(request: HttpRequest, name: str) -> date | None:
    """A date parameter, None when it is not given."""
    text = request.GET.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest(f"“{text[:40]}” is no date for {name}. Write it as 2025-10-31.") from None


def instant(request: HttpRequest, name: str) -> datetime | None:
    """A moment in UTC, None when it is not given."""
    return moment(request.GET.get(name, ""), name)


def moment(text: str, name: str) -> datetime | None:
    """A moment in UTC, which one without a zone is taken for; None for an empty text."""
    if not text:
        return None
    try:
        told = datetime.fromisoformat(text)
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRequest(
            f"“{text[:40]}” is no time for {name}. Write it as 2025-10-31T18:00Z."
        ) from None


def codes(request: HttpRequest) -> list[str]:
    """Portfolio codes asked for; empty means all that the person may see."""
    wanted = request.GET.getlist("portfolio")
    for code in wanted:
        if not _CODE.fullmatch(code):
            raise BadRequest(f"“{code[:40]}” is no portfolio code. They look like HA-01.")
    return wanted


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a long table."""

    number: int
    total_rows: int
    rows_each: int = PAGE_ROWS

    @property
    def last(self) -> int:
        """Number of the last page, 1 for an empty table."""
        return max(1, -(-self.total_rows // self.rows_each))

    @property
    def first_row(self) -> int:
        """Rows before this page."""
        return (self.number - 1) * self.rows_each

    @property
    def window(self) -> slice:
        """The slice of rows that this page shows."""
        return slice(self.first_row, self.first_row + self.rows_each)

    @property
    def shown(self) -> tuple[int, int]:
        """Numbers of the first and the last row shown."""
        return self.first_row + 1, min(self.first_row + self.rows_each, self.total_rows)

    @property
    def previous(self) -> int | None:
        """The page before, None on the first."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, None on the last."""
        return self.number + 1 if self.number < self.last else None


def paged(request: HttpRequest, total_rows: int, rows_each: int = PAGE_ROWS) -> Page:
    """The page asked for, the first when none was."""
    text = request.GET.get("page") or "1"
    if not text.isdecimal() or len(text) > 9:
        raise BadRequest(f"“{text[:40]}” is no page number. Pages count from 1.")
    result = Page(int(text), total_rows, rows_each)
    if not 1 <= result.number <= result.last:
        raise BadRequest(f"There is no page {text}: this table has {result.last}.")
    return result
