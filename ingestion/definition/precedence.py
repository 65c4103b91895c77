"""Checks which rank a source has where several state the same fact."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from ingestion.definition.section import Section
from ingestion.records import RANKED

LOWEST: Final = 1
HIGHEST: Final = 99
ALL: Final = "all"


def precedence(source: Section, records: Iterable[str]) -> Mapping[str, int]:
    """Ranks by kind of record, of those that the source states; empty when it says nothing.

    Either one number for all of them, or a table of numbers by kind with ``all`` for the others.
    """
    value = source.get("precedence")
    if value is None:
        return {}
    mapped = set(records)
    stated = [name for name in RANKED if name in mapped]
    if not isinstance(value, dict):
        rank = _rank(source, "precedence")
        return dict.fromkeys(stated, rank)
    section = source.child("precedence", value)
    said = {key: _rank(section, key) for key in section.table}
    _check_keys(section, said, stated)
    others = said.get(ALL)
    ranks = {name: said.get(name, others) for name in stated}
    return {name: rank for name, rank in ranks.items() if rank is not None}


def _rank(section: Section, key: str) -> int:
    rank = section.number(key, LOWEST)
    if not LOWEST <= rank <= HIGHEST:
        section.wrong(key, f"is {rank}; allowed: {LOWEST} (decides first) to {HIGHEST}.")
    return rank


def _check_keys(section: Section, said: Mapping[str, int], stated: Sequence[str]) -> None:
    allowed = ", ".join((ALL, *RANKED))
    for key in said:
        if key in RANKED and key not in stated:
            section.wrong(key, "is ranked, but no [[file.record]] of this source is one.")
        elif key not in (ALL, *RANKED):
            section.wrong(key, f"has no rank; allowed: {allowed}.")
