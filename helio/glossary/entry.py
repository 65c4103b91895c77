"""One term of the glossary, and what makes it complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

# What a value counts; the words stand beside each definition.
UNITS: Final = {
    "money": "amount in the currency shown with it",
    "base": "amount in the portfolio's base currency",
    "own": "amount in the currency of its own row",
    "price": "price of one unit, in the major unit of its currency",
    "quoted": "price of one unit, in the unit it was quoted in",
    "share": "fraction of one, shown in percent",
    "points": "difference of two fractions, shown in percentage points",
    "ratio": "plain number",
    "units": "units of the listing, or an amount of cash in its currency",
    "count": "count",
    "bytes": "bytes",
    "seconds": "seconds",
    "milliseconds": "milliseconds",
    "date": "business date",
    "time": "moment, UTC",
    "text": "text",
}
# Without a formula: what is recorded and not computed.
RECORDED: Final = frozenset({"date", "time", "text"})
OWNERS: Final = {
    "accounting": "Portfolio accounting",
    "performance": "Performance and risk",
    "market": "Market data",
    "operations": "Operations",
    "compliance": "Compliance",
}
_NEEDED: Final = ("term", "definition", "unit", "owner")
_TAKEN: Final = (*_NEEDED, "formula", "convention", "missing", "related", "over")


class GlossaryFault(ValueError):
    """An entry that is incomplete or contradicts itself; the message names file and entry."""


@dataclass(frozen=True, slots=True)
class Convention:
    """A rule where practice allows several: what Helio does, and where the rule comes from."""

    key: str
    title: str
    rule: str
    origin: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure or a column: what it is, how it comes about, and who answers for it.

    ``missing`` says when there is none (a dash) or it does not apply (n/a). ``periods`` is set
    for a figure that exists once for each named period: ``return_net`` is the family,
    ``return_net_year`` its member, with the period's own words in it.
    """

    name: str
    term: str
    definition: str
    unit: str
    owner: str
    formula: str = ""
    convention: str = ""
    missing: str = ""
    related: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    family: str = ""

    @property
    def unit_words(self) -> str:
        """The unit as people read it."""
        return UNITS[self.unit]

    @property
    def owner_words(self) -> str:
        """The function in the firm that answers for it."""
        return OWNERS[self.owner]

    @property
    def is_computed(self) -> bool:
        """True for a figure with a formula; what was recorded has none."""
        return bool(self.formula)

    @property
    def opening(self) -> str:
        """The definition's first sentence, for the tip beside a label."""
        return self.definition.split(". ", 1)[0].rstrip(".") + "."

    @property
    def said(self) -> str:
        """Definition, formula and unit in one text, as a column's description in a file."""
        parts = [self.definition, f"{self.formula}." if self.formula else "", self.missing]
        return " ".join(part for part in parts if part)


def entry(where: str, name: str, told: Mapping[str, Any]) -> Entry:
    """The entry of a table in a TOML file; raises GlossaryFault with a sentence."""
    said = f"{where}, [{name}]"
    for key in told:
        if key not in _TAKEN:
            raise GlossaryFault(f"{said}: there is no “{key}”. It takes {', '.join(_TAKEN)}.")
    for key in _NEEDED:
        if not told.get(key):
            raise GlossaryFault(f"{said}: “{key}” is missing.")
    for key, offered in (("unit", UNITS), ("owner", OWNERS)):
        if told[key] not in offered:
            raise GlossaryFault(
                f"{said}: {key} “{told[key]}” is none of {', '.join(sorted(offered))}."
            )
    if not told["definition"].endswith("."):
        raise GlossaryFault(f"{said}: the definition is no sentence, it ends without a full stop.")
    return Entry(
        name=name,
        term=told["term"],
        definition=told["definition"],
        unit=told["unit"],
        owner=told["owner"],
        formula=told.get("formula", ""),
        convention=told.get("convention", ""),
        missing=told.get("missing", ""),
        related=tuple(told.get("related", ())),
        periods=tuple(told.get("over", ())),
    )
