"""Typed reading of one TOML table; every mistake becomes a sentence naming file, key and remedy."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

_SPAN = re.compile(r"([1-9][0-9]{0,4}) (second|minute|hour|day)s?")


class BadDefinition(Exception):
    """A definition that cannot be used: one sentence a mistake."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = list(sentences)
        super().__init__("\n".join(self.sentences))


@dataclass
class Section:
    """A TOML table under the name of its file and place, with the mistakes found so far."""

    file: str
    place: str
    table: dict[str, Any]
    mistakes: list[str]
    used: set[str] = field(default_factory=set)

    def child(self, key: str, table: object, place: str = "") -> "Section":
        """A section for a table inside this one, sharing the list of mistakes."""
        where = place or (f"{self.place}.{key}" if self.place else key)
        if not isinstance(table, dict):
            self.mistakes.append(f"{self.file}: {where} must be a table.")
            table = {}
        return Section(self.file, where, table, self.mistakes)

    def wrong(self, key: str, complaint: str) -> None:
        """Notes a mistake about one key."""
        where = f"{self.place}.{key}" if self.place else key
        self.mistakes.append(f"{self.file}: {where} {complaint}")

    def get(self, key: str, default: Any = None) -> Any:
        """The raw value; marks the key as known."""
        self.used.add(key)
        return self.table.get(key, default)

    def text(self, key: str, default: str | None = None, allowed: Iterable[str] = ()) -> str:
        """A text value, one of the allowed ones where these are given."""
        value = self.get(key, default)
        allowed = list(allowed)
        if value is None:
            hint = f"; allowed: {_listed(allowed)}" if allowed else ""
            self.wrong(key, f"is missing{hint}.")
        elif not isinstance(value, str):
            self.wrong(key, f"must be text, not {value!r}.")
        elif allowed and value not in allowed:
            self.wrong(key, f"is {value!r}; allowed: {_listed(allowed)}.")
        else:
            return value
        return default or ""

    def number(self, key: str, default: int) -> int:
        """A whole number."""
        value = self.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        self.wrong(key, f"must be a whole number, not {value!r}.")
        return default

    def flag(self, key: str, default: bool = False) -> bool:
        """A yes or no."""
        value = self.get(key, default)
        if isinstance(value, bool):
            return value
        self.wrong(key, f"must be true or false, not {value!r}.")
        return default

    def span(self, key: str, default: str) -> timedelta:
        """A length of time, written like "5 minutes" or "1 day"."""
        value = self.get(key, default)
        match = _SPAN.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            self.wrong(key, f"is {value!r}; write a length of time like '5 minutes' or '1 day'.")
            return timedelta(days=1)
        return timedelta(**{f"{match[2]}s": int(match[1])})

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts, as a tuple."""
        value = self.get(key, [])
        value = [value] if isinstance(value, str) else value
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.wrong(key, f"must be a text or a list of texts, not {value!r}.")
        return ()

    def words(self, key: str) -> dict[str, str]:
        """A table from text to text."""
        value = self.get(key, {})
        if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
            return dict(value)
        self.wrong(key, f"must be a table of texts, not {value!r}.")
        return {}

    def tables(self, key: str) -> list["Section"]:
        """The tables of an array of tables, numbered from 1."""
        value = self.get(key, [])
        if not isinstance(value, list):
            self.wrong(key, f"must be written as [[{key}]] tables.")
            return []
        place = f"{self.place}.{key}" if self.place else key
        return [self.child(key, item, f"{place} {n}") for n, item in enumerate(value, 1)]

    def close(self) -> None:
        """Complains about keys nobody asked for, with the likeliest meant one."""
        for key in self.table.keys() - self.used:
            near = difflib.get_close_matches(key, self.used, n=1)
            hint = (
                f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(self.used))}."
            )
            self.wrong(key, f"is an unknown key; {hint}")


def _listed(allowed: Iterable[str]) -> str:
    """Allowed words in a row; signs in quotes, which would be lost among the commas."""
    return ", ".join(word if word[:1].isalnum() else repr(word) for word in allowed)
