"""Reads camt.053 statements of any version: entries and balances as rows, each with its line."""

from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.definition.section import Section
from ingestion.sources.camt053.elements import Element, elements
from ingestion.sources.camt053.statement import Statement, balance, entry
from ingestion.sources.encodings import encoding
from ingestion.sources.rows import Chunk, ChunkBuilder, FileRefused, Lines, Reading, SourceRow
from ingestion.sources.window import pieces

# What is booked, what is expected, and what is only told.
PARTS_BY_STATUS = {"PDNG": "pending", "FUTR": "pending", "INFO": "note"}

_MESSAGE = ("Document", "BkToCstmrStmt")
_GROUP = (*_MESSAGE, "GrpHdr")
_STATEMENT = (*_MESSAGE, "Stmt")
_PARTS = {name: (*_STATEMENT, name) for name in ("Acct", "FrToDt", "Bal", "TxsSummry", "Ntry")}
_WANTED = {_GROUP, *_PARTS.values()}


@dataclass(frozen=True)
class CamtOptions:
    """Whether opening balance, entries and closing balance must agree."""

    encoding: str
    balances: bool


def parse_options(section: Section) -> CamtOptions:
    """The options of a ``[file.format]`` table of kind camt053."""
    return CamtOptions(encoding(section), section.flag("balances", True))


def open_file(lines: Lines, options: CamtOptions) -> Reading:
    """The message's header with its first statement's, and its entries and balances as rows."""
    source = elements(pieces(lines), _WANTED)
    statement = Statement()
    header: dict[str, str] = {}
    for element in source:
        if element.path == _GROUP:
            header = _group(element)
        elif element.path in (_PARTS["Bal"], _PARTS["Ntry"]):
            return Reading(
                header | statement.header(), _chunks(source, element, statement, options)
            )
        else:
            _learn(element, statement)
    if not statement.values["statement_id"]:
        raise FileRefused("NO_STATEMENT", "the document holds no camt.053 statement")
    return Reading(header | statement.header(), iter(()))


def _group(element: Element) -> dict[str, str]:
    return {
        "message_id": element.text("MsgId") or "",
        "made_at": element.text("CreDtTm") or "",
        "page": element.text("MsgPgntn.PgNb") or "",
    }


def _learn(element: Element, statement: Statement) -> None:
    """What a statement says about itself before its balances and entries."""
    name = element.path[-1]
    if element.path == _PARTS["Acct"]:
        statement.account(element)
    elif element.path == _PARTS["FrToDt"]:
        statement.period(element)
    elif element.path[:-1] == _STATEMENT and name in ("Id", "ElctrncSeqNb", "LglSeqNb"):
        statement.learn(name, element.text("") or "")


def _chunks(
    source: Iterator[Element], first: Element, statement: Statement, options: CamtOptions
) -> Iterator[Chunk]:
    building = ChunkBuilder()
    element: Element | None = first
    while element is not None:
        if element.path == _PARTS["Ntry"]:
            values = entry(element) | statement.values
            statement.count(values)
            part = PARTS_BY_STATUS.get(values["status"] or "", "entry")
            building.rows.append(SourceRow(element.line, values, part))
        elif element.path == _PARTS["Bal"]:
            values = balance(element) | statement.values
            statement.balance(values)
            building.rows.append(SourceRow(element.line, values, "balance"))
        elif element.path == _PARTS["TxsSummry"]:
            statement.summary(element)
        elif element.path == _STATEMENT and element.ended:
            statement.check(options.balances)
            statement = Statement()
        else:
            _learn(element, statement)
        if building.full:
            yield building.take()
        element = next(source, None)
    yield building.take()
