"""The expressions a definition may use. There is no code in them and no evaluation of text.

An expression is a column's name, or a table with one way of getting text (column, value, header,
first, join, object, start_of_day, end_of_day) and any of: part + separator, slice, words,
when_empty, zone or zone_column, minus, minus_for. See ingestion/definitions/README.md.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

Row = Mapping[str, str | None]
Getter = Callable[[Row, Row], str | None]

WAYS = ("column", "value", "header", "first", "join", "object", "start_of_day", "end_of_day")


@dataclass(frozen=True)
class Expression:
    """How one field's text is found in a row and its file's header."""

    way: str
    names: tuple[str, ...]
    glue: str = " "
    part: int = 0
    separator: str = ""
    slice: tuple[int, int] | None = None
    words: dict[str, str] = field(default_factory=dict)
    when_empty: str | None = None
    zone: str = ""
    zone_column: str = ""
    minus: str = ""
    minus_for: tuple[str, ...] = ()

    def columns(self) -> set[str]:
        """Columns of the row this expression reads."""
        found = set() if self.way in ("value", "header") else set(self.names)
        return found | {name for name in (self.zone_column, self.minus) if name}


class FieldProblem(Exception):
    """A field that cannot be read; the message is a sentence about its text."""


def compile_text(expression: Expression) -> Getter:
    """A function from (row, header) to the field's text, None when it is empty."""
    get = _way(expression)
    if expression.part:
        get = _with_part(get, expression)
    if expression.slice:
        get = _with_slice(get, *expression.slice)
    if expression.words:
        get = _with_words(get, expression)
    if expression.when_empty is not None:
        get = _with_default(get, expression.when_empty)
    return get


def _way(expression: Expression) -> Getter:
    name = expression.names[0] if expression.names else ""
    if expression.way == "value":
        return lambda row, header: name
    if expression.way == "header":
        return lambda row, header: header.get(name) or None
    if expression.way == "first":
        names = expression.names
        return lambda row, header: next((row[n] for n in names if row.get(n)), None)
    if expression.way == "join":
        names, glue = expression.names, expression.glue
        return lambda row, header: glue.join(row[n] or "" for n in names if row.get(n)) or None
    if expression.way == "object":
        names = expression.names
        return lambda row, header: _object(row, names)
    if expression.way in ("start_of_day", "end_of_day"):
        days = 1 if expression.way == "end_of_day" else 0
        return lambda row, header: _midnight(row.get(name), days)
    return lambda row, header: row.get(name)


def _object(row: Row, names: tuple[str, ...]) -> str:
    """The filled columns as a JSON object, each under the last part of its name."""
    found = {name.rsplit(".", 1)[-1]: row[name] for name in names if row.get(name)}
    return json.dumps(found, sort_keys=True)


def _midnight(text: str | None, days: int) -> str | None:
    """Midnight UTC at the beginning (0) or the end (1) of an ISO day."""
    if text is None:
        return None
    try:
        return f"{date.fromisoformat(text) + timedelta(days=days)}T00:00:00+00:00"
    except (ValueError, OverflowError):
        raise FieldProblem(f"{text[:60]!r} is not a day of the calendar (YYYY-MM-DD)") from None


def _with_part(get: Getter, expression: Expression) -> Getter:
    def part(row: Row, header: Row) -> str | None:
        text = get(row, header)
        if text is None:
            return None
        parts = text.split(expression.separator)
        if len(parts) < expression.part:
            raise FieldProblem(f"{text!r} has no part {expression.part}")
        return parts[expression.part - 1] or None

    return part


def _with_slice(get: Getter, start: int, end: int) -> Getter:
    def cut(row: Row, header: Row) -> str | None:
        text = get(row, header)
        return text[start:end] or None if text else None

    return cut


def _with_words(get: Getter, expression: Expression) -> Getter:
    words = expression.words

    def translate(row: Row, header: Row) -> str | None:
        text = get(row, header)
        if text is None:
            return None
        try:
            return words[text]
        except KeyError:
            known = ", ".join(words)
            raise FieldProblem(f"{text!r} is not a known word; known: {known}") from None

    return translate


def _with_default(get: Getter, default: str) -> Getter:
    return lambda row, header: get(row, header) or default
