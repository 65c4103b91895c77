"""One statement of a camt.053 message: its columns, and its sums held against each other."""

from decimal import Decimal, InvalidOperation

from ingestion.sources.camt053.elements import Element
from ingestion.sources.rows import FileRefused, Values

_OPENING = ("OPBD", "PRCD")
_CLOSING = "CLBD"


def entry(element: Element) -> Values:
    """The columns of an entry; the same for every entry, empty where it says nothing."""
    code = [element.text(f"BkTxCd.Domn.{name}") for name in ("Cd", "Fmly.Cd", "Fmly.SubFmlyCd")]
    detail = "NtryDtls.TxDtls."
    narrative = [*element.texts(f"{detail}RmtInf.Ustrd"), *element.texts("AddtlNtryInf")]
    return {
        "entry_ref": element.text("NtryRef"),
        "servicer_ref": element.text("AcctSvcrRef", f"{detail}Refs.AcctSvcrRef"),
        "end_to_end_id": element.text(f"{detail}Refs.EndToEndId"),
        "amount": element.text("Amt"),
        "currency": element.text("Amt.@Ccy"),
        "mark": element.text("CdtDbtInd"),
        "reversal": element.text("RvslInd"),
        "status": element.text("Sts.Cd", "Sts"),
        "booked_on": _day(element, "BookgDt"),
        "value_on": _day(element, "ValDt") or _day(element, "BookgDt"),
        "code": "-".join(part for part in code if part) or None,
        "proprietary": element.text("BkTxCd.Prtry.Cd"),
        "counterparty": element.text(
            *(
                f"{detail}RltdPties.{who}.{name}"
                for who in ("Dbtr", "Cdtr")
                for name in ("Nm", "Pty.Nm")
            )
        ),
        "narrative": " / ".join(narrative) or None,
    }


def balance(element: Element) -> Values:
    """The columns of a balance."""
    return {
        "code": element.text("Tp.CdOrPrtry.Cd", "Tp.CdOrPrtry.Prtry"),
        "amount": element.text("Amt"),
        "currency": element.text("Amt.@Ccy"),
        "mark": element.text("CdtDbtInd"),
        "day": _day(element, "Dt"),
    }


def _day(element: Element, name: str) -> str | None:
    found = element.text(f"{name}.Dt", f"{name}.DtTm", name)
    return found[:10] if found else None


class Statement:
    """What rows carry of their statement, and its sums so far."""

    def __init__(self) -> None:
        names = ("statement_id", "sequence", "account", "account_currency")
        self.values: Values = dict.fromkeys(names)
        self._period: dict[str, str] = {"first_day": "", "last_day": ""}
        self._opening: Decimal | None = None
        self._closing: Decimal | None = None
        self._net = Decimal(0)
        self._gross = Decimal(0)
        self._entries = 0
        self._promised: tuple[str | None, str | None] = (None, None)

    def header(self) -> dict[str, str]:
        """The statement's own columns as a file's header."""
        return {name: text or "" for name, text in self.values.items()} | self._period

    def learn(self, name: str, text: str) -> None:
        """Takes its id or its number; the electronic number goes before the legal one."""
        if name == "Id":
            self.values["statement_id"] = text or None
        elif name == "ElctrncSeqNb" or not self.values["sequence"]:
            self.values["sequence"] = text or None

    def account(self, element: Element) -> None:
        """Takes its account."""
        self.values["account"] = element.text("Id.IBAN", "Id.Othr.Id")
        self.values["account_currency"] = element.text("Ccy")

    def period(self, element: Element) -> None:
        """Takes the days it is about."""
        for name, path in (("first_day", "FrDtTm"), ("last_day", "ToDtTm")):
            self._period[name] = (element.text(path, path.removesuffix("Tm")) or "")[:10]

    def balance(self, values: Values) -> None:
        """Takes an opening or closing balance."""
        if values["code"] in _OPENING and self._opening is None:
            self._opening = _signed(values)
        elif values["code"] == _CLOSING:
            self._closing = _signed(values)

    def summary(self, element: Element) -> None:
        """Takes the number and sum of entries it promises."""
        self._promised = (element.text("TtlNtries.NbOfNtries"), element.text("TtlNtries.Sum"))

    def count(self, values: Values) -> None:
        """Counts an entry; what is only pending or a note changes no balance."""
        amount = _signed(values)
        self._entries += 1
        if amount is not None:
            self._gross += abs(amount)
            self._net += amount if values["status"] in (None, "BOOK") else 0

    def check(self, balances: bool) -> None:
        """Refuses the file when its sums do not agree."""
        number, total = self._promised
        if number is not None and _number(number) != self._entries:
            self._refuse(f"promises {number} entries and holds {self._entries}")
        if total is not None and _number(total) != self._gross:
            self._refuse(f"promises entries of {total} in all and holds {self._gross:f}")
        if not balances or self._opening is None or self._closing is None:
            return
        if self._opening + self._net != self._closing:
            self._refuse(
                f"opens with {self._opening:f}, moves by {self._net:f}"
                f" and closes with {self._closing:f}"
            )

    def _refuse(self, what: str) -> None:
        name = self.values["statement_id"]
        raise FileRefused(
            "TRAILER_MISMATCH",
            f"statement {name} {what}",
            f"The statement {name} {what}: the file is rejected whole.",
            self._entries,
        )


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal(text or "")
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _signed(values: Values) -> Decimal | None:
    amount = _number(values["amount"])
    return -amount if amount is not None and values["mark"] == "DBIT" else amount
