"""What an unmapped key may mean, with reasons and a score; never applied by itself.

A score is 0 to 1: how often somebody who looks would agree. Reasons that speak for the same target
add up as independent evidence, 1 - Π(1 - score).
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from ingestion.crosswalk.check_digits import fails
from ingestion.models import ExceptionItem, Identifier, MappingProposal, PortfolioKey, UnmappedKey
from ingestion.sqlfile import fetch
from portfolios.models import Instrument

OFFERED: Final = 5
SIMILAR_KEY, SIMILAR_NAME = 80, 88
LONGEST_NAMES: Final = 20_000
_FIELDS: Final = re.compile(r"[,|;\t]")
_WORDS: Final = re.compile(r"[A-Za-z]{3,}.*[A-Za-z]{2,}")


@dataclass(frozen=True)
class Hint:
    """One reason for one target (a listing's id, a portfolio's id)."""

    target: int
    score: float
    reason: str


def candidates(key: UnmappedKey) -> list[dict[str, Any]]:
    """The most likely targets, best first, each with its reasons."""
    is_book = key.kind == MappingProposal.Kind.PORTFOLIO_KEY
    hints = _of_book(key) if is_book else _of_code(key)
    reasons: dict[int, dict[str, float]] = defaultdict(dict)
    for hint in hints:
        known = reasons[hint.target]
        known[hint.reason] = max(hint.score, known.get(hint.reason, 0))
    names = {
        target: (code, name)
        for target, code, name in fetch(
            f"crosswalk/sql/{'430_portfolios' if is_book else '420_listings'}.sql",
            ids=list(reasons),
        )
    }
    found = [
        {
            "target": target,
            "code": names[target][0],
            "name": names[target][1],
            "score": round(_together(said.values()), 2),
            "reasons": sorted(said, key=lambda reason: -said[reason]),
        }
        for target, said in reasons.items()
    ]
    return sorted(found, key=lambda one: (-one["score"], one["code"]))[:OFFERED]


def _together(scores: Any) -> float:
    rest = 1.0
    for score in scores:
        rest *= 1 - score
    return 1 - rest


def _of_code(key: UnmappedKey) -> list[Hint]:
    return [*_same_value(key), *_related_code(key), *_typo(key), *_custody(key), *_name(key)]


def _same_value(key: UnmappedKey) -> list[Hint]:
    """The same code at another time, on another venue, or under another scheme."""
    hints = []
    for row in Identifier.objects.filter(value=key.value, known_to=None):
        if row.scheme != key.scheme:
            hints.append(
                Hint(row.listing_id, 0.5, f"it is the {row.scheme} of this listing{_days(row)}")
            )
        elif row.scope == key.scope:
            hints.append(Hint(row.listing_id, 0.8, f"the same code meant it{_days(row)}"))
        else:
            scope = row.scope or "every market"
            hints.append(Hint(row.listing_id, 0.45, f"the same code means it in {scope}"))
    return hints


def _days(row: Identifier | PortfolioKey) -> str:
    if row.valid_from is None and row.valid_to is None:
        return ""
    return f" from {row.valid_from or 'the start'} to {row.valid_to or 'now'}"


def _related_code(key: UnmappedKey) -> list[Hint]:
    """A US ISIN holds its CUSIP, a GB or IE ISIN its SEDOL."""
    value, wanted = key.value, []
    if key.scheme == "ISIN" and value[:2] == "US":
        wanted = [("CUSIP", {"value": value[2:11]})]
    elif key.scheme == "ISIN" and value[:2] in ("GB", "IE"):
        wanted = [("SEDOL", {"value": value[4:11]})]
    elif key.scheme == "CUSIP":
        wanted = [("ISIN", {"value__startswith": f"US{value}"})]
    elif key.scheme == "SEDOL":
        wanted = [("ISIN", {"value__regex": f"^(GB|IE)00{re.escape(value)}"})]
    return [
        Hint(row.listing_id, 0.9, f"its {scheme} {row.value} holds the same number")
        for scheme, condition in wanted
        for row in Identifier.objects.filter(scheme=scheme, known_to=None, **condition)
    ]


def _typo(key: UnmappedKey) -> list[Hint]:
    """Known codes one slip away: a character wrong, missing, too many, or two swapped."""
    rows = Identifier.objects.filter(scheme=key.scheme, known_to=None).exclude(value=key.value)
    if key.scope:
        rows = rows.filter(scope__in=(key.scope, ""))
    known: dict[str, set[int]] = defaultdict(set)
    for value, listing_id in rows.values_list("value", "listing_id"):
        known[value].add(listing_id)
    near = process.extract(key.value, list(known), scorer=OSA.distance, score_cutoff=1, limit=20)
    checked = key.scheme in ("ISIN", "CUSIP", "SEDOL", "FIGI")
    score = 0.75 if checked and fails(key.scheme, key.value) else 0.3
    said = ", whose check digit is right" if checked else ""
    return [
        Hint(listing, score, f"one slip away from {key.scheme} {value}{said}")
        for value, _, _ in near
        for listing in known[value]
    ]


def _custody(key: UnmappedKey) -> list[Hint]:
    """The same trade in the custodian's books: day, units and, where known, portfolio."""
    file = "440_custody_listing" if key.kind == "identifier" else "450_custody_portfolio"
    return [
        Hint(target, 0.85, f"the custodian booked {units.normalize():f} units on {day} as this")
        for target, units, day in fetch(f"crosswalk/sql/{file}.sql", items=key.items)
    ]


def _name(key: UnmappedKey) -> list[Hint]:
    """Words of the source line that read like an instrument's name."""
    lines = ExceptionItem.objects.filter(pk__in=key.items[:3]).values_list("raw_text", flat=True)
    words = {field.strip(' "') for line in lines for field in _FIELDS.split(line)}
    words = {field for field in words if _WORDS.search(field) and len(field) <= 80}
    if not words:
        return []
    instruments = Instrument.objects.exclude(security_type="Cash").order_by("pk")[:LONGEST_NAMES]
    names = dict(instruments.values_list("pk", "name"))
    alike: dict[int, tuple[float, str]] = {}
    for field in sorted(words):
        for name, likeness, pk in process.extract(
            field, names, scorer=fuzz.token_sort_ratio, score_cutoff=SIMILAR_NAME, limit=3
        ):
            alike[pk] = max(alike.get(pk, (0.0, "")), (likeness, name))
    rows = fetch("crosswalk/sql/460_listings_of.sql", ids=list(alike))
    return [
        Hint(listing, 0.5 * alike[pk][0] / 100, f"the line names “{alike[pk][1]}”")
        for pk, listing in rows
    ]


def _of_book(key: UnmappedKey) -> list[Hint]:
    rows = list(PortfolioKey.objects.filter(known_to=None))
    hints = [*_custody(key)]
    for row in rows:
        if row.key == key.value and row.system == key.scheme:
            hints.append(Hint(row.portfolio_id, 0.8, f"the same key meant it{_days(row)}"))
        elif row.key == key.value:
            hints.append(Hint(row.portfolio_id, 0.6, f"it is its key in {row.system}"))
        elif row.system == key.scheme:
            hints += _like_book(key, row)
    return hints


def _like_book(key: UnmappedKey, row: PortfolioKey) -> list[Hint]:
    """A key of the same desk that ended just before, or one that is written alike."""
    hints = []
    desk = key.value.split("/")[0]
    if key.first_on and row.valid_to and row.key.split("/")[0] == desk:
        days = (key.first_on - row.valid_to).days
        if 0 < days <= 7:
            hints.append(
                Hint(
                    row.portfolio_id,
                    0.6,
                    f"its key {row.key} of the same desk ended {days} day{'s' * (days > 1)} before",
                )
            )
    likeness = fuzz.ratio(key.value, row.key)
    if likeness >= SIMILAR_KEY:
        hints.append(Hint(row.portfolio_id, 0.4 * likeness / 100, f"its key {row.key} is like it"))
    return hints
