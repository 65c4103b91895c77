"""Damaged files by the thousand, through landing, readers and mapping, without a database.

    python -m ingestion.tests.fuzz --minutes 10 [--seed 1]

Each input must end as rows and rejects, each with a line and a sentence, or as a refusal with a
sentence. The tests run a few hundred of them (test_fuzz.py); run it longer after changing a reader.
"""

import argparse
import gzip
import io
import random
import resource
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

from ingestion.definition.load import load_text
from ingestion.definition.model import Definition, FileKind
from ingestion.definition.section import BadDefinition
from ingestion.landing.cut import chunks
from ingestion.mapping.style import Style
from ingestion.sources import CONTAINERS, KINDS
from ingestion.sources.rows import FileRefused, Reading, Reject
from ingestion.tests.mapped import map_rows
from ingestion.tests.specimens import options, specimen, workbook

RULES = """
[source]
name = "fuzz"
[units]
GBX = "GBP"
[[file]]
name = "any"
pattern = "*"
format = { kind = "delimited", delimiter = ";" }
[[file.record]]
is = "posting"
[file.record.fields]
portfolio_key = { value = "7-40101" }
posting_no = "@ref"
posting_code = { value = "SFE" }
booked_on = { first = ["@day", "@ref"] }
on_day = "@day"
amount = { column = "@amount", sign = { column = "@mark", minus = ["DBIT", "D"] } }
currency = { column = "@ref", words = { X = "EUR" }, otherwise = "USD" }
narrative = { first = ["@text", "@ref"], after = "A", trim = true }
known_from = [{ header = "made_at" }, { header = "DTSERVER" }, { end_of_day = "@day" }]
[[file.record.listing]]
scheme = "ISIN"
value = "@ref"
[[file.record]]
is = "event"
beside = true
[file.record.fields]
reference = { column = "@ref", upper = true, replace = { R = "T" } }
version = { column = "@ref", words = { NEW = "1" }, otherwise = "2" }
kind = { value = "CUSTODY_FEE" }
on_day = { column = "@day", when = { "@ref" = ["R0", "R1"] } }
units = { column = "@amount", factor = "0.01" }
gross_amount = { column = "@amount", minus = "@amount" }
portfolio_key = { column = "@ref", part = 1, separator = "0" }
executed_at = { start_of_day = "@day" }
known_from = { end_of_day = "@day" }
"""
# Where each kind's specimen has its reference, day, amount, debit mark and text.
COLUMNS = {
    "delimited": ("ref", "day", "amount", "ref", "ref"),
    "fixed_width": ("ref", "day", "amount", "ref", "ref"),
    "json_pages": ("ref", "day", "sum.amount", "ref", "ref"),
    "json_lines": ("ref", "at.day", "amount", "type", "ref"),
    "xlsx": ("ref", "day", "amount", "ref", "ref"),
    "ofx": ("FITID", "DTPOSTED.day", "TRNAMT", "TRNTYPE", "MEMO"),
    "mt940": ("customer_ref", "value_on", "amount", "mark", "narrative"),
    "camt053": ("entry_ref", "value_on", "amount", "mark", "narrative"),
    "sql_dump": ("ref", "day", "amount", "ref", "ref"),
}
PARTS = {
    "fixed_width": "TR", "json_lines": "trade", "ofx": "STMTTRN", "mt940": "entry",
    "camt053": "entry", "sql_dump": "t",
}  # fmt: skip
STYLES = (
    Style(),
    Style(decimal=",", thousands=(".",), sign_after=True, parentheses=True),
    Style(days=("DD.MM.YYYY", "YYYY-MM-DD"), times=("DD.MM.YYYY hh:mm",), zone="Europe/Paris"),
)
NASTY = (
    "", "NaN", "Infinity", "-0", "1e9999", "1.234,56-", "2025-02-31", "31.02.2025", "9" * 60,
    "\x00", "\ufeff", "\r", "\r\n", "\n\n", "\u2028", "\x1a", '"', "'", "''", "<", ">", "&#0;",
    "&amp", "]]>", "<![CDATA[", "<!DOCTYPE a>", "{", "[", "}", "]", "\\ud800", "\\u0000", ";", "|",
    "\t", ",", ":61:", ":86:", "-}", "{4:", "<STMTTRN>", "</OFX>", "٣", "−5", "1_000", "T;3;4.50",
    "Total", "--", "/*", "CREATE TABLE", "INSERT INTO t VALUES (", "[" * 2000, "{\"a\":" * 300,
    "x" * 200_000,
)  # fmt: skip


def rules(kind: str) -> str:
    """The text of a definition that maps a kind's specimen."""
    text = RULES
    names = ("@ref", "@day", "@amount", "@mark", "@text")
    for mark, column in zip(names, COLUMNS[kind], strict=True):
        text = text.replace(mark, column)
    return text


@cache
def definition(kind: str) -> Definition:
    """The rules a kind's specimen is mapped by."""
    return load_text(rules(kind), "fuzz.toml")


def kind_of(kind: str, style: Style) -> FileKind:
    """The specimen's kind of file, with the rules for its part."""
    [file] = definition(kind).files
    wanted = options(kind)
    if hasattr(wanted, "style"):
        wanted = replace(wanted, style=style)
    mapped = tuple(replace(rule, part=PARTS.get(kind, "")) for rule in file.records)
    ignored = ("balance", "LEDGERBAL")
    return replace(
        file, format_kind=kind, options=wanted, records=mapped, style=style, ignored_parts=ignored
    )


def mutate(data: bytes, rng: random.Random) -> bytes:
    """The bytes after some damage."""
    for _ in range(rng.choice((0, 1, 1, 2, 3, 8))):
        data = rng.choice(DAMAGES)(data, rng)[:2_000_000]
    return data


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _flip(data: bytes, rng: random.Random) -> bytes:
    held = bytearray(data)
    for _ in range(rng.randrange(1, 20)):
        if held:
            held[rng.randrange(len(held))] = rng.randrange(256)
    return bytes(held)


def _insert(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    word = rng.choice(NASTY).encode(rng.choice(("utf-8", "utf-16", "latin-1")), "replace")
    return data[:at] + word + data[at + rng.choice((0, 0, 1, 5)) :]


def _repeat(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    at = rng.randrange(len(lines))
    return b"".join(lines[:at] + [lines[at]] * rng.choice((0, 2, 3, 50)) + lines[at + 1 :])


def _swap(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def _noise(data: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(rng.choice((0, 1, 100, 5000)))


def _words(data: bytes, rng: random.Random) -> bytes:
    """Some field replaced: between two marks there is another text."""
    mark = rng.choice((b";", b"\t", b'"', b">", b":", b" ", b","))
    fields = data.split(mark)
    fields[rng.randrange(len(fields))] = rng.choice(NASTY).encode("utf-8", "replace")
    return mark.join(fields)


Damage = Callable[[bytes, random.Random], bytes]
DAMAGES: tuple[Damage, ...] = (
    _cut,
    _flip,
    _insert,
    _insert,
    _repeat,
    _swap,
    _noise,
    _words,
    _words,
)


class Landed:
    """Chunks as landing cuts them, for readers."""

    def __init__(self, data: bytes, kind: FileKind) -> None:
        module = KINDS[kind.format_kind]
        if hasattr(module, "text_parts"):
            parts: Iterator[bytes] = module.text_parts(io.BytesIO(data), kind.options)
        else:
            parts = (data[at : at + 65_536] for at in range(0, len(data), 65_536))
        self._chunks = list(chunks(parts, "utf-8-sig"))

    def lines(self) -> Iterator[tuple[int, str]]:
        for chunk in self._chunks:
            yield from enumerate(io.StringIO(chunk.body, newline="\n"), chunk.first_line)

    def text(self) -> str:
        return "".join(chunk.body for chunk in self._chunks)


def taken(data: bytes, kind: FileKind) -> str:
    """What became of a file; AssertionError when something has no sentence."""
    try:
        landed = Landed(data, kind)
        reading: Reading = KINDS[kind.format_kind].open_file(landed, kind.options)
        assert all(isinstance(text, str) for text in reading.header.values())
        found = Counter[str]()
        for rows, rejects in reading.chunks:
            mapped = list(map_rows(definition(kind.format_kind), kind, reading.header, rows))
            for reject in [*rejects, *(each for each in mapped if isinstance(each, Reject))]:
                assert reject.line_no > 0
                assert reject.sentence.endswith(".")
                found["rejects"] += 1
            found["rows"] += len(rows)
    except FileRefused as refusal:
        return _refused(refusal)
    return "rows" if found["rows"] > found["rejects"] else "rejects"


def _refused(*refusals: FileRefused) -> str:
    assert refusals
    for refusal in refusals:
        assert refusal.sentence.endswith((".", "?"))
    return f"refused {refusals[0].code}"


def one(rng: random.Random) -> str:
    """Damages one input of some kind and takes it; its kind and what became of it."""
    what = rng.choice([*KINDS, *CONTAINERS, "definition"])
    if what in CONTAINERS:
        return f"{what}: {_container(what, rng)}"
    if what == "definition":
        return f"{what}: {_definition(rng)}"
    kind = kind_of(what, rng.choice(STYLES))
    rows = rng.choice((0, 1, 3, 40))
    if what == "xlsx" and rng.random() < 0.5:
        data = _damaged_workbook(rows, rng)
    elif what == "xlsx":
        # Its text is what the reader sees; a damaged one stands for a strange workbook.
        return f"{what}: {_rendered(mutate(specimen(what, rows).encode(), rng), kind)}"
    else:
        data = mutate(specimen(what, rows).encode(), rng)
    return f"{what}: {taken(data, kind)}"


def _rendered(data: bytes, kind: FileKind) -> str:
    plain = replace(kind, format_kind="json_lines")
    try:
        landed = Landed(data, plain)
        reading = KINDS["xlsx"].open_file(landed, kind.options)
        for rows, _ in reading.chunks:
            list(map_rows(definition(kind.format_kind), kind, reading.header, rows))
    except FileRefused as refusal:
        return _refused(refusal)
    return "rows"


def _damaged_workbook(rows: int, rng: random.Random) -> bytes:
    """A workbook with damage in its bytes, or in one of the files inside."""
    data = workbook(rows)
    if rng.random() < 0.3:
        return mutate(data, rng)
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(held, "w") as target:
        names = source.namelist()
        hit = rng.choice(names)
        for name in names:
            inner = source.read(name)
            target.writestr(name, mutate(inner, rng) if name == hit else inner)
    return held.getvalue()


def _container(what: str, rng: random.Random) -> str:
    text = specimen("delimited").encode()
    held = io.BytesIO()
    if what == "gz":
        held.write(gzip.compress(text))
    else:
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(rng.choice((0, 1, 3))):
                archive.writestr(f"{number}.csv", text)
    damaged = io.BytesIO(mutate(held.getvalue(), rng))
    try:
        for member in CONTAINERS[what].members(damaged, "a.csv.gz"):
            while member.stream.read(65_536):
                pass
    except FileRefused as refusal:
        return _refused(refusal)
    return "opened"


def _definition(rng: random.Random) -> str:
    data = mutate(rules(rng.choice([*KINDS])).encode(), rng)
    try:
        load_text(data.decode("utf-8", "replace"), "x.toml")
    except BadDefinition as error:
        return _refused(*(FileRefused("DEFINITION", "", each) for each in error.sentences))
    return "loaded"


def run(seed: int, *, count: int | None = None, minutes: float = 0) -> Counter[str]:
    """What became of that many inputs, or of as many as fit into the time."""
    found = Counter[str]()
    until = time.monotonic() + minutes * 60
    number = 0
    while number < count if count is not None else time.monotonic() < until:
        try:
            found[one(random.Random(f"{seed}/{number}"))] += 1
        except Exception:
            sys.stderr.write(f"input {seed}/{number} broke a reader\n")
            raise
        number += 1
    return found


def main() -> None:
    """Runs for some minutes and prints what became of the inputs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found = run(given.seed, minutes=given.minutes)
    for what, number in sorted(found.items()):
        sys.stdout.write(f"{number:>9} {what}\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{found.total():>9} inputs; at most {peak} MB of memory\n")


if __name__ == "__main__":
    main()
