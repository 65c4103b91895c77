"""Splits a dump into its statements and an INSERT into literal rows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
      | (?P<text>'(?:[^']|'')*')
      | (?P<name>"(?:[^"]|"")*"|[A-Za-z_][A-Za-z0-9_]*)
      | (?P<number>[+-]?[0-9]+(?:\.[0-9]+)?)
      | (?P<sign>[(),;])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_IGNORED = ("BEGIN", "COMMIT", "START")


class BadStatement(Exception):
    """A statement other than CREATE TABLE and INSERT of literals; the message says where."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word, literal or sign, and its line."""

    kind: str
    text: str
    line: int


@dataclass
class Statement:
    """A CREATE TABLE or an INSERT: table, columns, and the tokens of its values."""

    word: str
    table: str
    columns: list[str]
    line: int
    values: list[Token]

    def rows(self) -> Iterator[tuple[int, list[str | None]]]:
        """Line and literal values of each row."""
        tokens = iter(self.values)
        for token in tokens:
            _need(token, "(")
            row = [_literal(next(tokens, token))]
            while (sign := next(tokens, token)).text == ",":
                row.append(_literal(next(tokens, sign)))
            _need(sign, ")")
            yield token.line, row
            after = next(tokens, None)
            if after is not None:
                _need(after, ",")


def statements(text: str) -> Iterator[Statement]:
    """The dump's CREATE TABLE and INSERT statements in order."""
    current: list[Token] = []
    for token in _tokens(text):
        if token.text == ";" and token.kind == "sign":
            if current and current[0].text.upper() not in _IGNORED:
                yield _statement(current)
            current = []
        else:
            current.append(token)
    if current:
        raise BadStatement(f"line {current[0].line}: the last statement is cut off")


def _tokens(text: str) -> Iterator[Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind != "space":
            yield Token(kind, match[0], line)
        line += match[0].count("\n")


def _statement(tokens: list[Token]) -> Statement:
    words = [token.text.upper() for token in tokens[:3]]
    if words[:2] == ["CREATE", "TABLE"] and len(tokens) > 4:
        return Statement("CREATE", _name(tokens[2]), _created(tokens[3:]), tokens[0].line, [])
    if words[:2] == ["INSERT", "INTO"] and len(tokens) > 4:
        columns, rest = _column_list(tokens[3:])
        if rest and rest[0].text.upper() == "VALUES" and len(rest) > 1:
            return Statement("INSERT", _name(tokens[2]), columns, tokens[0].line, rest[1:])
    shown = " ".join(words)
    allowed = "only CREATE TABLE and INSERT INTO … VALUES are read"
    raise BadStatement(f"line {tokens[0].line}: {shown!r}; {allowed}")


def _created(tokens: list[Token]) -> list[str]:
    """Column names of a CREATE TABLE: the first name of each part between commas."""
    _need(tokens[0], "(")
    names: list[str] = []
    depth, fresh = 1, True
    for token in tokens[1:]:
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


def _column_list(tokens: list[Token]) -> tuple[list[str], list[Token]]:
    if tokens[0].text != "(":
        return [], tokens
    end = next((n for n, token in enumerate(tokens) if token.text == ")"), None)
    if end is None:
        raise BadStatement(f"line {tokens[0].line}: the list of columns does not end")
    return [_name(token) for token in tokens[1:end] if token.text != ","], tokens[end + 1 :]


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
