"""Checks one expression of a definition."""

from ingestion.definition.section import Section
from ingestion.mapping.expressions import WAYS, Expression, FieldProblem
from ingestion.mapping.values import time_zone


def expression(parent: Section, key: str) -> Expression:
    """The expression under a key: a column's name or a table with one way of getting text."""
    value = parent.get(key)
    if isinstance(value, str) and value:
        return Expression("column", (value,))
    if not isinstance(value, dict):
        parent.wrong(
            key, "must be a column's name or a table with one of: " + ", ".join(WAYS) + "."
        )
        return Expression("value", ("",))
    section = parent.child(key, value)
    ways = [way for way in WAYS if way in value]
    if len(ways) != 1:
        parent.wrong(key, "needs exactly one of: " + ", ".join(WAYS) + ".")
    way = ways[0] if ways else "value"
    names = section.texts(way)
    if len(names) != 1 and way not in ("first", "join", "object"):
        section.wrong(way, "must be one text.")
        names = ("",)
    result = Expression(
        way=way,
        names=names,
        glue=section.text("with", " "),
        part=section.number("part", 0),
        separator=section.text("separator", ":"),
        slice=_slice(section),
        words=section.words("words"),
        when_empty=section.text("when_empty", "") or None,
        zone=_zone(section),
        zone_column=section.text("zone_column", ""),
        minus=section.text("minus", ""),
        minus_for=section.texts("minus_for"),
    )
    section.close()
    return result


def _slice(section: Section) -> tuple[int, int] | None:
    value = section.get("slice")
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 2 and all(type(item) is int for item in value):
        return (value[0], value[1])
    section.wrong("slice", f"must be two whole numbers like [0, 3], not {value!r}.")
    return None


def _zone(section: Section) -> str:
    name = section.text("zone", "")
    if name:
        try:
            time_zone(name)
        except FieldProblem as problem:
            section.wrong("zone", f"{problem}.")
    return name
