"""A sound file of every kind, of any length: for tests of memory, of damage and of reading."""

import io
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook

from ingestion.definition.section import Section
from ingestion.sources import KINDS
from ingestion.sources.rows import Reject, SourceRow

OPTIONS: dict[str, dict[str, Any]] = {
    "delimited": {
        "delimiter": ";",
        "header": {"tag": "H", "fields": ["made_at"]},
        "trailer": {"tag": "T", "total_of": ["amount"]},
    },
    "fixed_width": {
        "tag": [1, 2],
        "header": {"tag": "00", "fields": {"made_at": [3, 16]}},
        "records": {"TR": {"ref": [3, 12], "day": [13, 22], "amount": [23, 34]}},
        "trailer": {
            "tag": "99",
            "fields": {"count": [3, 12], "total": [13, 34]},
            "total_of": "amount",
        },
    },
    "json_pages": {},
    "json_lines": {
        "part": "type",
        "header": {"tag": "head"},
        "trailer": {"tag": "tail", "total_of": "amount"},
    },
    "xlsx": {
        "names_row": 3,
        "header": {"made_at": "B1"},
        "trailer": {"tag": "Total", "total": "amount", "total_of": "amount"},
    },
    "ofx": {},
    "mt940": {},
    "camt053": {},
    "sql_dump": {"made_at_after": "dump of"},
}


class Text:
    """A text as readers see a landed file."""

    def __init__(self, text: str) -> None:
        self._text = text

    def lines(self) -> Iterator[tuple[int, str]]:
        return enumerate(io.StringIO(self._text, newline="\n"), 1)

    def text(self) -> str:
        return self._text


class Made:
    """A text that is made while it is read, so that it takes no memory itself."""

    def __init__(self, kind: str, rows: int) -> None:
        self._kind, self._rows = kind, rows

    def lines(self) -> Iterator[tuple[int, str]]:
        return enumerate(lines(self._kind, self._rows), 1)


def options(kind: str, table: dict[str, Any] | None = None) -> Any:
    """The checked options of a kind; the specimen's own without a table."""
    mistakes: list[str] = []
    section = Section("x.toml", "format", OPTIONS[kind] if table is None else table, mistakes)
    found = KINDS[kind].parse_options(section)
    section.used.add("kind")
    section.close()
    assert mistakes == []
    return found


def read(kind: str, source: Any, table: dict[str, Any] | None = None):
    """Header, rows and rejects of a text."""
    text = Text(source) if isinstance(source, str) else source
    reading = KINDS[kind].open_file(text, options(kind, table))
    rows: list[SourceRow] = []
    rejects: list[Reject] = []
    for some_rows, some_rejects in reading.chunks:
        rows += some_rows
        rejects += some_rejects
    return reading.header, rows, rejects


def specimen(kind: str, rows: int = 3) -> str:
    """The text of a sound file."""
    return "".join(lines(kind, rows))


def lines(kind: str, rows: int) -> Iterator[str]:
    """The lines of a sound file of that many records of 1.50 each."""
    return MAKERS[kind](rows)


def workbook(rows: int = 3) -> bytes:
    """A sound workbook's bytes."""
    made = Workbook(write_only=True)
    sheet = made.create_sheet("Holdings")
    sheet.append(["made at", "2025-01-31 18:00:00"])
    sheet.append([])
    sheet.append(["ref", "day", "amount"])
    for number in range(rows):
        sheet.append([f"R{number}", "2025-01-31", 1.5])
    sheet.append(["Total", None, rows * 1.5])
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def _delimited(rows: int) -> Iterator[str]:
    yield "H;2025-01-31T18:00:00Z\n"
    yield "ref;day;amount\n"
    for number in range(rows):
        yield f"R{number};2025-01-31;1.50\n"
    yield f"T;{rows};{rows * 1.5:.2f}\n"


def _fixed_width(rows: int) -> Iterator[str]:
    yield "0020250131180000\n"
    for number in range(rows):
        yield f"TRR{number:<9}2025-01-31{'1.50':>12}\n"
    yield f"99{rows:<10}{rows * 1.5:>22.2f}\n"


def _json_pages(rows: int) -> Iterator[str]:
    yield '{"resource": "quotes", "results": [\n'
    for number in range(rows):
        comma = "," if number < rows - 1 else ""
        yield f'{{"ref": "R{number}", "day": "2025-01-31", "sum": {{"amount": 1.50}}}}{comma}\n'
    yield '], "made_at": "2025-01-31T18:00:00Z"}\n'


def _json_lines(rows: int) -> Iterator[str]:
    yield '{"type": "head", "made_at": "2025-01-31T18:00:00Z"}\n'
    for number in range(rows):
        fields = f'"ref": "R{number}", "amount": 1.50, "at": {{"day": "2025-01-31"}}'
        yield f'{{"type": "trade", {fields}}}\n'
    yield f'{{"type": "tail", "count": {rows}, "total": "{rows * 1.5:.2f}"}}\n'


def _xlsx(rows: int) -> Iterator[str]:
    yield "Holdings!1\tmade at\t2025-01-31 18:00:00\n"
    yield "Holdings!2\n"
    yield "Holdings!3\tref\tday\tamount\n"
    for number in range(rows):
        yield f"Holdings!{number + 4}\tR{number}\t2025-01-31\t1.5\n"
    yield f"Holdings!{rows + 4}\tTotal\t\t{rows * 1.5}\n"


def _ofx(rows: int) -> Iterator[str]:
    yield "OFXHEADER:100\n"
    yield "<OFX><SIGNONMSGSRSV1><SONRS><DTSERVER>20250131180000[-5:EST]<LANGUAGE>ENG\n"
    yield "</SONRS></SIGNONMSGSRSV1><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD\n"
    yield "<BANKACCTFROM><BANKID>1<ACCTID>7-40101</BANKACCTFROM><BANKTRANLIST>\n"
    for number in range(rows):
        yield "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20250131\n"
        yield f"<TRNAMT>-1.50<FITID>R{number}<MEMO>A&amp;B\n"
        yield "</STMTTRN>\n"
    yield f"</BANKTRANLIST><LEDGERBAL><BALAMT>-{rows * 1.5:.2f}<DTASOF>20250131</LEDGERBAL>\n"
    yield "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"


def _mt940(rows: int) -> Iterator[str]:
    yield "{1:F01BANKXX}{2:I940X}{4:\n"
    yield ":20:REF1\n"
    yield ":25:7-40101\n"
    yield ":28C:12/1\n"
    yield ":13D:2501311800+0100\n"
    yield ":60F:C250130USD100,00\n"
    for number in range(rows):
        yield f":61:2501310131C1,50NTRFR{number}//B{number}\n"
        yield ":86:SAFEKEEPING\n"
        yield "FEE\n"
    yield f":62F:C250131USD{100 + rows * 1.5:.2f}\n".replace(".", ",")
    yield "-}\n"


def _camt053(rows: int) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>\n'
    yield "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2025-01-31T18:00:00Z</CreDtTm></GrpHdr>\n"
    yield "<Stmt><Id>S1</Id><ElctrncSeqNb>12</ElctrncSeqNb>\n"
    yield "<Acct><Id><Othr><Id>7-40101</Id></Othr></Id><Ccy>USD</Ccy></Acct>\n"
    for code, amount in (("OPBD", "100.00"), ("CLBD", f"{100 + rows * 1.5:.2f}")):
        yield f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>\n"
        yield f'<Amt Ccy="USD">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>\n'
        yield "<Dt><Dt>2025-01-31</Dt></Dt></Bal>\n"
    yield f"<TxsSummry><TtlNtries><NbOfNtries>{rows}</NbOfNtries></TtlNtries></TxsSummry>\n"
    for number in range(rows):
        yield f'<Ntry><NtryRef>R{number}</NtryRef><Amt Ccy="USD">1.50</Amt>\n'
        yield "<CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2025-01-31</Dt>\n"
        yield "</BookgDt><ValDt><Dt>2025-01-31</Dt></ValDt><AddtlNtryInf>A &amp; B</AddtlNtryInf>\n"
        yield "</Ntry>\n"
    yield "</Stmt></BkToCstmrStmt></Document>\n"


def _sql_dump(rows: int) -> Iterator[str]:
    yield "-- dump of 2025-01-31T18:00:00Z\n"
    yield "CREATE TABLE t (ref text, day date, amount numeric(9, 2));\n"
    yield "INSERT INTO t (ref, day, amount) VALUES\n"
    for number in range(rows):
        yield f"('R{number}', '2025-01-31', 1.50){',' if number < rows - 1 else ';'}\n"


MAKERS = {
    "delimited": _delimited,
    "fixed_width": _fixed_width,
    "json_pages": _json_pages,
    "json_lines": _json_lines,
    "xlsx": _xlsx,
    "ofx": _ofx,
    "mt940": _mt940,
    "camt053": _camt053,
    "sql_dump": _sql_dump,
}
