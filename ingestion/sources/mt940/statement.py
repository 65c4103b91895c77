"""One MT940 statement: its lines as rows, and its sum held against its balances."""

from decimal import Decimal

from ingestion.sources.mt940.fields import Field, amount, day, entry_day, read
from ingestion.sources.rows import FileRefused, SourceRow, Values

_BALANCES = {"60": "opening", "62": "closing", "64": "available"}
# A reversed credit lowers the balance, as a debit does.
_MINUS = ("D", "RC")


class Statement:
    """A message being read, from its field 20 to its end."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._count = 0
        self._currency: str | None = None
        self._opening: Decimal | None = None
        self._closing: Decimal | None = None
        self._net = Decimal(0)
        self._waiting: SourceRow | None = None
        self.spoilt = False  # a line was unreadable, so that the sums cannot agree

    def line(self, field: Field, known: Values) -> None:
        """Begins the row of a field 61, whose narrative may follow."""
        self._count += 1
        parts = read(field)
        value_day, mark, size = day(parts), parts["status"].upper(), amount(parts)
        self._net += -Decimal(size) if mark in _MINUS else Decimal(size)
        code = parts["id"].strip()
        values: Values = known | {
            "entry_no": str(self._count),
            "currency": self._currency,
            "value_on": value_day.isoformat(),
            "booked_on": entry_day(parts, value_day).isoformat(),
            "mark": mark,
            "amount": size,
            "code": code[1:] or None,
            "customer_ref": parts["customer_reference"].strip() or None,
            "bank_ref": parts["bank_reference"].strip() or None,
            "details": parts["extra_details"].strip() or None,
            "narrative": None,
        }
        self._waiting = SourceRow(field.line, values, "entry")

    def narrative(self, text: str) -> None:
        """Adds the narrative to the line before it."""
        if self._waiting is not None:
            joined = " ".join(part.strip() for part in text.split("\n") if part.strip())
            self._waiting.values["narrative"] = joined or None

    def whole(self) -> list[SourceRow]:
        """The row that is whole now, if there is one."""
        found = [self._waiting] if self._waiting is not None else []
        self._waiting = None
        return found

    def balance(self, field: Field, known: Values) -> Values:
        """The columns of a balance."""
        parts = read(field)
        kind, size, mark = _BALANCES[field.tag[:2]], amount(parts), parts["status"].upper()
        signed = -Decimal(size) if mark == "D" else Decimal(size)
        self._currency = parts["currency"].upper()
        if kind == "opening":
            self._opening = signed
        elif kind == "closing":
            self._closing = signed
        return known | {
            "kind": kind,
            "day": day(parts).isoformat(),
            "currency": self._currency,
            "mark": mark,
            "amount": size,
        }

    def end(self, balances: bool) -> list[SourceRow]:
        """The last row; FileRefused when the statement is cut off or does not add up."""
        found = self.whole()
        if self.spoilt or not balances:
            return found
        if self._opening is None or self._closing is None:
            missing = "opening" if self._opening is None else "closing"
            raise FileRefused(
                "TRAILER_MISMATCH",
                f"the statement of line {self._line} has no {missing} balance",
                f"The statement that starts on line {self._line} has no {missing} balance:"
                " the file is cut off and rejected whole.",
                self._count,
            )
        if self._opening + self._net != self._closing:
            raise FileRefused(
                "TRAILER_MISMATCH",
                f"the statement of line {self._line} opens with {self._opening:f}, moves by"
                f" {self._net:f} and closes with {self._closing:f}",
                records=self._count,
            )
        return found
