"""Reads a dump's CREATE TABLE and INSERT statements; rows come one by one, however many."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.sources.sql_dump.tokens import BadStatement, Token, tokens

_IGNORED = ("BEGIN", "COMMIT", "START")
# A statement's head is a few words; a table of more columns is no table of a feed.
_HEAD_MAX = 5_000


@dataclass(frozen=True, slots=True)
class DumpRow:
    """One row of an INSERT: its table, its columns by name, its line and literal values."""

    table: str
    line: int
    values: dict[str, str | None]


@dataclass
class Dump:
    """A dump being read: the tables created so far, and its rows."""

    source: Iterator[str]
    columns: dict[str, list[str]] = field(default_factory=dict)

    def rows(self) -> Iterator[DumpRow]:
        """Every row of every INSERT in order; BadStatement for anything but such a dump."""
        found = tokens(self.source)
        for first in found:
            if first.text == ";" and first.kind == "sign":
                continue
            word = first.text.upper()
            if word in _IGNORED:
                _to_the_end(found, first)
            elif word == "INSERT":
                yield from self._insert(found, first)
            else:
                self._create(found, first)

    def _create(self, found: Iterator[Token], first: Token) -> None:
        words = [first, *_to_the_end(found, first)]
        if [token.text.upper() for token in words[:2]] != ["CREATE", "TABLE"] or len(words) < 5:
            raise _not_read(words)
        self.columns[_name(words[2])] = _created(words[3:])

    def _insert(self, found: Iterator[Token], first: Token) -> Iterator[DumpRow]:
        head = [first]
        for token in found:
            if token.text == ";" and token.kind == "sign":
                raise _not_read(head)
            head.append(token)
            if len(head) > 3 and token.kind == "name" and token.text.upper() == "VALUES":
                break
            if len(head) > _HEAD_MAX:
                raise _not_read(head)
        else:
            raise _cut_off(first)
        if head[1].text.upper() != "INTO":
            raise _not_read(head)
        table, listed = _name(head[2]), _column_list(head[3:-1])
        names = listed or self.columns.get(table)
        if names is None or table not in self.columns:
            raise BadStatement(f"line {first.line}: table {table!r} was not created")
        for line, values in _rows(found, first):
            if len(values) != len(names):
                raise BadStatement(f"line {line}: {len(values)} values for {len(names)} columns")
            yield DumpRow(table, line, dict(zip(names, values, strict=True)))


def _rows(found: Iterator[Token], first: Token) -> Iterator[tuple[int, list[str | None]]]:
    """Line and literal values of each row up to the statement's end."""
    while True:
        token = _next(found, first)
        _need(token, "(")
        row = [_literal(_next(found, first))]
        while (sign := _next(found, first)).text == "," and sign.kind == "sign":
            row.append(_literal(_next(found, first)))
        _need(sign, ")")
        yield token.line, row
        after = _next(found, first)
        if after.text == ";" and after.kind == "sign":
            return
        _need(after, ",")


def _next(found: Iterator[Token], first: Token) -> Token:
    token = next(found, None)
    if token is None:
        raise _cut_off(first)
    return token


def _to_the_end(found: Iterator[Token], first: Token) -> list[Token]:
    """The statement's tokens up to its semicolon."""
    held: list[Token] = []
    for token in found:
        if token.text == ";" and token.kind == "sign":
            return held
        held.append(token)
        if len(held) > _HEAD_MAX:
            raise _not_read([first, *held])
    raise _cut_off(first)


def _cut_off(first: Token) -> BadStatement:
    return BadStatement(f"line {first.line}: the last statement is cut off")


def _not_read(words: list[Token]) -> BadStatement:
    shown = " ".join(token.text.upper()[:40] for token in words[:3])
    allowed = "only CREATE TABLE and INSERT INTO … VALUES are read"
    return BadStatement(f"line {words[0].line}: {shown!r}; {allowed}")


def _created(words: list[Token]) -> list[str]:
    """Column names of a CREATE TABLE: the first name of each part between commas."""
    _need(words[0], "(")
    names: list[str] = []
    depth, fresh = 1, True
    for token in words[1:]:
        if token.text == "(":
            depth += 1
        elif token.text == ")":
            depth -= 1
        elif token.text == "," and depth == 1:
            fresh = True
        elif fresh:
            names.append(_name(token))
            fresh = False
    return names


def _column_list(words: list[Token]) -> list[str]:
    """The columns an INSERT names; none when it names none."""
    if not words:
        return []
    _need(words[0], "(")
    if words[-1].text != ")":
        raise BadStatement(f"line {words[0].line}: the list of columns does not end")
    return [_name(token) for token in words[1:-1] if token.text != ","]


def _name(token: Token) -> str:
    if token.kind != "name":
        raise BadStatement(f"line {token.line}: expected a name, found {token.text[:40]!r}")
    return token.text[1:-1].replace('""', '"') if token.text.startswith('"') else token.text


def _literal(token: Token) -> str | None:
    if token.kind == "text":
        return token.text[1:-1].replace("''", "'") or None
    if token.kind == "number":
        return token.text
    if token.text.upper() == "NULL":
        return None
    raise BadStatement(f"line {token.line}: {token.text[:40]!r} is not a plain value")


def _need(token: Token, sign: str) -> None:
    if token.text != sign or token.kind != "sign":
        raise BadStatement(f"line {token.line}: expected {sign!r}, found {token.text[:40]!r}")
