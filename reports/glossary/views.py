"""The glossary as a page to search, and each of its terms alone for the side panel."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse

from helio.glossary import Convention, Entry, glossary
from helio.glossary.book import SECTIONS
from helio.pages import parameters, permits, rendering

LONGEST_SEARCH: Final = 80


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as the page shows it: with its members by period and the convention it follows."""

    entry: Entry
    members: tuple[Entry, ...]
    convention: Convention | None
    related: tuple[Entry, ...]


@permits.signed_in
def book(request: HttpRequest) -> HttpResponse:
    """All entries by section, or those in which every word searched for stands."""
    parameters.accept(request, "q")
    search = request.GET.get("q", "").strip()
    if len(search) > LONGEST_SEARCH:
        raise BadRequest(f"A search has {LONGEST_SEARCH} characters at most.")
    words = search.casefold().split()
    sections = [
        (title, [shown(one) for one in glossary().sections[key] if _holds(one, words)])
        for key, title in SECTIONS.items()
    ]
    found = [(title, entries) for title, entries in sections if entries]
    context = {
        "search": search,
        "sections": found,
        "count": sum(len(entries) for _, entries in found),
        "conventions": [] if words else list(glossary().conventions.values()),
    }
    return rendering.page(request, "glossary/glossary.html", context)


@permits.signed_in
def term(request: HttpRequest, name: str) -> HttpResponse:
    """One entry: a page of its own, or what the side panel shows of it."""
    parameters.accept(request)
    entry = glossary().get(name)
    if entry is None:
        raise Http404("No such term.")
    return rendering.panel(request, "glossary/term.html", {"told": shown(entry)})


def shown(entry: Entry) -> Shown:
    """The entry with what stands around it in the glossary."""
    told = glossary()
    return Shown(
        entry=entry,
        members=tuple(told[f"{entry.name}_{period}"] for period in entry.periods),
        convention=told.convention_of(entry),
        related=tuple(told[name] for name in entry.related),
    )


def _holds(entry: Entry, words: Iterable[str]) -> bool:
    """True when every word stands somewhere in the entry or in a member's name."""
    members = (glossary()[f"{entry.name}_{period}"] for period in entry.periods)
    texts = (entry.name, entry.term, entry.said, *(f"{one.name} {one.term}" for one in members))
    text = " ".join(texts).casefold()
    return all(word in text for word in words)
