"""Checks the [file.style] table of a definition, and a field's own ``style``."""

from ingestion.definition.section import Section
from ingestion.mapping.problem import FieldProblem
from ingestion.mapping.style import (
    DAY_PARTS,
    DECIMALS,
    PLAIN,
    THOUSANDS,
    TIME_PARTS,
    BadPattern,
    Style,
    compiled,
)
from ingestion.mapping.values import time_zone


def style(parent: Section, key: str = "style") -> Style:
    """The style under a key; the plain one when the key is missing."""
    table = parent.get(key)
    if table is None:
        return PLAIN
    section = parent.child(key, table)
    decimal = section.text("decimal", ".", DECIMALS)
    thousands = section.texts("thousands")
    for mark in thousands:
        if mark == section.get("decimal", "."):  # as written, be it allowed or not
            section.wrong("thousands", f"is {mark!r}, which is the decimal mark.")
        elif mark not in THOUSANDS:
            shown = ", ".join(repr(each) for each in THOUSANDS)
            section.wrong("thousands", f"is {mark!r}; allowed: {shown}.")
    found = Style(
        decimal=decimal,
        thousands=thousands,
        days=_patterns(section, "day", DAY_PARTS, time=False),
        times=_patterns(section, "time", TIME_PARTS, time=True),
        sign_after=section.flag("sign_after"),
        parentheses=section.flag("parentheses"),
        zone=zone(section),
    )
    section.close()
    return found


def zone(section: Section) -> str:
    """The IANA time zone under ``zone``; empty when the key is missing."""
    name = section.text("zone", "")
    if name:
        try:
            time_zone(name)
        except FieldProblem as problem:
            section.wrong("zone", f"{problem}.")
            return ""
    return name


def _patterns(section: Section, key: str, parts: str, *, time: bool) -> tuple[str, ...]:
    """Readable patterns, each tried out."""
    patterns = section.texts(key)
    for pattern in patterns:
        try:
            compiled(pattern, time=time)
        except BadPattern as error:
            example = "DD.MM.YYYY hh:mm:ss" if time else "DD.MM.YYYY"
            section.wrong(
                key, f"{pattern!r} {error}; write it like {example!r}, with the parts {parts}."
            )
    return patterns
