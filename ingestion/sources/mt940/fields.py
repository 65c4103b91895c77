"""Cuts a SWIFT file into its fields, and reads each by the grammar of the mt-940 library."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mt940 import tags

from ingestion.sources.rows import FileRefused, Lines

FIELD_MAX = 20_000

_FIELD = re.compile(r":([0-9]{2}[A-Z]?):(.*)", re.DOTALL)
_AMOUNT = re.compile(r"([0-9]{1,15}),([0-9]{0,14})", re.ASCII)
_GRAMMAR = {
    "13": tags.DateTimeIndication().re,
    "28": tags.StatementNumber().re,
    "60": tags.OpeningBalance().re,
    "61": tags.Statement().re,
    "62": tags.ClosingBalance().re,
    "64": tags.AvailableBalance().re,
}
# Two digits of a year: MT940 is about bookings, not births.
CENTURY = 2000


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message: its tag, its text over one or more lines, and its first line."""

    tag: str
    text: str
    line: int


class BadField(Exception):
    """A field that does not follow its grammar; the message is a sentence about it."""


def fields(lines: Lines) -> Iterator[Field]:
    """The fields of all messages in order; a message's end comes as a field with the tag ``-``."""
    tag, first, size = "", 0, 0
    held: list[str] = []
    for number, raw in lines.lines():
        line = raw.rstrip("\r\n")
        if "{4:" in line:
            line = line.partition("{4:")[2]
        ends = line.strip() in ("-", "-}") or line.startswith("-}")
        begun = None if ends else _FIELD.match(line)
        if (ends or begun) and tag:
            yield Field(tag, "\n".join(held), first)
            tag = ""
        if ends:
            yield Field("-", "", number)
        elif begun:
            tag, first, held, size = begun[1], number, [begun[2]], len(line)
        elif tag:
            held.append(line)
            size += len(line)
        if size > FIELD_MAX:
            raise FileRefused("UNREADABLE_FILE", f"line {first}: a field without end")
    if tag:
        yield Field(tag, "\n".join(held), first)


def read(field: Field) -> dict[str, str]:
    """The named parts of a field; BadField when it does not follow its grammar."""
    found = _GRAMMAR[field.tag[:2]].match(field.text)
    if found is None:
        raise BadField(f"The field {field.tag} cannot be read: {field.text[:60]!r}.")
    return {name: text or "" for name, text in found.groupdict().items()}


def amount(parts: dict[str, str]) -> str:
    """An amount with a decimal point; SWIFT writes a comma, always."""
    found = _AMOUNT.fullmatch(parts["amount"])
    if found is None:
        raise BadField(f"{parts['amount']!r} is not an amount; SWIFT writes it like 1234,56.")
    return f"{found[1]}.{found[2]}" if found[2] else found[1]


def day(parts: dict[str, str]) -> date:
    """A value date of two digits each."""
    year = f"{CENTURY // 100}{parts['year']}"
    try:
        return date.fromisoformat(f"{year}-{parts['month']}-{parts['day']}")
    except ValueError:
        written = parts["year"] + parts["month"] + parts["day"]
        raise BadField(f"{written!r} is not a day of the calendar (YYMMDD).") from None


def entry_day(parts: dict[str, str], value_day: date) -> date:
    """The booking day, which has no year: the one nearest to the value date."""
    month, number = parts["entry_month"].strip(), parts["entry_day"].strip()
    if not (month and number):
        return value_day
    found = []
    for year in (value_day.year - 1, value_day.year, value_day.year + 1):
        try:
            found.append(date.fromisoformat(f"{year:04}-{month}-{number}"))
        except ValueError:
            continue  # 29 February is a day of some of them
    if not found:
        raise BadField(f"{month + number!r} is not a day of the calendar (MMDD).")
    return min(found, key=lambda each: abs((each - value_day).days))
