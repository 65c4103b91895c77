"""The whole glossary, read once and checked as a whole."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from helio.glossary.entry import RECORDED, Convention, Entry, GlossaryFault, entry

FOLDER: Final = Path(__file__).parent
# Shown in this order; a file not named here would be read by nobody.
SECTIONS: Final = {
    "value": "Value and result",
    "returns": "Returns",
    "risk": "Risk",
    "holdings": "Positions and exposure",
    "ledger": "Transactions",
    "operations": "Operations",
    "access": "Access and its proof",
    "labels": "Columns that name things",
}


@dataclass(frozen=True)
class Glossary:
    """All entries by name, by section, and the conventions they follow."""

    entries: Mapping[str, Entry]
    sections: Mapping[str, tuple[Entry, ...]]
    conventions: Mapping[str, Convention]

    def __getitem__(self, name: str) -> Entry:
        return self.entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def get(self, name: str) -> Entry | None:
        """The entry of a name; None for a name that nothing is called."""
        return self.entries.get(name)

    def convention_of(self, one: Entry) -> Convention | None:
        """The convention an entry follows; None where nothing had to be chosen."""
        return self.conventions[one.convention] if one.convention else None


@cache
def glossary() -> Glossary:
    """The firm's glossary; raises GlossaryFault when a file is not sound."""
    return read(FOLDER)


def read(folder: Path) -> Glossary:
    """The glossary of a folder: ``conventions.toml``, ``periods.toml`` and ``terms/*.toml``."""
    conventions = {
        key: Convention(key, **told) for key, told in _tables(folder / "conventions.toml").items()
    }
    periods = _tables(folder / "periods.toml")
    unread = {path.stem for path in (folder / "terms").glob("*.toml")} - SECTIONS.keys()
    if unread:
        raise GlossaryFault(f"terms/{min(unread)}.toml belongs to no section of the glossary.")
    entries: dict[str, Entry] = {}
    sections: dict[str, tuple[Entry, ...]] = {}
    for section in SECTIONS:
        path = folder / "terms" / f"{section}.toml"
        written = [entry(path.name, name, told) for name, told in _tables(path).items()]
        sections[section] = tuple(written)
        for one in written:
            for found in (one, *_members(one, periods)):
                if found.name in entries:
                    raise GlossaryFault(f"{path.name}: “{found.name}” is said twice.")
                entries[found.name] = found
    _check(entries, conventions)
    return Glossary(entries, sections, conventions)


def _tables(path: Path) -> dict[str, dict[str, Any]]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise GlossaryFault(f"{path.name}: {error}") from error


def _members(family: Entry, periods: Mapping[str, Mapping[str, str]]) -> Iterator[Entry]:
    """The entries of a figure that exists for each of several periods."""
    for key in family.periods:
        if key not in periods:
            raise GlossaryFault(f"“{family.name}” is over “{key}”, which is no period.")
        period = periods[key]
        yield replace(
            family,
            name=f"{family.name}_{key}",
            term=f"{family.term}, {period['term']}",
            definition=f"{family.definition} {period['definition']}",
            missing=period.get("missing", family.missing),
            periods=(),
            family=family.name,
        )


def _check(entries: Mapping[str, Entry], conventions: Mapping[str, Convention]) -> None:
    for one in entries.values():
        if one.convention and one.convention not in conventions:
            raise GlossaryFault(f"“{one.name}” follows “{one.convention}”, which is no convention.")
        if one.unit in RECORDED and one.formula:
            raise GlossaryFault(f"“{one.name}” is {one.unit_words} and has a formula.")
        for other in one.related:
            if other not in entries:
                raise GlossaryFault(f"“{one.name}” is related to “{other}”, which is no entry.")
            if other == one.name:
                raise GlossaryFault(f"“{one.name}” is related to itself.")
