"""Every address of the site, and what somebody who asks for it may be shown.

A test holds this list against the site's addresses: a new page cannot be forgotten here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from helio.accounts import roles
from helio.signin import library_urls


class Shows(Enum):
    """What is expected of an answer."""

    PERIMETER = "each portfolio of the perimeter and no other"
    WITHIN = "nothing outside of the perimeter"
    ONE = "the portfolio that the address names: found inside the perimeter, not found outside"
    # Names of any portfolio, never figures, to the roles that work with names; to others nothing.
    NAMES = "names to those who work with them"


@dataclass(frozen=True, slots=True)
class Address:
    """A named address with what it takes, and what it shows to whom."""

    name: str
    shows: Shows = Shows.WITHIN
    takes: tuple[str, ...] = ()
    # Who sees the names of portfolios outside of their perimeter here.
    named_to: frozenset[str] = frozenset()
    # False where a portfolio of the perimeter may well have nothing under this address.
    always_there: bool = True

    def path(self, values: Mapping[str, object]) -> str:
        """The path, filled in from the values."""
        return reverse(self.name, kwargs={one: values[one] for one in self.takes})


CODE: Final = ("code",)
LEADERSHIP: Final = frozenset({roles.EXECUTIVE})
ADDRESSES: Final = (
    Address("home"),
    Address("portfolios", Shows.PERIMETER),
    Address("portfolio", Shows.ONE, CODE),
    Address("positions", Shows.ONE, CODE),
    Address("listing", Shows.ONE, ("code", "key"), always_there=False),
    Address("market-lines", Shows.ONE, ("code", "key"), always_there=False),
    Address("transactions", Shows.ONE, CODE),
    Address("transaction", Shows.ONE, ("code", "transaction_id"), always_there=False),
    Address("performance", Shows.ONE, CODE),
    Address("attribution", Shows.ONE, CODE),
    Address("book-attribution"),
    Address("exposure", Shows.ONE, CODE),
    Address("findings-of", Shows.ONE, CODE),
    Address("explain-portfolio", Shows.ONE, ("code", "figure"), always_there=False),
    Address("explain", takes=("figure",)),
    Address("findings"),
    Address("preferences"),
    Address("accounts:security"),
    Address("live:versions"),
    Address("glossary"),
    Address("glossary-term", takes=("name",)),
    Address("reports:reports"),
    Address("reports:manifest", takes=("number",)),
    Address("reports:again", takes=("number",)),
    Address("audit:trail"),
    Address("audit:csv"),
    Address("firm", Shows.NAMES, named_to=LEADERSHIP),
    Address("firm-performance", Shows.NAMES, named_to=LEADERSHIP),
    Address("explain-firm", Shows.NAMES, ("figure",), named_to=LEADERSHIP),
    Address("access", Shows.NAMES, named_to=frozenset({roles.ADMINISTRATOR})),
    Address("access-reviews", Shows.NAMES, named_to=frozenset({roles.ADMINISTRATOR})),
    Address("view-as"),
)
# Spaces whose pages are all of one kind; those that need the number of something are left to the
# pages that link to them.
SPACES: Final[Mapping[str, frozenset[str]]] = {
    "operations": frozenset({roles.OPERATIONS, roles.AUDITOR, roles.ADMINISTRATOR}),
    "admin": frozenset({roles.ADMINISTRATOR}),
}
UNREAD: Final[Mapping[str, str]] = {
    "livez": "serves no person",
    "readyz": "serves no person",
    "metrics": "serves no person",
    "accounts:login": "comes before anybody is anybody",
    "accounts:logout": "would end the session that reads",
    "accounts:password": "would change what the reader signs in with",
    "accounts:end-sessions": "would end the session that reads",
    **{str(one.name): "how somebody signs in" for one in library_urls.urlpatterns},
    "admin:logout": "would end the session that reads",
    "theme": "a choice of colours",
    "firm-then": "starts a computation for the firm",
    "firm-since": "starts a computation for the firm",
    "reports:export": "asked for by a form: PageReader.export",
    "reports:compliance-pack": "the exports of somebody who sees everything",
    "access-proof": "an export of somebody who sees everything",
    "view-as-end": "takes nobody's number: it ends one's own",
    "audit:verify": "computes the chain of the trail",
}


def readable() -> list[Address]:
    """The addresses above, and those of the spaces that need no parameters."""
    spaced = [
        Address(name, Shows.NAMES, named_to=SPACES[space])
        for space, name in _walk(get_resolver().url_patterns, "")
        if space in SPACES and name not in UNREAD and _needs_nothing(name)
    ]
    return [*ADDRESSES, *spaced]


def forgotten() -> set[str]:
    """Names of addresses of the site that are neither read nor said to be unread."""
    known = {address.name for address in ADDRESSES} | UNREAD.keys()
    return {
        name
        for space, name in _walk(get_resolver().url_patterns, "")
        if space not in SPACES and name not in known
    }


def _needs_nothing(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def _walk(patterns: Sequence[URLPattern | URLResolver], space: str) -> Iterator[tuple[str, str]]:
    """Namespace and full name of each address."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, pattern.namespace or space)
        else:
            name = pattern.name or str(pattern.pattern)
            yield space, f"{space}:{name}" if space else name
