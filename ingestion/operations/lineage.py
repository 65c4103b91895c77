"""What source lines became: facts, until when they were believed, and the versions they led to."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from ingestion.sqlfile import fetch
from portfolios.models import Portfolio, Version

NAMES: Final = {
    "transaction": "Ledger entry",
    "cancel": "Cancellation",
    "price": "Price",
    "fixing": "Exchange rate fixing",
    "index level": "Index level",
    "index weight": "Index weight",
    "corporate action": "Corporate action",
    "custody holding": "Custodian's holding",
    "custody posting": "Custodian's posting",
    "identifier": "Identifier",
    "portfolio key": "Portfolio key",
}
# Facts that several sources may state, of which one decides.
DECIDED: Final = frozenset(
    {"price", "fixing", "index level", "index weight", "corporate action", "custody holding"}
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One version of a fact and where it came from; no amounts."""

    record: str
    id: int
    file_id: int
    line_no: int
    batch_id: int | None
    known_from: datetime | None
    known_to: datetime | None
    about_on: date | None
    listing_id: int | None
    version: int | None
    portfolio_id: int | None
    portfolio_code: str | None
    listing_key: str | None
    reference: str | None
    kind: str | None

    @property
    def name(self) -> str:
        """What sort of fact it is, in words."""
        return NAMES[self.record]

    @property
    def about(self) -> str:
        """Whom and what it is about, in a few words."""
        words = [self.kind, self.listing_key, self.portfolio_code, self.reference]
        numbered = f"v{self.version}" if self.version else None
        return " ".join(word for word in [*words, numbered] if word)

    @property
    def is_lasting(self) -> bool:
        """True while it is what is believed."""
        return self.known_to is None


def facts_of_lines(file_id: int, first: int, last: int) -> dict[int, list[Fact]]:
    """Facts by the line they came from, for some lines of a file."""
    found: dict[int, list[Fact]] = defaultdict(list)
    for fact in _fetch("of_lines", file=file_id, first=first, last=last):
        found[fact.line_no].append(fact)
    return found


def facts_of_reference(reference: str, version: int) -> list[Fact]:
    """The ledger entries under a number and version, the first delivered first."""
    return _fetch("of_reference", reference=reference, version=version)


def successor(fact: Fact) -> Fact | None:
    """The version or the better source's word that is believed instead, None while it lasts."""
    if fact.known_to is None:
        return None
    found = _fetch(
        "successor",
        record=fact.record,
        id=fact.id,
        ended_by="cancel" if fact.record == "transaction" else fact.record,
        reference=fact.reference,
        listing=fact.listing_id,
        about=fact.about_on,
        ended=fact.known_to,
    )
    return found[0] if found else _decider(fact)


def _decider(fact: Fact) -> Fact | None:
    """What is believed about the same instead: of two sources the one that decides."""
    if fact.record not in DECIDED:
        return None
    found = _fetch(
        "decider",
        record=fact.record,
        id=fact.id,
        reference=fact.reference,
        listing=fact.listing_id,
        about=fact.about_on,
        portfolio=fact.portfolio_id,
    )
    return found[0] if found else None


def versions_of(batch_ids: set[int]) -> dict[int, list[Version]]:
    """The versions of all figures that each batch led to."""
    found: dict[int, list[Version]] = defaultdict(list)
    wanted = sorted(batch_ids)
    for version in Version.objects.filter(batch_ids__overlap=wanted).order_by("number"):
        for batch_id in batch_ids.intersection(version.batch_ids):
            found[batch_id].append(version)
    return found


def visible_portfolios(ids: set[int]) -> set[int]:
    """Those of the portfolios that the person who asks may open."""
    return set(Portfolio.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _fetch(name: str, **parameters: Any) -> list[Fact]:
    return [Fact(*row) for row in fetch(f"operations/sql/read/{name}.sql", **parameters)]
