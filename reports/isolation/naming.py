"""Which portfolios a page, a file or a message speaks of."""

import io
import re
import zipfile
from collections.abc import Mapping

import lxml.html


class Names:
    """Finds portfolios by their codes, wherever they stand."""

    def __init__(self, codes: Mapping[int, str]) -> None:
        self._ids = {code: key for key, code in codes.items()}
        longest_first = sorted(map(re.escape, self._ids), key=len, reverse=True)
        # A code is no part of a longer word: HA-1 is not in HA-11.
        self._pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])")

    def in_text(self, text: str) -> set[int]:
        """Portfolios named anywhere."""
        return {self._ids[code] for code in self._pattern.findall(text)}

    def in_figures(self, markup: str) -> set[int]:
        """Portfolios of which a figure is shown."""
        if not markup.strip():
            return set()
        root = lxml.html.fromstring(markup)
        return {
            self._ids[code]
            for code in root.xpath("//*[@data-figure]/@data-portfolio")
            if code in self._ids
        }


def text_of(content: bytes) -> str:
    """All text of a page or file; of a workbook or archive, that of its parts."""
    if content[:2] != b"PK":
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "\n".join(packed.read(part).decode("utf-8", "replace") for part in packed.namelist())
