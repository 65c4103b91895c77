"""Maps a file's rows to Helio's records by its definition; a row that cannot be is a reject."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Final

from ingestion.crosswalk.check_digits import fails
from ingestion.definition.model import Definition, FileKind, ListingRule, RecordRule
from ingestion.mapping import events
from ingestion.mapping.expressions import Row
from ingestion.mapping.fields import Problems, Texts, compile_code, compile_field, words_apply
from ingestion.mapping.style import Style
from ingestion.records import LENGTHS, NUMBERS, RECORDS, STEM_FIELDS
from ingestion.sources import names_columns
from ingestion.sources.rows import FileRefused, Frame, Reject

TRUE: Final = "t"
Columns = dict[str, Texts]


@dataclass(frozen=True, slots=True)
class Block:
    """Records of one kind, column by column, as canonical text ("" for missing)."""

    record: str
    beside: bool
    line_nos: Sequence[int]
    columns: Columns


class Mapper:
    """The compiled rules of one kind of file, for one file with its header."""

    def __init__(self, definition: Definition, kind: FileKind, header: Mapping[str, str]) -> None:
        self._header = header
        self._ignored = frozenset(kind.ignored_parts)
        # A structured format leaves out what is empty: there a missing column is no fault.
        self._names_columns = names_columns(kind.format_kind)
        self._rules: dict[str, list[_Rule]] = {}
        for rule in kind.records:
            self._rules.setdefault(rule.part, []).append(_Rule(rule, definition, kind.style))
        self._checked: set[str] = set()

    def map(self, frame: Frame) -> tuple[list[Block], list[Reject]]:
        """The records of the rows (none for a part the definition ignores), and the rejects."""
        self._check_columns(frame)
        rules = self._rules.get(frame.part, [])
        every = range(len(frame.line_nos))
        made: list[tuple[_Rule, Sequence[int], Columns]] = []
        problems: Problems = {}
        for rule in rules:
            places = words_apply(rule.when, frame)
            some = frame if places is None else frame.pick(places)
            columns, wrong = rule.columns_of(some, self._header)
            at = every if places is None else places
            made.append((rule, at, columns))
            for place, sentence in wrong.items():
                problems.setdefault(at[place], sentence)
        rejects = [
            Reject(frame.line_nos[at], f"{sentence}.", "WRONG_VALUE")
            for at, sentence in problems.items()
        ]
        rejects += self._unknown(frame, made)
        return [_block(frame, *each, problems) for each in made if each[1]], rejects

    def _unknown(
        self, frame: Frame, made: list[tuple["_Rule", Sequence[int], Columns]]
    ) -> list[Reject]:
        """A reject for each row that no rule is for."""
        if frame.part in self._ignored or any(isinstance(at, range) for _, at, _ in made):
            return []
        known = {place for _, at, _ in made for place in at}
        lost = [at for at in range(len(frame.line_nos)) if at not in known]
        columns = sorted({name for rules in self._rules.values() for r in rules for name in r.when})
        where = f"in {frame.part!r} " if frame.part else ""
        rejects = []
        for at in lost:
            shown = ", ".join(f"{name} {frame.column(name)[at] or None!r}" for name in columns)
            sentence = f"No rule of the definition is for this record {where}({shown})."
            rejects.append(Reject(frame.line_nos[at], sentence, "UNKNOWN_RECORD"))
        return rejects

    def _check_columns(self, frame: Frame) -> None:
        """Refuses the file when a column a rule reads does not exist in this part."""
        if frame.part in self._checked or not frame.line_nos:
            return
        self._checked.add(frame.part)
        rules = self._rules.get(frame.part, [])
        missing = {name for rule in rules for name in rule.columns} - frame.columns.keys()
        if missing and self._names_columns:
            names = ", ".join(sorted(missing))
            raise FileRefused(
                "MISSING_COLUMN", f"missing columns: {names}", f"The columns {names} are missing."
            )


def _block(
    frame: Frame, rule: "_Rule", places: Sequence[int], columns: Columns, problems: Problems
) -> Block:
    """The rule's records without those of rejected rows."""
    if problems:
        keep = [at for at, place in enumerate(places) if place not in problems]
        places = [places[at] for at in keep]
        columns = {name: [texts[at] for at in keep] for name, texts in columns.items()}
    return Block(rule.name, rule.beside, [frame.line_nos[at] for at in places], columns)


class _Rule:
    """One record rule, compiled."""

    def __init__(self, rule: RecordRule, definition: Definition, style: Style) -> None:
        self.name = rule.record
        self.beside = rule.beside
        self.when = _words(rule.when)
        self._record = RECORDS[rule.record]
        self._system = definition.system
        self._units = definition.units
        self._fields = [
            (name, compile_field(expression, self._record.fields[name], style))
            for name, expression in rule.fields.items()
        ]
        self._signed = [
            (name, frozenset(expression.minus_for))
            for name, expression in rule.fields.items()
            if expression.minus_for
        ]
        self._longest = {
            name: LENGTHS.get(f"{self.name}.{name}") or LENGTHS.get(name) for name in rule.fields
        }
        self._ways = [_Way(way, style) for way in rule.listing]
        self.columns = set(self.when)
        for expression in rule.fields.values():
            self.columns |= expression.columns()
        for way in rule.listing:
            self.columns |= way.value.columns() | (way.scope.columns() if way.scope else set())

    def columns_of(self, frame: Frame, header: Row) -> tuple[Columns, Problems]:
        """The records' fields as canonical text; what is wrong with which row."""
        missing = [""] * len(frame.line_nos)
        columns: Columns = dict.fromkeys((*STEM_FIELDS, *self._record.columns), missing)
        problems: Problems = {}
        for name, field in self._fields:
            columns[name], wrong = field.texts(frame, header)
            for at, problem in wrong.items():
                problems.setdefault(at, f"{name}: {problem}")
            _fit(name, columns[name], self._longest.get(name), problems)
        for name, kinds in self._signed:
            columns[name] = _signed(columns[name], columns.get("kind", missing), kinds)
        self._check(columns, problems)
        self._identify(frame, header, columns, problems)
        if self.name == "event":
            columns["content"] = _digests(columns, self._record.fields)
            columns["version"] = [text or "0" for text in columns["version"]]
            columns["status"] = [text or "NEW" for text in columns["status"]]
        columns["system"] = [self._system] * len(frame.line_nos)
        self._complete(columns)
        return columns, problems

    def _check(self, columns: Columns, problems: Problems) -> None:
        """Required fields and allowed words; a cancel needs neither."""
        status = columns.get("status")
        exempt = {at for at, text in enumerate(status) if text == "CANCEL"} if status else set()
        for name in self._record.fields:
            if name in self._record.required and "" in columns[name]:
                _note(problems, exempt, columns[name], {""}, f"{name} is empty")
        for name, allowed in (self._record.choices or {}).items():
            for word in set(columns[name]) - {"", *allowed}:
                sentence = f"{name}: {word!r} is none of {', '.join(allowed)}"
                _note(problems, exempt, columns[name], {word}, sentence)
        if self.name == "event":
            pairs = zip(columns["on_day"], columns["executed_at"], strict=True)
            neither = ["" if not (day or moment) else "x" for day, moment in pairs]
            if "" in neither:
                sentence = "the record has neither an effective day nor an execution time"
                _note(problems, exempt, neither, {""}, sentence)
            for at, trouble in events.troubles(columns):
                if at not in exempt:
                    problems.setdefault(at, trouble)

    def _identify(self, frame: Frame, header: Row, columns: Columns, problems: Problems) -> None:
        """Adds how each record names its listing: the first way whose code is filled."""
        size = len(frame.line_nos)
        scheme, code, scope = [""] * size, [""] * size, [""] * size
        preferred, wrong_digit = [""] * size, [""] * size
        for way in self._ways:
            places = words_apply(way.when, frame)
            some = frame if places is None else frame.pick(places)
            codes, scopes = way.named(some, header, problems, places)
            judged = {each: TRUE if fails(way.scheme, each) else "" for each in set(codes)}
            for at, place in enumerate(range(size) if places is None else places):
                if codes[at] and not scheme[place]:
                    scheme[place], code[place], scope[place] = way.scheme, codes[at], scopes[at]
                    preferred[place], wrong_digit[place] = way.preferred, judged[codes[at]]
        columns.update(
            scheme=scheme, identifier=code, scope=scope,
            scope_preferred=preferred, check_fails=wrong_digit,
        )  # fmt: skip

    def _complete(self, columns: Columns) -> None:
        """What a listing or code needs besides its fields: the unit's currency, the check digit."""
        if self.name == "listing":
            columns["price_currency"] = [self._units.get(u, u) for u in columns["quote_unit"]]
            columns["check_fails"] = [TRUE if fails("FIGI", f) else "" for f in columns["figi"]]
        if self.name == "identifier":
            pairs = zip(columns["code_scheme"], columns["code_value"], strict=True)
            columns["check_fails"] = [TRUE if fails(*pair) else "" for pair in pairs]


class _Way:
    """One way of naming a listing, compiled."""

    def __init__(self, way: ListingRule, style: Style) -> None:
        self.scheme = way.scheme
        self.when = _words(way.when)
        self.preferred = TRUE if way.scope_preferred else ""
        self._value = compile_code(way.value, style)
        self._scope = compile_code(way.scope, style) if way.scope else None

    def named(
        self, frame: Frame, header: Row, problems: Problems, places: Sequence[int] | None
    ) -> tuple[Texts, Texts]:
        """Code and scope of each row."""
        codes, wrong = self._value.texts(frame, header)
        scopes, also = [""] * len(codes), dict[int, str]()
        if self._scope:
            found, also = self._scope.texts(frame, header)
            scopes = list(found)
        for at, problem in (wrong | also).items():
            problems.setdefault(at if places is None else places[at], problem)
        return codes, scopes


def _words(when: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in when.items()}


def _note(
    problems: Problems, exempt: set[int], texts: Texts, wanted: set[str], sentence: str
) -> None:
    for at, text in enumerate(texts):
        if text in wanted and at not in exempt:
            problems.setdefault(at, sentence)


def _fit(name: str, texts: Texts, most: int | None, problems: Problems) -> None:
    """Notes what is longer than its column; one record must not stop its file."""
    if most is None or max(map(len, texts), default=0) <= most:
        return
    for at, text in enumerate(texts):
        if len(text) > most:
            problems.setdefault(at, f"{name}: {text[:60]!r} is longer than {most} characters")


def _signed(texts: Texts, kinds: Texts, negative: frozenset[str]) -> list[str]:
    """The numbers, with the other sign where the record is of one of these kinds."""
    if "-" not in "".join(texts):
        return [
            f"-{text}" if kind in negative and text.strip("0.") else text
            for text, kind in zip(texts, kinds, strict=True)
        ]
    return [
        _negated(text) if text and kind in negative else text
        for text, kind in zip(texts, kinds, strict=True)
    ]


def _negated(text: str) -> str:
    if text.startswith("-"):
        return text[1:]
    return f"-{text}" if text.strip("0.") else text


def _digests(columns: Columns, fields: Mapping[str, str]) -> list[str]:
    """A short digest of what each record says, equal for 1 and 1.00."""
    said = [
        _shortest(texts) if fields.get(name) in NUMBERS and any(texts) else texts
        for name, texts in columns.items()
        if name not in _FLAGS
    ]
    said += [["True" if text else "False" for text in columns[name]] for name in _FLAGS]
    return [
        md5("\x1f".join(row).encode(), usedforsecurity=False).hexdigest()
        for row in zip(*said, strict=True)
    ]


_FLAGS: Final = ("scope_preferred", "check_fails")
_ENDS: Final = frozenset("0.")


def _shortest(texts: Texts) -> list[str]:
    """The numbers without the zeros that end their decimals."""
    return [
        text if text[-1:] not in _ENDS else text.rstrip("0").rstrip(".") if "." in text else text
        for text in texts
    ]
