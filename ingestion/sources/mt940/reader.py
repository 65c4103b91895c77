"""Reads MT940 messages: statement lines and balances as rows, each with the line it starts on."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from ingestion.definition.section import Section
from ingestion.sources.encodings import encoding
from ingestion.sources.mt940.fields import BadField, Field, fields, read
from ingestion.sources.mt940.statement import Statement
from ingestion.sources.rows import (
    Chunk,
    ChunkBuilder,
    FileRefused,
    Lines,
    Reading,
    Reject,
    SourceRow,
    Values,
)


@dataclass(frozen=True)
class Mt940Options:
    """Whether opening balance, lines and closing balance must agree."""

    encoding: str
    balances: bool


def parse_options(section: Section) -> Mt940Options:
    """The options of a ``[file.format]`` table of kind mt940."""
    return Mt940Options(encoding(section), section.flag("balances", True))


def open_file(lines: Lines, options: Mt940Options) -> Reading:
    """The first statement's own fields as header, and the lines and balances of all of them."""
    source = fields(lines)
    held: list[Field] = []
    header = dict.fromkeys(("reference", "account", "statement_no", "sequence", "made_at"), "")
    for field in source:
        held.append(field)
        if field.tag[:2] in ("60", "61", "62") or (field.tag == "-" and header["reference"]):
            break
        _learn(header, field)
    if not header["reference"]:
        raise FileRefused(
            "NO_STATEMENT", "the file holds no MT940 statement, which starts with :20:"
        )
    return Reading(header, _chunks(chain(held, source), options))


def _learn(known: dict[str, str], field: Field) -> None:
    """What a statement says about itself before its lines."""
    if field.tag == "20":
        known["reference"] = field.text.strip()
    elif field.tag in ("25", "25P"):
        known["account"] = field.text.partition("\n")[0].strip()
    elif field.tag in ("28C", "28", "13D", "13"):
        try:
            parts = read(field)
        except BadField as problem:
            raise FileRefused("BAD_HEADER", f"line {field.line}: {problem}"[:-1]) from problem
        if field.tag[:2] == "28":
            known["statement_no"] = parts["statement_number"]
            known["sequence"] = parts["sequence_number"] or "1"
        else:
            known["made_at"] = _made_at(parts)


def _made_at(parts: dict[str, str]) -> str:
    offset = (
        parts["offset"] and f"{parts['offset_sign']}{parts['offset'][:2]}:{parts['offset'][2:]}"
    )
    day = f"20{parts['year']}-{parts['month']}-{parts['day']}"
    return f"{day}T{parts['hour']}:{parts['minute']}:00{offset or '+00:00'}"


def _chunks(source: Iterator[Field], options: Mt940Options) -> Iterator[Chunk]:
    building = ChunkBuilder()
    statement: Statement | None = None
    known = dict.fromkeys(("reference", "account", "statement_no", "sequence", "made_at"), "")
    for field in source:
        if field.tag == "20":
            if statement is not None:
                building.rows += statement.end(options.balances)
            known = dict.fromkeys(known, "")
            statement = Statement(field.line)
        if statement is None:
            continue
        _learn(known, field)
        if field.tag == "-":
            building.rows += statement.end(options.balances)
            statement = None
        else:
            _take(statement, field, known, building)
        if building.full:
            yield building.take()
    if statement is not None:
        building.rows += statement.end(options.balances)
    yield building.take()


def _take(
    statement: Statement, field: Field, known: dict[str, str], building: ChunkBuilder
) -> None:
    """Takes a field; a line is a row when the field after it is not its narrative."""
    known_now: Values = {name: text or None for name, text in known.items() if name != "made_at"}
    if field.tag == "86":
        statement.narrative(field.text)
        return
    building.rows += statement.whole()
    try:
        if field.tag == "61":
            statement.line(field, known_now)
        elif field.tag[:2] in ("60", "62", "64"):
            values = statement.balance(field, known_now)
            building.rows.append(SourceRow(field.line, values, "balance"))
    except BadField as problem:
        statement.spoilt = True
        building.rejects.append(Reject(field.line, str(problem)))
