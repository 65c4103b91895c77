"""Maps a file's rows to Helio's records by its definition; a row that cannot be is a reject."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import md5
from typing import Any

from ingestion.crosswalk.check_digits import fails
from ingestion.definition.model import Definition, FileKind, ListingRule, RecordRule
from ingestion.mapping.expressions import Expression, FieldProblem, Row, compile_text
from ingestion.mapping.values import CONVERTERS, instant, number
from ingestion.records import INSTANT, RECORDS, STEM_FIELDS
from ingestion.sources.rows import FileRefused, Reject, SourceRow

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Staged:
    """One of Helio's records, typed, ready for its staging table."""

    record: str
    line_no: int
    beside: bool
    values: Values


class Mapper:
    """The compiled rules of one kind of file, for one file with its header."""

    def __init__(self, definition: Definition, kind: FileKind, header: Mapping[str, str]) -> None:
        self._header = header
        self._ignored = frozenset(kind.ignored_parts)
        # A structured format leaves out what is empty: there a missing column is no fault.
        self._names_columns = kind.format_kind != "json_pages"
        self._rules: dict[str, list[_Rule]] = {}
        for rule in kind.records:
            self._rules.setdefault(rule.part, []).append(_Rule(rule, definition))
        self._checked: set[str] = set()

    def map_row(self, row: SourceRow) -> list[Staged] | Reject:
        """The records of a row (none for a part the definition ignores), or why it has none."""
        if row.part not in self._checked:
            self._check_columns(row)
        found: list[Staged] = []
        try:
            for rule in self._rules.get(row.part, ()):
                if rule.applies(row.values):
                    values = rule.values(row.values, self._header)
                    found.append(Staged(rule.name, row.line_no, rule.beside, values))
        except FieldProblem as problem:
            return Reject(row.line_no, f"{problem}.", "WRONG_VALUE")
        if not found and row.part not in self._ignored:
            return Reject(row.line_no, self._unknown(row), "UNKNOWN_RECORD")
        return found

    def _unknown(self, row: SourceRow) -> str:
        columns = sorted({name for rules in self._rules.values() for r in rules for name in r.when})
        shown = ", ".join(f"{name} {row.values.get(name)!r}" for name in columns)
        where = f"in {row.part!r} " if row.part else ""
        return f"No rule of the definition is for this record {where}({shown})."

    def _check_columns(self, row: SourceRow) -> None:
        """Refuses the file when a column a rule reads does not exist in this part."""
        self._checked.add(row.part)
        rules = self._rules.get(row.part, [])
        missing = {name for rule in rules for name in rule.columns} - row.values.keys()
        if missing and self._names_columns:
            names = ", ".join(sorted(missing))
            raise FileRefused(
                "MISSING_COLUMN", f"missing columns: {names}", f"The columns {names} are missing."
            )


class _Rule:
    """One record rule, compiled."""

    def __init__(self, rule: RecordRule, definition: Definition) -> None:
        self.name = rule.record
        self.beside = rule.beside
        self.when = _words(rule.when)
        self._record = RECORDS[rule.record]
        self._system = definition.system
        self._units = definition.units
        self._fields = [
            (name, _compile_field(expression, self._record.fields[name]))
            for name, expression in rule.fields.items()
        ]
        self._signed = [
            (name, frozenset(expression.minus_for))
            for name, expression in rule.fields.items()
            if expression.minus_for
        ]
        self._listing = [_Way(way) for way in rule.listing]
        self.columns = set(self.when)
        for expression in rule.fields.values():
            self.columns |= expression.columns()
        for way in rule.listing:
            self.columns |= way.value.columns() | (way.scope.columns() if way.scope else set())

    def applies(self, row: Row) -> bool:
        """True when the row has one of the wanted words in each column of ``when``."""
        return applies(self.when, row)

    def values(self, row: Row, header: Row) -> Values:
        """The record's typed fields; FieldProblem with a sentence when one cannot be read."""
        values: Values = dict.fromkeys(STEM_FIELDS)
        values.update(dict.fromkeys(self._record.columns))
        for name, get in self._fields:
            try:
                values[name] = get(row, header)
            except FieldProblem as problem:
                raise FieldProblem(f"{name}: {problem}") from None
        for name, kinds in self._signed:
            if values[name] is not None and values.get("kind") in kinds:
                values[name] = -values[name]
        self._check(values)
        self._identify(values, row, header)
        values["content"] = _digest(values)
        values["system"] = self._system
        self._complete(values)
        return values

    def _check(self, values: Values) -> None:
        if values.get("status") == "CANCEL":
            return
        for name in self._record.required:
            if values[name] is None:
                raise FieldProblem(f"{name} is empty")
        for name, allowed in (self._record.choices or {}).items():
            if values[name] is not None and values[name] not in allowed:
                raise FieldProblem(f"{name}: {values[name]!r} is none of {', '.join(allowed)}")
        if self._record.name == "event" and not (values["on_day"] or values["executed_at"]):
            raise FieldProblem("the record has neither an effective day nor an execution time")

    def _identify(self, values: Values, row: Row, header: Row) -> None:
        """Adds how the record names its listing: the first way whose code is filled."""
        values.update(
            scheme=None, identifier=None, scope="", scope_preferred=False, check_fails=False
        )
        for way in self._listing:
            code = way.value(row, header) if applies(way.when, row) else None
            if code:
                values.update(
                    scheme=way.scheme,
                    identifier=code,
                    scope=(way.scope(row, header) or "") if way.scope else "",
                    scope_preferred=way.scope_preferred,
                    check_fails=fails(way.scheme, code),
                )
                return

    def _complete(self, values: Values) -> None:
        """What a listing or code needs besides its fields: the unit's currency, the check digit."""
        if self.name == "listing":
            values["price_currency"] = self._units.get(values["quote_unit"], values["quote_unit"])
            values["check_fails"] = fails("FIGI", values["figi"])
        if self.name == "identifier":
            values["check_fails"] = fails(values["code_scheme"], values["code_value"])


class _Way:
    """One way of naming a listing, compiled."""

    def __init__(self, way: ListingRule) -> None:
        self.scheme = way.scheme
        self.when = _words(way.when)
        self.value = compile_text(way.value)
        self.scope = compile_text(way.scope) if way.scope else None
        self.scope_preferred = way.scope_preferred


When = Mapping[str, frozenset[str]]


def _words(when: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in when.items()}


def applies(when: When, row: Row) -> bool:
    """True when the row has one of the wanted words in each column."""
    return all((row.get(name) or "") in words for name, words in when.items())


def _digest(values: Values) -> str:
    """A short digest of what a record says, equal for 1 and 1.00."""
    parts = (_plain(value) for value in values.values())
    return md5("\x1f".join(parts).encode(), usedforsecurity=False).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return "" if value is None else str(value)


def _compile_field(expression: Expression, kind: str) -> Callable[[Row, Row], Any]:
    get = compile_text(expression)
    if kind == INSTANT:
        return _compile_instant(get, expression)
    convert = CONVERTERS[kind]
    if expression.minus:
        return _compile_difference(get, expression.minus, kind)

    def field(row: Row, header: Row) -> Any:
        text = get(row, header)
        return None if text is None else convert(text)

    return field


def _compile_instant(
    get: Callable[[Row, Row], str | None], expression: Expression
) -> Callable[[Row, Row], datetime | None]:
    zone, column = expression.zone, expression.zone_column

    def field(row: Row, header: Row) -> datetime | None:
        text = get(row, header)
        return None if text is None else instant(text, (row.get(column) or "") if column else zone)

    return field


def _compile_difference(
    get: Callable[[Row, Row], str | None], minus: str, kind: str
) -> Callable[[Row, Row], Decimal | None]:
    """One column less another, as custodians write debit and credit; empty when both are."""

    def field(row: Row, header: Row) -> Decimal | None:
        plus, less = get(row, header), row.get(minus)
        if plus is None and less is None:
            return None
        return number(plus or "0", kind) - number(less or "0", kind)

    return field
