"""A part of a file on its way: records as COPY reads them, and lines that could not be read."""

from collections import defaultdict
from typing import Any, Final

from ingestion.mapping.mapper import TRUE, Block, Texts
from ingestion.records import RECORDS
from ingestion.sources.rows import FileRefused, Reject

STEM_COLUMNS: Final = (
    "batch_id", "file_id", "line_no", "beside", "content", "source", "system", "portfolio_key",
    "scheme", "identifier", "scope", "scope_preferred", "check_fails",
    "on_day", "executed_at", "known_from",
)  # fmt: skip
EXTRA_COLUMNS: Final = {"listing": ("price_currency",)}
# What the crosswalk answers while a file is read; a replay asks it anew.
RESOLVED: Final = ("listing_id", "portfolio_id", "mapped_from")
FLAGS: Final = {"scope_preferred", "check_fails"}
FALSE: Final = "f"
# A part is full with whichever comes first. Nothing is loaded while the first is read: it is
# small, and each that follows may be twice as large.
FIRST_ROWS: Final = 5_000
ROWS_MAX: Final = 50_000
CHARACTERS_MAX: Final = 16_000_000
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
Columns = tuple[str, ...]


def columns(record: str) -> Columns:
    """The columns of a record's staging table that are filled before loading."""
    return STEM_COLUMNS + RECORDS[record].columns + EXTRA_COLUMNS.get(record, ())


_TAKEN: Final = {name: {*columns(name), *RESOLVED} for name in RECORDS}


class Part:
    """Collects records of a load's files until it is full; knows which files are refused whole."""

    def __init__(self, batch_id: int, source: str, rows_max: int = FIRST_ROWS) -> None:
        self.batch_id = batch_id
        self.source = source
        self.rows_max = min(rows_max, ROWS_MAX)
        self.rejects: list[tuple[Any, ...]] = []
        self.refused: dict[int, FileRefused] = {}
        self._pieces: dict[tuple[str, Columns], list[tuple[int, str]]] = defaultdict(list)
        self._rows = 0
        self._characters = 0

    @property
    def full(self) -> bool:
        """True when it should be staged before more is read."""
        return self._rows >= self.rows_max or self._characters >= CHARACTERS_MAX

    def following(self) -> "Part":
        """An empty part for what comes after this one."""
        return Part(self.batch_id, self.source, 2 * self.rows_max)

    def add(self, file_id: int, block: Block) -> None:
        """Takes some records of a file."""
        if not block.line_nos:
            return
        names, text = self._copy_text(file_id, block)
        self._pieces[block.record, names].append((file_id, text))
        self._rows += len(block.line_nos)
        self._characters += len(text)

    def reject(self, file_id: int, reject: Reject) -> None:
        """Takes one line that could not be read."""
        self.rejects.append((self.batch_id, file_id, reject.line_no, reject.code, reject.sentence))
        self._rows += 1

    def refuse(self, file_id: int, refusal: FileRefused) -> None:
        """Takes a file's records back: it is refused whole."""
        self.refused[file_id] = refusal
        for pieces in self._pieces.values():
            pieces[:] = [piece for piece in pieces if piece[0] != file_id]
        self.rejects = [row for row in self.rejects if row[1] != file_id]

    def texts(self) -> list[tuple[str, Columns, list[str]]]:
        """Records, their columns and their rows as text; empty text is NULL."""
        return [
            (record, names, [text for _, text in pieces])
            for (record, names), pieces in self._pieces.items()
            if pieces
        ]

    def _copy_text(self, file_id: int, block: Block) -> tuple[Columns, str]:
        """The columns that hold anything, and their rows as COPY reads them."""
        size = len(block.line_nos)
        filled: dict[str, Texts] = {
            "batch_id": [str(self.batch_id)] * size,
            "file_id": [str(file_id)] * size,
            "source": [self.source] * size,
            "line_no": list(map(str, block.line_nos)),
        }
        if block.beside:
            filled["beside"] = [TRUE] * size
        taken = _TAKEN[block.record]
        held = {n: texts for n, texts in block.columns.items() if n in taken and any(texts)}
        for flag in FLAGS & held.keys():
            held[flag] = [text or FALSE for text in held[flag]]
        text = _rows(filled | held)
        width = len(filled) + len(held)
        if "\\" in text or "\r" in text or _signs(text) != (size * (width - 1), size):
            clean = {name: [t.translate(_ESCAPES) for t in texts] for name, texts in held.items()}
            text = _rows(filled | clean)
        return (*filled, *held), text


def _rows(filled: dict[str, Texts]) -> str:
    return "\n".join(map("\t".join, zip(*filled.values(), strict=True))) + "\n"


def _signs(text: str) -> tuple[int, int]:
    return text.count("\t"), text.count("\n")
