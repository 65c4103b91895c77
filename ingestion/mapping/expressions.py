"""The expressions a definition may use. There is no code in them and no evaluation of text.

An expression is a column's name, a table with one way of getting text (``WAYS``) and any of the
``STEPS``, which are taken in their order, or a list of such tables, of which the first that gives
text wins. See ingestion/definitions/README.md. An expression reads the columns it names in
``columns()`` and the file's header, and nothing else: equal inputs give equal texts.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Context, Decimal, DecimalException

from ingestion import records
from ingestion.mapping.problem import FieldProblem
from ingestion.mapping.style import PLAIN, Style

__all__ = ["STEPS", "WAYS", "Expression", "FieldProblem", "Row", "Sign", "compile_text"]

Row = Mapping[str, str | None]
Getter = Callable[[Row, Row], str | None]
Step = Callable[[str], str | None]

WAYS = ("column", "value", "header", "first", "join", "object", "start_of_day", "end_of_day")
# Keys that may stand beside the way, in the order in which they act.
STEPS = (
    "with", "part", "separator", "slice", "after", "before", "trim", "upper", "replace",
    "words", "otherwise", "style", "factor", "sign", "when_empty", "when",
    "zone", "zone_column", "minus", "minus_for",
)  # fmt: skip
# Exact for whatever a column holds; an inexact product is a reject, not a rounding.
_EXACT = Context(prec=60)


@dataclass(frozen=True)
class Sign:
    """A column that says debit or credit: its words for minus, and for plus when they are told."""

    column: str
    minus: tuple[str, ...]
    plus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expression:
    """How one field's text is found in a row and its file's header."""

    way: str
    names: tuple[str, ...]
    glue: str = " "
    part: int = 0
    separator: str = ""
    slice: tuple[int, int] | None = None
    after: str = ""
    before: str = ""
    trim: bool = False
    upper: bool = False
    replace: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    style: Style | None = None
    factor: str = ""
    sign: Sign | None = None
    when_empty: str | None = None
    when: dict[str, tuple[str, ...]] = field(default_factory=dict)
    zone: str = ""
    zone_column: str = ""
    minus: str = ""
    minus_for: tuple[str, ...] = ()
    choices: tuple["Expression", ...] = ()

    @property
    def is_plain_column(self) -> bool:
        """True when the field's text is a column's text as it stands."""
        return self == Expression(
            "column",
            self.names,
            self.glue,
            separator=self.separator,
            zone=self.zone,
            zone_column=self.zone_column,
            minus_for=self.minus_for,
        )

    def columns(self) -> set[str]:
        """Columns of the row this expression reads."""
        found = set() if self.way in ("value", "header") else set(self.names)
        found |= set(self.when)
        if self.sign:
            found.add(self.sign.column)
        for choice in self.choices:
            found |= choice.columns()
        return found | {name for name in (self.zone_column, self.minus) if name}


def compile_text(expression: Expression, style: Style = PLAIN, kind: str = records.TEXT) -> Getter:
    """A function from (row, header) to the field's canonical text, None when it is empty.

    ``style`` is the file's, ``kind`` the field's type: numbers, days and times come out as
    ``mapping/values.py`` takes them. ``minus``, ``minus_for`` and the zones are the mapper's,
    which knows the typed values.
    """
    if expression.choices:
        return _first_choice([compile_text(each, style, kind) for each in expression.choices])
    style = _style_of(expression, style)
    get = _way(expression, style)
    for step in _steps(expression, style, kind):
        get = _then(get, step)
    if expression.sign:
        get = _with_sign(get, expression.sign)
    if expression.when_empty is not None:
        get = _with_default(get, expression.when_empty)
    if expression.when:
        get = _with_when(get, expression.when)
    return get


def _style_of(expression: Expression, style: Style) -> Style:
    """The field's own style, else the file's; its zone gives way to the field's."""
    found = expression.style or style
    if expression.zone or expression.zone_column:
        return replace(found, zone="")
    return found


def _steps(expression: Expression, style: Style, kind: str) -> list[Step]:
    """The steps from one text to the next, in their order."""
    found: list[Step] = []
    if expression.part:
        found.append(_part(expression.separator, expression.part))
    if expression.slice:
        start, end = expression.slice
        found.append(lambda text: text[start:end] or None)
    if expression.after or expression.before:
        found.append(_between(expression.after, expression.before))
    if expression.trim:
        found.append(lambda text: " ".join(text.split()) or None)
    if expression.upper:
        found.append(lambda text: text.upper())
    found += [_replaced(old, new) for old, new in expression.replace.items()]
    if expression.words:
        found.append(_words(expression.words, expression.otherwise))
    read = style.reader(kind)
    # What the definition itself says is canonical already: constants, translated words, midnights.
    if read and not (expression.words or expression.way in ("value", "start_of_day", "end_of_day")):
        found.append(read)
    if expression.factor:
        found.append(_times(Decimal(expression.factor)))
    return found


def _then(get: Getter, step: Step) -> Getter:
    def text(row: Row, header: Row) -> str | None:
        found = get(row, header)
        return step(found) if found else None

    return text


def _first_choice(choices: list[Getter]) -> Getter:
    def text(row: Row, header: Row) -> str | None:
        return next((found for get in choices if (found := get(row, header))), None)

    return text


def _way(expression: Expression, style: Style) -> Getter:
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
        return lambda row, header: _midnight(row.get(name), days, style)
    return lambda row, header: row.get(name)


def _object(row: Row, names: tuple[str, ...]) -> str:
    """The filled columns as a JSON object, each under the last part of its name."""
    found = {name.rsplit(".", 1)[-1]: row[name] for name in names if row.get(name)}
    return json.dumps(found, sort_keys=True)


def _midnight(text: str | None, days: int, style: Style) -> str | None:
    """Midnight UTC at the beginning (0) or the end (1) of a day."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(style.day_text(text))
        return f"{day + timedelta(days=days)}T00:00:00+00:00"
    except (ValueError, OverflowError):
        raise FieldProblem(f"{text[:60]!r} is not a day of the calendar (YYYY-MM-DD)") from None


def _part(separator: str, number: int) -> Step:
    def part(text: str) -> str | None:
        parts = text.split(separator)
        if len(parts) < number:
            raise FieldProblem(f"{text[:60]!r} has no part {number}")
        return parts[number - 1] or None

    return part


def _between(after: str, before: str) -> Step:
    """What stands after one mark and before the next one, as in a narrative; None without it."""

    def between(text: str) -> str | None:
        if after:
            _, mark, text = text.partition(after)
            if not mark:
                return None
        if before:
            text, mark, _ = text.partition(before)
            if not mark:
                return None if not after else text.strip() or None
        return text.strip() or None

    return between


def _replaced(old: str, new: str) -> Step:
    return lambda text: text.replace(old, new) or None


def _words(words: dict[str, str], otherwise: str | None) -> Step:
    def translate(text: str) -> str | None:
        found = words.get(text, otherwise)
        if found is None:
            known = ", ".join(words)
            raise FieldProblem(f"{text[:60]!r} is not a known word; known: {known}")
        return found

    return translate


def _times(factor: Decimal) -> Step:
    def times(text: str) -> str:
        try:
            return format(_EXACT.multiply(Decimal(text), factor), "f")
        except DecimalException:
            raise FieldProblem(f"{text[:60]!r} is not a number") from None

    return times


def _with_sign(get: Getter, sign: Sign) -> Getter:
    """The number with the sign that another column tells in words."""

    def signed(row: Row, header: Row) -> str | None:
        text = get(row, header)
        if not text:
            return text
        word = row.get(sign.column) or ""
        if word in sign.minus:
            return text[1:] if text.startswith("-") else f"-{text.removeprefix('+')}"
        if sign.plus and word not in sign.plus:
            known = ", ".join([*sign.minus, *sign.plus])
            raise FieldProblem(f"{word[:60]!r} in {sign.column} is no sign; known: {known}")
        return text

    return signed


def _with_default(get: Getter, default: str) -> Getter:
    return lambda row, header: get(row, header) or default


def _with_when(get: Getter, when: Mapping[str, tuple[str, ...]]) -> Getter:
    """Empty unless the row has one of the wanted words in each of the columns."""
    wanted = {name: frozenset(words) for name, words in when.items()}

    def text(row: Row, header: Row) -> str | None:
        if all((row.get(name) or "") in words for name, words in wanted.items()):
            return get(row, header)
        return None

    return text
