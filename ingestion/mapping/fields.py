"""Fields by the column: each turns columns of a frame into one column of canonical text.

Whatever depends on a few distinct inputs is worked out once for each of them (``_Memoised``).
Numbers, times and plain texts differ row by row: they are checked a whole column at a time, and
only a column that holds anything unusual is gone through one by one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Protocol, cast

from ingestion import records
from ingestion.mapping import instants
from ingestion.mapping.expressions import Expression, FieldProblem, Row, compile_text
from ingestion.mapping.style import PLAIN, Style
from ingestion.mapping.values import CONVERTERS, TEXT_MAX, instant, number
from ingestion.sources.rows import Frame

Texts = Sequence[str]
Problems = dict[int, str]

# What no text column of the database can hold: zero bytes, and halves of a surrogate pair.
UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
# Distinct inputs remembered for a field before it starts anew.
REMEMBERED: Final = 50_000
_PLAIN: Final = {
    records.UNITS: re.compile(r"(?>(?>(?:0|[1-9][0-9]{0,19}+)(?:\.[0-9]{1,10}+)?+)?+\n)*+"),
    records.RATE: re.compile(r"(?>(?>(?:0|[1-9][0-9]{0,15}+)(?:\.[0-9]{1,14}+)?+)?+\n)*+"),
}


class Field(Protocol):
    """One field of a record."""

    def texts(self, frame: Frame, header: Row) -> tuple[Texts, Problems]:
        """Canonical text of each row ("" for missing), and what is wrong with which row."""


def compile_field(expression: Expression, kind: str, style: Style = PLAIN) -> Field:
    """The field that an expression of that type gives, in a file of that style."""
    slow = _Memoised(expression, _converted(expression, kind, style))
    plain = expression.is_plain_column and style.reader(kind) is None
    if kind == records.INSTANT and plain:
        return _Instants(expression, slow)
    if kind in _PLAIN and plain:
        return _Numbers(expression, _PLAIN[kind], slow)
    if kind == records.TEXT and plain:
        return _Plain(expression, slow)
    return slow


def compile_code(expression: Expression, style: Style = PLAIN) -> Field:
    """The text an expression gives, as a code or scope."""
    return compile_field(expression, records.TEXT, style)


def canonical(value: Any) -> str:
    """A typed value as text: the same for the same value, and as the database reads it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def _converted(expression: Expression, kind: str, style: Style) -> Callable[[Row, Row], Any]:
    get = compile_text(expression, style, kind)
    if expression.minus:
        return _difference(get, expression.minus, kind)
    if kind == records.INSTANT:
        return _instant(get, expression)
    convert = CONVERTERS[kind]

    def field(row: Row, header: Row) -> Any:
        text = get(row, header)
        return None if text is None else convert(text)

    return field


def _instant(
    get: Callable[[Row, Row], str | None], expression: Expression
) -> Callable[[Row, Row], datetime | None]:
    zone, column = expression.zone, expression.zone_column

    def field(row: Row, header: Row) -> datetime | None:
        text = get(row, header)
        return None if text is None else instant(text, (row.get(column) or "") if column else zone)

    return field


def _difference(
    get: Callable[[Row, Row], str | None], minus: str, kind: str
) -> Callable[[Row, Row], Decimal | None]:
    """One column less another, as custodians write debit and credit; empty when both are."""

    def field(row: Row, header: Row) -> Decimal | None:
        plus, less = get(row, header), row.get(minus)
        if plus is None and less is None:
            return None
        return number(plus or "0", kind) - number(less or "0", kind)

    return field


class _Memoised:
    """Any expression, worked out once for each distinct input."""

    def __init__(self, expression: Expression, get: Callable[[Row, Row], Any]) -> None:
        self._names = sorted(expression.columns())
        self._get = get
        self._known: dict[Any, str | FieldProblem] = {}
        self._wrong = False  # whether any input known so far is a problem

    def texts(self, frame: Frame, header: Row) -> tuple[Texts, Problems]:
        columns = [frame.column(name) for name in self._names]
        keys: Sequence[Any] = columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
        if not columns:
            keys = [()] * len(frame.line_nos)
        fresh = set(keys) - self._known.keys()
        if len(self._known) + len(fresh) > REMEMBERED:
            self._known.clear()
            fresh = set(keys)
        for key in fresh:
            self._known[key] = self._one(key, header)
        found = list(map(self._known.__getitem__, keys))
        if not self._wrong:
            return cast("list[str]", found), {}
        problems = {at: str(text) for at, text in enumerate(found) if type(text) is not str}
        return [text if type(text) is str else "" for text in found], problems

    def _one(self, key: Any, header: Row) -> str | FieldProblem:
        texts = (key,) if isinstance(key, str) else key
        row = {name: text or None for name, text in zip(self._names, texts, strict=True)}
        try:
            found = canonical(self._get(row, header))
        except FieldProblem as problem:
            self._wrong = True
            return problem
        if UNSTORABLE.search(found):
            self._wrong = True
            return FieldProblem("the text holds characters that cannot be stored")
        return found


class _Plain:
    """A column taken as it is."""

    def __init__(self, expression: Expression, slow: Field) -> None:
        self._name = expression.names[0]
        self._slow = slow

    def texts(self, frame: Frame, header: Row) -> tuple[Texts, Problems]:
        texts = frame.column(self._name)
        whole = "".join(texts)
        if ("\x00" in whole or not whole.isascii()) and UNSTORABLE.search(whole):
            return self._slow.texts(frame, header)
        if len(whole) > TEXT_MAX and max(map(len, texts)) > TEXT_MAX:
            return self._slow.texts(frame, header)
        return texts, {}


class _Numbers:
    """A column of numbers: digits with a point, mostly."""

    def __init__(self, expression: Expression, plain: re.Pattern[str], slow: Field) -> None:
        self._name = expression.names[0]
        self._plain = plain
        self._slow = slow

    def texts(self, frame: Frame, header: Row) -> tuple[Texts, Problems]:
        texts = frame.column(self._name)
        if self._plain.fullmatch("\n".join(texts) + "\n"):
            return texts, {}
        return self._slow.texts(frame, header)


class _Instants:
    """A column of times, all written alike, mostly."""

    def __init__(self, expression: Expression, slow: Field) -> None:
        self._name = expression.names[0]
        self._zone = expression.zone
        self._zone_column = expression.zone_column
        self._slow = slow

    def texts(self, frame: Frame, header: Row) -> tuple[Texts, Problems]:
        zones = frame.column(self._zone_column) if self._zone_column else self._zone
        found = instants.utc_texts(frame.column(self._name), zones)
        return (found, {}) if found is not None else self._slow.texts(frame, header)


def words_apply(when: Mapping[str, frozenset[str]], frame: Frame) -> list[int] | None:
    """Places of the rows that have one of the wanted words in each column; None: all of them."""
    places: list[int] | None = None
    for name, words in when.items():
        texts = frame.column(name)
        among = range(len(texts)) if places is None else places
        places = [at for at in among if texts[at] in words]
    if places is not None and len(places) == len(frame.line_nos):
        return None
    return places
