"""Typed readers of environment variables; a bad value is refused with a sentence of advice.

``helio/settings.py`` is their only caller, so that every variable is found in one place.
"""

import os
import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
Word = TypeVar("Word", bound=str)

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


def text(name: str, default: str = "") -> str:
    """The variable's text without surrounding blanks; the default when unset or empty."""
    return os.environ.get(name, "").strip() or default


def boolean(name: str, default: bool) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off."""
    value = text(name).lower()
    if not value:
        return default
    if value not in TRUE | FALSE:
        raise _bad(name, value, "use 1 or 0")
    return value in TRUE


def integer(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number between ``least`` and ``most``."""
    value = text(name)
    if not value:
        return default
    if not re.fullmatch(r"\d{1,9}", value) or not least <= int(value) <= most:
        raise _bad(name, value, f"use a whole number from {least} to {most}")
    return int(value)


def choice(name: str, default: Word, allowed: Sequence[Word]) -> Word:
    """One of the allowed words."""
    value = text(name, default)
    for word in allowed:
        if word == value:
            return word
    raise _bad(name, value, "use one of " + ", ".join(allowed))


def code(name: str, default: str, pattern: str, advice: str) -> str:
    """A code that matches the pattern, such as a currency."""
    value = text(name, default)
    if not re.fullmatch(pattern, value):
        raise _bad(name, value, advice)
    return value


def words(name: str, offered: Collection[str]) -> tuple[str, ...]:
    """Words out of the offered ones, separated by commas; none by default."""
    found = tuple(part.strip() for part in text(name).split(",") if part.strip())
    for word in found:
        if word not in offered:
            raise _bad(name, word, f"choose from {', '.join(offered)}")
    return found


def folder(name: str, default: Path) -> Path:
    """A folder as an absolute path; it need not exist."""
    value = text(name)
    path = Path(value).expanduser() if value else default
    if path.exists() and not path.is_dir():
        raise _bad(name, value, "it is a file; name a folder")
    return path.absolute()


def secret(name: str, default: str, *, shortest: int) -> str:
    """A secret of at least so many characters; the message never repeats it."""
    value = text(name, default)
    if value and len(value) < shortest:
        raise ImproperlyConfigured(
            f"{name} has {len(value)} characters, too few to be a secret: use at least {shortest},"
            f' for example from: python -c "import secrets; print(secrets.token_hex(32))"'
        )
    return value


def url(name: str, schemes: Sequence[str]) -> str:
    """An address with one of the schemes, or nothing; the message never repeats its password."""
    value = text(name)
    if value and urlsplit(value).scheme not in schemes:
        raise ImproperlyConfigured(
            f"{name} does not start with {' or '.join(f'{scheme}://' for scheme in schemes)}:"
            " give the whole address, scheme first."
        )
    return value


def origins(name: str, default: Sequence[str]) -> list[str]:
    """Origins (scheme, host and port where it is not the usual one), separated by commas."""
    found = [part.strip() for part in text(name).split(",") if part.strip()] or list(default)
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
            raise _bad(name, origin, "write origins like https://helio.example.com, without a path")
    return found


def required(value: T, name: str, why: str, *, when: Callable[[], bool] = lambda: True) -> T:
    """The value, which must not be empty: else says which variable to set, and why."""
    if not value and when():
        raise ImproperlyConfigured(f"{name} is not set: {why}.")
    return value


def _bad(name: str, value: str, advice: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}={value!r} is not usable: {advice}.")
