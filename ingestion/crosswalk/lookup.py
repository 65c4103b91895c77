"""Looks codes and keys up while a file is read: each distinct one once, not each of its records.

Only what is plain is answered here: one meaning on the record's day. Everything else (unknown,
expired, ambiguous, mapped by people) is left empty, and the statements 110 and 120 judge it with
their sentences after staging. Both follow the same rules; a test holds them against each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from ingestion.mapping.instants import days_at, days_in
from ingestion.mapping.mapper import Block
from ingestion.records import RECORDS
from ingestion.sqlfile import fetch
from portfolios.models import Venue

FIRST, LAST = "0000-00-00", "9999-99-99"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code or key means in one stretch of days; ISO texts compare as days do."""

    target: str
    first: str
    last: str
    mapped_from: str
    scope: str = ""
    zone: str | None = None


Meanings = tuple[Meaning, ...]
CodeKey = tuple[str, str]
Asked = tuple[str, str, str, str]  # scheme, code, scope, whether another scope will do
Answer = tuple[str, str, str]  # target, day, mapped from
NOTHING: Answer = ("", "", "")


class Lookup:
    """The crosswalk as it stands in this transaction, remembered for one file."""

    def __init__(self) -> None:
        self._meanings: dict[Asked, Meanings] = {}
        self._always: dict[Asked, Meaning | None] = {}
        self._keys: dict[tuple[str, str], Meanings] = {}
        self._operating = dict(Venue.objects.values_list("segment_mic", "operating_mic"))

    def resolve(self, block: Block) -> None:
        """Fills listing, portfolio, trade date and mapping time of the records that are plain."""
        record = RECORDS[block.record]
        if record.listing:
            self._resolve_listings(block)
        if record.portfolio:
            self._resolve_portfolios(block)

    def _resolve_listings(self, block: Block) -> None:
        columns = block.columns
        asked: list[Asked] = list(
            zip(
                columns["scheme"], columns["identifier"], columns["scope"],
                columns["scope_preferred"], strict=True,
            )
        )  # fmt: skip
        self._learn_codes(set(asked))
        fails, stated = columns["check_fails"], columns["on_day"]
        days = _Days(stated, columns["executed_at"], columns["known_from"])
        always = [meaning for meaning in map(self._always.__getitem__, asked) if meaning]
        if len(always) == len(asked) and not any(fails):
            at_venues = days.at_venues([meaning.zone for meaning in always])
            if "" not in at_venues:
                columns["listing_id"] = [meaning.target for meaning in always]
                columns["on_day"] = at_venues
                columns["mapped_from"] = [meaning.mapped_from for meaning in always]
                return
        found = [
            NOTHING if fails[at] else _one(self._meanings[key], days, at)
            for at, key in enumerate(asked)
        ]
        columns["listing_id"] = [answer[0] for answer in found]
        columns["on_day"] = [answer[1] or stated[at] for at, answer in enumerate(found)]
        columns["mapped_from"] = [answer[2] for answer in found]

    def _resolve_portfolios(self, block: Block) -> None:
        columns = block.columns
        systems, keys = columns["system"], columns["portfolio_key"]
        for system in set(systems):
            self._learn_keys(system, {key for key in keys if key})
        mapped = columns.get("mapped_from") or [""] * len(keys)
        # A record whose listing is still open waits for its trade date.
        waiting = columns.get("listing_id") or [""] * len(keys)
        schemes = columns.get("scheme") or [""] * len(keys)
        always = self._portfolios_always(systems, keys)
        is_open = "" in waiting and any(
            scheme and not listing for scheme, listing in zip(schemes, waiting, strict=True)
        )
        if always and "" not in columns["on_day"] and not is_open:
            columns["portfolio_id"] = [meaning.target for meaning in always]
            columns["mapped_from"] = list(map(max, mapped, (m.mapped_from for m in always)))
            return
        days = columns["on_day"]
        portfolio: list[str] = []
        mapped_from: list[str] = []
        for at, key in enumerate(keys):
            found = NOTHING
            if key and (waiting[at] or not schemes[at]):
                day = days[at] or columns["executed_at"][at][:10]
                found = _on_day(self._keys[systems[at], key], day)
            portfolio.append(found[0])
            mapped_from.append(max(mapped[at], found[2]))
        columns.update(portfolio_id=portfolio, mapped_from=mapped_from)

    def _portfolios_always(
        self, systems: Sequence[str], keys: Sequence[str]
    ) -> list[Meaning] | None:
        """What each key means on every day; None when it is not so for one of them."""
        meant: dict[tuple[str, str], Meaning] = {}
        for pair in set(zip(systems, keys, strict=True)):
            meaning = _always(self._keys.get(pair, ()))
            if meaning is None:
                return None
            meant[pair] = meaning
        return list(map(meant.__getitem__, zip(systems, keys, strict=True)))

    def _learn_codes(self, asked: set[Asked]) -> None:
        """Looks up what was never asked before, and keeps the answers for the rest of the file."""
        fresh = asked - self._meanings.keys()
        if not fresh:
            return
        known = _codes({(scheme, code) for scheme, code, _, _ in fresh if scheme})
        for key in fresh:
            meanings = self._eligible(known, key)
            self._meanings[key] = meanings
            self._always[key] = _always(meanings)

    def _eligible(self, known: dict[CodeKey, Meanings], key: Asked) -> Meanings:
        """The meanings within the scope; without any, all where the scope is only preferred."""
        scheme, code, scope, wide = key
        if scheme == "SYMBOL":
            scope = self._operating.get(scope, scope)
        found = known.get((scheme, code), ())
        inside = tuple(each for each in found if each.scope in (scope, ""))
        return inside or (found if wide or not scope else ())

    def _learn_keys(self, system: str, keys: Iterable[str]) -> None:
        fresh = [key for key in keys if (system, key) not in self._keys]
        if not fresh:
            return
        known: dict[str, list[Meaning]] = {key: [] for key in fresh}
        theirs: set[str] = set()
        for key, portfolio, first, last, mapped, by_people in fetch(
            "crosswalk/sql/115_keys.sql", system=system, keys=fresh
        ):
            if by_people:
                theirs.add(key)
            known[key].append(_meaning(portfolio, first, last, mapped))
        for key, meanings in known.items():
            self._keys[system, key] = () if key in theirs else tuple(meanings)


def _codes(pairs: set[CodeKey]) -> dict[CodeKey, Meanings]:
    """What the crosswalk says of each code; nothing of those that people mapped."""
    known: dict[CodeKey, list[Meaning]] = {pair: [] for pair in pairs}
    theirs: set[CodeKey] = set()
    for scheme, value, scope, listing, first, last, zone, mapped, by_people in fetch(
        "crosswalk/sql/105_codes.sql",
        schemes=[scheme for scheme, _ in pairs],
        values=[value for _, value in pairs],
    ):
        if by_people:
            theirs.add((scheme, value))
        known[scheme, value].append(_meaning(listing, first, last, mapped, scope, zone))
    return {pair: () if pair in theirs else tuple(found) for pair, found in known.items()}


def _always(meanings: Meanings) -> Meaning | None:
    """What a code or key means on every day; None unless it is one thing."""
    if len(meanings) == 1 and (meanings[0].first, meanings[0].last) == (FIRST, LAST):
        return meanings[0]
    return None


class _Days:
    """The day of each record: as stated, else of its execution at a venue, else when known."""

    def __init__(
        self, stated: Sequence[str], executed: Sequence[str], known: Sequence[str]
    ) -> None:
        self._stated, self._executed, self._known = stated, executed, known
        self._in_zone: dict[str, dict[int, str]] = {}

    def at_venues(self, zones: Sequence[str | None]) -> list[str]:
        """The day of each record for a listing in the zone beside it, as ``at_venue`` tells it."""
        if None not in zones and all(self._executed) and not any(self._stated):
            return days_at(self._executed, cast(Sequence[str], zones))
        return [self.at_venue(at, zone) for at, zone in enumerate(zones)]

    def at_venue(self, at: int, zone: str | None) -> str:
        """The record's day for a listing in that zone; empty when it cannot be told."""
        if stated := self._stated[at]:
            return stated
        if not self._executed[at]:
            return self._known[at][:10]
        if zone is None:
            return ""
        if zone not in self._in_zone:
            places = [n for n, text in enumerate(self._executed) if text and not self._stated[n]]
            found = days_in(zone, [self._executed[n] for n in places])
            self._in_zone[zone] = dict(zip(places, found, strict=True))
        return self._in_zone[zone][at]


def _one(meanings: Meanings, days: _Days, at: int) -> Answer:
    """The only listing a code means on the record's day; nothing unless there is exactly one."""
    answer = NOTHING
    for meaning in meanings:
        day = days.at_venue(at, meaning.zone)
        if day and meaning.first <= day <= meaning.last:
            if answer is not NOTHING:
                return NOTHING
            answer = (meaning.target, day, meaning.mapped_from)
    return answer


def _on_day(meanings: Meanings, day: str) -> Answer:
    """The only portfolio a key means on the day."""
    found = [meaning for meaning in meanings if meaning.first <= day <= meaning.last]
    return (found[0].target, day, found[0].mapped_from) if len(found) == 1 else NOTHING


def _meaning(
    target: int,
    first: date | None,
    last: date | None,
    mapped: datetime | None,
    scope: str = "",
    zone: str | None = None,
) -> Meaning:
    return Meaning(
        str(target),
        first.isoformat() if first else FIRST,
        last.isoformat() if last else LAST,
        str(mapped) if mapped else "",
        scope,
        zone,
    )
