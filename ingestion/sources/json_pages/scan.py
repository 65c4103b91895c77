"""Walks a JSON page and keeps the line of every result, which json.loads does not tell.

Only one result at a time is in memory, however long the page.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

from ingestion.sources.window import TOKEN_MAX, Window

_SPACE = " \t\r\n"
# A word that is cut at the end of the window may fail this many characters before it.
_CUT = 16


class NotJson(Exception):
    """The text is not the JSON that was expected; the message says where."""


def _refuse_constant(name: str) -> NoReturn:
    raise NotJson(f"{name} is not a number")


def decoder() -> json.JSONDecoder:
    """A decoder whose numbers keep their digits."""
    return json.JSONDecoder(parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant)


class Scanner:
    """One pass over the text of a page; ``header`` is complete when ``items`` has ended."""

    def __init__(self, source: Iterator[str]) -> None:
        self.header: dict[str, Any] = {}
        self.found = False
        self._window = Window(source)
        self._decoder = decoder()

    def items(self, path: tuple[str, ...]) -> Iterator[tuple[int, Any]]:
        """Results at the path with their lines; NotJson when the text is something else."""
        try:
            yield from self._object(path, self.header)
        except RecursionError:
            raise NotJson("it is nested too deeply") from None
        if self._skip():
            raise NotJson(f"line {self._line()}: text follows the end of the page")

    def _line(self) -> int:
        return self._window.line()

    def _skip(self) -> str:
        """The next sign that is no space, empty at the end."""
        window = self._window
        while True:
            text = window.text
            while window.at < len(text) and text[window.at] in _SPACE:
                window.at += 1
            if window.at < len(text):
                return text[window.at]
            if not window.more():
                return ""

    def _expect(self, sign: str) -> None:
        found = self._skip()
        if found != sign:
            raise NotJson(f"line {self._line()}: expected {sign!r}, found {found!r}")
        self._window.at += 1

    def _value(self) -> Any:
        self._skip()
        window = self._window
        while True:
            try:
                value, end = self._decoder.raw_decode(window.text, window.at)
            except json.JSONDecodeError as error:
                if self._may_be_cut(error) and not window.ended and self._widen():
                    continue
                raise NotJson(f"line {self._line()}: {error.msg}") from error
            except ArithmeticError as error:
                raise NotJson(f"line {self._line()}: {error}") from error
            if end == len(window.text) and not window.ended and self._widen():
                continue  # a number may go on in the next piece
            window.at = end
            return value

    def _widen(self) -> bool:
        if self._window.too_long:
            raise NotJson(f"line {self._line()}: a value of more than {TOKEN_MAX} characters")
        return self._window.more()

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        """True when the value may go on beyond the window."""
        return error.msg.startswith("Unterminated") or error.pos >= len(error.doc) - _CUT

    def _object(self, path: tuple[str, ...], fields: dict[str, Any]) -> Iterator[tuple[int, Any]]:
        self._expect("{")
        if self._skip() == "}":
            self._window.at += 1
            return
        while True:
            key = self._value()
            if not isinstance(key, str):
                raise NotJson(f"line {self._line()}: expected a name in quotes")
            self._expect(":")
            if key == path[0] and self._skip() == ("[" if len(path) == 1 else "{"):
                if len(path) == 1:
                    yield from self._list()
                else:
                    fields[key] = {}
                    yield from self._object(path[1:], fields[key])
            else:
                fields[key] = self._value()
            if self._skip() == "}":
                self._window.at += 1
                return
            self._expect(",")

    def _list(self) -> Iterator[tuple[int, Any]]:
        if self.found:
            raise NotJson(f"line {self._line()}: the list of results stands there a second time")
        self.found = True
        self._expect("[")
        if self._skip() == "]":
            self._window.at += 1
            return
        while True:
            self._skip()
            line = self._line()
            yield line, self._value()
            if self._skip() == "]":
                self._window.at += 1
                return
            self._expect(",")
