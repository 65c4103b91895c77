"""Where a request comes from, in words that are safe to store and to show."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.conf import settings
from django.http import HttpRequest

ADDRESS_LIMIT: Final = 60
DEVICE_LIMIT: Final = 200

# In this order: each browser names its ancestors too.
BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("FxiOS", "Firefox"),
    ("Safari", "Safari"),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def address(request: HttpRequest | None) -> str:
    """The network address that asked, empty without a request.

    Behind a trusted proxy it is the last one that proxy wrote down; what stands before it in the
    header was sent by whoever asked.
    """
    if request is None:
        return ""
    told = request.META.get("REMOTE_ADDR", "")
    if settings.HELIO_TRUSTED_PROXY:
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or told
    return printable(told, ADDRESS_LIMIT)


def device(request: HttpRequest) -> str:
    """What the browser says of itself, at most 200 characters."""
    return printable(request.headers.get("User-Agent", ""), DEVICE_LIMIT)


def device_words(agent: str) -> str:
    """Browser and system in two words, such as ``Firefox on Windows``, as far as they are known."""
    browser = next((name for mark, name in BROWSERS if f"{mark}/" in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or (re.split(r"[\s/(]", agent, maxsplit=1)[0] or "Unknown device")


def printable(text: str, limit: int) -> str:
    """The text without control and format characters, which could forge a line; cut to a limit."""
    kept = (" " if unicodedata.category(one) in UNPRINTABLE else one for one in text)
    return "".join(kept)[:limit].strip()


UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
