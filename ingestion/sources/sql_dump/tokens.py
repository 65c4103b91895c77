"""Cuts the text of a dump into words, literals and signs, a window at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.sources.window import TOKEN_MAX, Window

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
      | (?P<text>'[^']*(?:''[^']*)*')
      | (?P<name>"[^"]*(?:""[^"]*)*"|[A-Za-z_][A-Za-z0-9_]*)
      | (?P<number>[+-]?[0-9]+(?:\.[0-9]+)?)
      | (?P<sign>[(),;])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
# What may begin something that goes on beyond the window.
_OPENERS = frozenset("'\"/")


class BadStatement(Exception):
    """A statement other than CREATE TABLE and INSERT of literals; the message says where."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word, literal or sign, and its line."""

    kind: str
    text: str
    line: int


def tokens(source: Iterator[str]) -> Iterator[Token]:
    """The dump's tokens in order, without space and comments."""
    window = Window(source)
    line = 1
    while True:
        for match in _TOKEN.finditer(window.text, window.at):
            if not window.ended and _may_go_on(match, len(window.text)):
                break
            kind = match.lastgroup or "other"
            found = match[0]
            if kind != "space":
                yield Token(kind, found, line)
            line += found.count("\n")
            window.at = match.end()
        if window.ended:
            return
        if window.too_long:
            raise BadStatement(f"line {line}: a literal of more than {TOKEN_MAX} characters")
        window.more()


def _may_go_on(match: re.Match[str], end: int) -> bool:
    """True for a token that touches the window's end, or an opening whose end is not in it."""
    return match.end() == end or (match.lastgroup == "other" and match[0] in _OPENERS)
