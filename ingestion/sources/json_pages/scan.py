"""Walks a JSON page and keeps the line of every result, which json.loads does not tell."""

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn

_SPACE = " \t\r\n"


class NotJson(Exception):
    """The text is not the JSON that was expected; the message says where."""


@dataclass
class Page:
    """A page's own fields, and its results with their lines (None: no such list)."""

    header: dict[str, Any] = field(default_factory=dict)
    results: list[tuple[int, Any]] | None = None


def _refuse_constant(name: str) -> NoReturn:
    raise NotJson(f"{name} is not a number")


class Scanner:
    """One pass over the text of a page."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._line = 1
        self._counted = 0
        self._decoder = json.JSONDecoder(
            parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant
        )

    def page(self, path: tuple[str, ...]) -> Page:
        """The page whose results stand at the path; NotJson when the text is something else."""
        page = Page()
        try:
            page.header = self._object(path, page)
        except RecursionError:
            raise NotJson("it is nested too deeply") from None
        self._skip()
        if self.at != len(self.text):
            raise NotJson(f"line {self.line()}: text follows the end of the page")
        return page

    def line(self) -> int:
        """The line the scanner stands on."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def _skip(self) -> str:
        text = self.text
        while self.at < len(text) and text[self.at] in _SPACE:
            self.at += 1
        return text[self.at : self.at + 1]

    def _expect(self, sign: str) -> None:
        found = self._skip()
        if found != sign:
            raise NotJson(f"line {self.line()}: expected {sign!r}, found {found!r}")
        self.at += 1

    def _value(self) -> Any:
        self._skip()
        try:
            value, self.at = self._decoder.raw_decode(self.text, self.at)
        except (json.JSONDecodeError, ArithmeticError) as error:
            raise NotJson(f"line {self.line()}: {getattr(error, 'msg', error)}") from error
        return value

    def _object(self, path: tuple[str, ...], page: Page) -> dict[str, Any]:
        self._expect("{")
        fields: dict[str, Any] = {}
        if self._skip() == "}":
            self.at += 1
            return fields
        while True:
            key = self._value()
            self._expect(":")
            if key == path[0] and self._skip() == ("[" if len(path) == 1 else "{"):
                if len(path) == 1:
                    page.results = self._list()
                else:
                    fields[key] = self._object(path[1:], page)
            else:
                fields[key] = self._value()
            if self._skip() == "}":
                self.at += 1
                return fields
            self._expect(",")

    def _list(self) -> list[tuple[int, Any]]:
        self._expect("[")
        items: list[tuple[int, Any]] = []
        if self._skip() == "]":
            self.at += 1
            return items
        while True:
            self._skip()
            items.append((self.line(), self._value()))
            if self._skip() == "]":
                self.at += 1
                return items
            self._expect(",")
