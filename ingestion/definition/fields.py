"""Checks one expression of a definition."""

from decimal import Decimal, InvalidOperation

from ingestion.definition.section import Section
from ingestion.definition.style import style, zone
from ingestion.mapping.expressions import WAYS, Expression, Sign


def expression(parent: Section, key: str) -> Expression:
    """The expression under a key: a column's name, a table with one way, or a list of tables."""
    value = parent.get(key)
    if isinstance(value, str) and value:
        return Expression("column", (value,))
    if isinstance(value, list) and value:
        items = {f"{key} {number}": item for number, item in enumerate(value, 1)}
        inner = Section(parent.file, parent.place, items, parent.mistakes)
        return Expression("choice", (), choices=tuple(expression(inner, each) for each in items))
    if not isinstance(value, dict):
        parent.wrong(
            key, "must be a column's name or a table with one of: " + ", ".join(WAYS) + "."
        )
        return Expression("value", ("",))
    return _table(parent, key, parent.child(key, value))


def _table(parent: Section, key: str, section: Section) -> Expression:
    ways = [way for way in WAYS if way in section.table]
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
        after=section.text("after", ""),
        before=section.text("before", ""),
        trim=section.flag("trim"),
        upper=section.flag("upper"),
        replace=section.words("replace"),
        words=section.words("words"),
        otherwise=section.text("otherwise", "") or None,
        style=style(section) if "style" in section.table else None,
        factor=_factor(section),
        sign=_sign(section),
        when_empty=section.text("when_empty", "") or None,
        when=when(section),
        zone=zone(section),
        zone_column=section.text("zone_column", ""),
        minus=section.text("minus", ""),
        minus_for=section.texts("minus_for"),
    )
    _consistent(section, result)
    section.close()
    return result


def _consistent(section: Section, result: Expression) -> None:
    if result.part < 0:
        section.wrong("part", f"is {result.part}; parts are counted from 1.")
    if result.part and not result.separator:
        section.wrong("separator", "is empty; write the mark between the parts.")
    if "" in result.replace:
        section.wrong("replace", "has an empty text to be replaced.")
    if result.otherwise and not result.words:
        section.wrong("otherwise", "stands without words; it is for words that are not listed.")
    if result.minus and (result.factor or result.sign):
        section.wrong("minus", "does not go together with factor or sign.")


def when(section: Section) -> dict[str, tuple[str, ...]]:
    """The words a row must have in some columns for the rule, or the field, to apply."""
    child = section.child("when", section.get("when", {}))
    return {key: child.texts(key) for key in child.table}


def _factor(section: Section) -> str:
    text = section.text("factor", "")
    try:
        usable = not text or (Decimal(text).is_finite() and Decimal(text) != 0)
    except InvalidOperation:
        usable = False
    if usable:
        return text
    section.wrong("factor", f"is {text!r}; write a number as text, like '0.01'.")
    return ""


def _sign(section: Section) -> Sign | None:
    table = section.get("sign")
    if table is None:
        return None
    child = section.child("sign", table)
    found = Sign(child.text("column"), child.texts("minus"), child.texts("plus"))
    if not found.minus:
        child.wrong("minus", "is missing; list the words that mean minus, like ['D'].")
    child.close()
    return found


def _slice(section: Section) -> tuple[int, int] | None:
    value = section.get("slice")
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 2 and all(type(item) is int for item in value):
        return (value[0], value[1])
    section.wrong("slice", f"must be two whole numbers like [0, 3], not {value!r}.")
    return None
