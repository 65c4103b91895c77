"""The tags of an OFX file with their lines: SGML (version 1) and XML (version 2) alike.

OFX 1 closes its groups, but not its values; so a tag that is followed by text is a value.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from ingestion.sources.rows import FileRefused
from ingestion.sources.window import TOKEN_MAX, Window

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z0-9._]{1,40})\s*>(?P<text>[^<]*)")
DEPTH_MAX = 40


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag: whether it opens or closes a group or holds a value, its name, text and line."""

    kind: str  # open, close or value
    name: str
    text: str
    line: int


def tags(source: Iterator[str]) -> Iterator[Tag]:
    """The tags in order, from ``<OFX>`` on; what stands between them otherwise is passed over."""
    window = Window(source)
    while True:
        for match in _TAG.finditer(window.text, window.at):
            if match.end() == len(window.text) and not window.ended:
                break
            window.at = match.start()
            yield _tag(match, window.line())
            window.at = match.end()
        if window.ended:
            return
        window.at = max(window.at, window.text.rfind("<"))
        if window.too_long:
            raise FileRefused("UNREADABLE_FILE", f"line {window.line()}: a tag without end")
        window.more()


def _tag(match: re.Match[str], line: int) -> Tag:
    name = match["name"].upper()
    if match["close"]:
        return Tag("close", name, "", line)
    text = unescape(match["text"].strip())
    if len(text) > TOKEN_MAX or "\x00" in text:
        raise FileRefused("UNREADABLE_FILE", f"line {line}: a value that is no text")
    return Tag("value" if text else "open", name, text, line)
