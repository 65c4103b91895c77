"""Reads OFX: each transaction, position, security and balance is a row of its own part."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.definition.section import Section
from ingestion.sources.encodings import encoding
from ingestion.sources.ofx.tags import DEPTH_MAX, Tag, tags
from ingestion.sources.rows import (
    Chunk,
    ChunkBuilder,
    FileRefused,
    Lines,
    Reading,
    SourceRow,
    Values,
)
from ingestion.sources.window import pieces

# Groups that are a record, by name; each is a part under that name.
RECORDS = frozenset({
    "STMTTRN", "INVBANKTRAN", "LEDGERBAL", "AVAILBAL", "INVBAL", "BUYDEBT", "BUYMF", "BUYOPT",
    "BUYOTHER", "BUYSTOCK", "SELLDEBT", "SELLMF", "SELLOPT", "SELLOTHER", "SELLSTOCK",
    "INCOME", "REINVEST", "RETOFCAP", "SPLIT", "TRANSFER", "INVEXPENSE", "JRNLFUND", "JRNLSEC",
    "MARGININTEREST", "CLOSUREOPT", "POSDEBT", "POSMF", "POSOPT", "POSOTHER", "POSSTOCK",
    "DEBTINFO", "MFINFO", "OPTINFO", "OTHERINFO", "STOCKINFO",
})  # fmt: skip
STATEMENTS = ("STMTRS", "CCSTMTRS", "INVSTMTRS", "SECLIST")
VALUES_MAX = 2_000
# Values that some banks leave empty: in OFX 1 they then look like the opening of a group.
EMPTY_VALUES = frozenset({
    "MEMO", "NAME", "CHECKNUM", "REFNUM", "PAYEEID", "SIC", "ORG", "FID", "LANGUAGE",
    "MESSAGE",
})  # fmt: skip
# Parts of an hour in an offset, as tenths, hundredths or minutes: India is +5.5, +5.50 and +5.30.
_PARTS_OF_AN_HOUR = {"5": 30, "50": 30, "30": 30, "45": 45, "75": 45, "25": 15, "15": 15}

_TIME = re.compile(
    r"([0-9]{4})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})([0-9]{2})?(?:\.[0-9]{1,6})?)?"
    r"(?:\[([+-]?[0-9]{1,2})(?:\.([0-9]{1,2}))?(?::[A-Za-z]*)?\])?"
)


@dataclass(frozen=True)
class OfxOptions:
    """How the file is encoded; all else is said by the format."""

    encoding: str


def parse_options(section: Section) -> OfxOptions:
    """The options of a ``[file.format]`` table of kind ofx."""
    return OfxOptions(encoding(section))


def open_file(lines: Lines, options: OfxOptions) -> Reading:
    """The sign-on's values as header, and the rows of all statements."""
    source = tags(pieces(lines))
    walk = _Walk()
    for tag in source:
        walk.take(tag)
        if tag.kind == "open" and tag.name in STATEMENTS:
            break
    if not walk.is_ofx:
        raise FileRefused("UNREADABLE_FILE", "not an OFX file: it has no <OFX>")
    if not walk.statement:
        raise FileRefused("NO_STATEMENT", "the OFX file holds no statement")
    return Reading(walk.header, _chunks(source, walk))


def _chunks(source: Iterator[Tag], walk: "_Walk") -> Iterator[Chunk]:
    building = ChunkBuilder()
    for tag in source:
        row = walk.take(tag)
        if row is not None:
            building.rows.append(row)
        if building.full:
            yield building.take()
    walk.end()
    yield building.take()


@dataclass
class _Walk:
    """Where in the file the reader is, and what is known of the statement around it."""

    header: dict[str, str] = field(default_factory=dict)
    is_ofx: bool = False
    statement: str = ""
    _path: list[str] = field(default_factory=list)
    _known: Values = field(default_factory=dict)
    _row: SourceRow | None = None
    _depth: int = 0
    _rows: int = 0

    def take(self, tag: Tag) -> SourceRow | None:
        """The row that this tag completes, if it does."""
        if tag.kind == "value":
            self._value(tag)
        elif tag.kind == "open":
            self._open(tag)
        elif tag.name in self._path:
            return self._close(tag)
        return None

    def end(self) -> None:
        """FileRefused when the file ends inside its groups: it is cut off."""
        if self._path:
            raise FileRefused(
                "TRAILER_MISMATCH",
                f"the file ends inside <{self._path[-1]}>",
                "The file ends before its last group: it is cut off and rejected whole.",
                self._rows,
            )

    def _open(self, tag: Tag) -> None:
        self.is_ofx = self.is_ofx or tag.name == "OFX"
        if not self.is_ofx or tag.name in EMPTY_VALUES:
            return
        self._path.append(tag.name)
        if len(self._path) > DEPTH_MAX:
            raise FileRefused("UNREADABLE_FILE", f"line {tag.line}: nested too deeply")
        if tag.name in STATEMENTS:
            self.statement, self._known = tag.name, {}
            self._depth = len(self._path)
        elif tag.name in RECORDS and self._row is None and self.statement in self._path:
            self._row = SourceRow(tag.line, {}, tag.name)
            self._depth = len(self._path)

    def _close(self, tag: Tag) -> SourceRow | None:
        """Leaves a group, and with it any value inside that was empty and looked like one."""
        at = len(self._path) - 1 - self._path[::-1].index(tag.name)
        del self._path[at:]
        if self._row is None or len(self._path) >= self._depth:
            return None
        row, self._row = self._row, None
        self._rows += 1
        if self.statement in self._path:
            self._depth = self._path.index(self.statement) + 1
        return SourceRow(row.line_no, self._known | row.values, row.part)

    def _value(self, tag: Tag) -> None:
        if not self._path:
            return
        inside = self.statement in self._path
        names = [*self._path[self._depth :], tag.name] if inside else [tag.name]
        name = ".".join(names)
        found = _with_days(name, tag.text)
        target: Values = self._row.values if self._row is not None else self._known
        if inside:
            for key, text in found.items():
                target.setdefault(key, text)
        else:
            self.header |= {key: text or "" for key, text in found.items()}
        if len(target) > VALUES_MAX or len(self.header) > VALUES_MAX:
            raise FileRefused("UNREADABLE_FILE", f"line {tag.line}: a group without end")


def _with_days(name: str, text: str) -> Values:
    """The value; a time also as its day, both in ISO writing where they are well-formed."""
    if not name.rpartition(".")[2].startswith("DT"):
        return {name: text}
    found = _TIME.fullmatch(text)
    if found is None:
        return {name: text, f"{name}.day": text}
    day = f"{found[1]}-{found[2]}-{found[3]}"
    hours, minutes = int(found[7] or 0), _PARTS_OF_AN_HOUR.get(found[8] or "", 0)
    minus = (found[7] or "").startswith("-")
    offset = f"{'-' if minus else '+'}{abs(hours):02}:{minutes:02}"
    clock = f"{found[4] or '00'}:{found[5] or '00'}:{found[6] or '00'}"
    return {name: f"{day}T{clock}{offset}", f"{name}.day": day}
