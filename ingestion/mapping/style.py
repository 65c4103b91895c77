"""How a file writes numbers, days and times: patterns compiled once, canonical text out.

``mapping/values.py`` knows one way of writing only: ``-1234.50``, ``2025-01-31`` and ISO times. A
file that writes otherwise says so in its definition (``[file.style]``), and its texts are brought
into that one way here, strictly: what does not fit the pattern is refused, never guessed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from ingestion import records
from ingestion.mapping.problem import FieldProblem

DECIMALS = (".", ",")
THOUSANDS = (".", ",", " ", "'", "_", "\u00a0", "\u202f", "’")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# Two digits of a year: from this on they belong to the last century (as POSIX has it).
PIVOT = 69
SHORTEST_TIME = len("2025-01-31T12:00")

_PARTS = {
    "YYYY": r"(?P<year>[0-9]{4})",
    "YY": r"(?P<short>[0-9]{2})",
    "MON": r"(?P<name>[A-Za-z]{3})",
    "MM": r"(?P<month>[0-9]{2})",
    "M": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{2})",
    "D": r"(?P<day>[0-9]{1,2})",
    "hh": r"(?P<hour>[0-9]{2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "ss": r"(?P<second>[0-9]{2})",
    "ff": r"(?P<fraction>[0-9]{1,9})",
    "zz": r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})",
}
_WORD = re.compile("|".join(sorted(_PARTS, key=len, reverse=True)))
_LETTER = re.compile(r"[A-Za-z]")
DAY_PARTS = "YYYY, YY, MM, M, MON, DD, D"
TIME_PARTS = DAY_PARTS + ", hh, mm, ss, ff (parts of a second), zz (Z or +01:00)"


class BadPattern(Exception):
    """A pattern that names no day or no time; the message says what is missing."""


@lru_cache(maxsize=256)
def compiled(pattern: str, *, time: bool) -> re.Pattern[str]:
    """The expression for a readable pattern like ``DD.MM.YYYY hh:mm:ss``; BadPattern if unfit.

    A ``T`` between day and time stands for itself.
    """
    names: list[str] = []
    pieces: list[str] = []
    at = 0
    for word in _WORD.finditer(pattern):
        pieces.append(_literal(pattern[at : word.start()]))
        names.append(word[0])
        pieces.append(_PARTS[word[0]])
        at = word.end()
    pieces.append(_literal(pattern[at:]))
    _complete(names, time)
    return re.compile("".join(pieces))


def _literal(text: str) -> str:
    if _LETTER.search(text.replace("T", "")):
        raise BadPattern(f"has the unknown part {text.strip()!r}")
    return re.escape(text)


def _complete(names: list[str], time: bool) -> None:
    for what, words in (("year", "YYYY YY"), ("month", "MM M MON"), ("day", "DD D")):
        if sum(names.count(word) for word in words.split()) != 1:
            raise BadPattern(f"needs one {what}")
    for word in ("hh", "mm") if time else ():
        if names.count(word) != 1:
            raise BadPattern(f"needs one {word}")
    for word in ("ss", "ff", "zz") if time else ("hh", "mm", "ss", "ff", "zz"):
        if names.count(word) > (1 if time else 0):
            raise BadPattern(f"has {word} too often" if time else f"has {word}, but is for a day")


@dataclass(frozen=True)
class Style:
    """How one file (or one field) writes numbers, days and times."""

    decimal: str = "."
    thousands: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    sign_after: bool = False
    parentheses: bool = False
    zone: str = ""  # of times that have none

    @property
    def is_plain(self) -> bool:
        """True when texts are canonical already and need not be looked at."""
        return self == PLAIN

    def reader(self, kind: str) -> Callable[[str], str] | None:
        """The function that makes a text of a field type canonical; None when there is none."""
        if self.is_plain:
            return None
        plain_numbers = (self.decimal, self.thousands) == (".", ()) and not (
            self.sign_after or self.parentheses
        )
        if kind in (records.UNITS, records.RATE):
            return None if plain_numbers else self.number_text
        if kind == records.WHOLE and self.thousands:
            return self.number_text
        if kind == records.DAY and self.days:
            return self.day_text
        if kind == records.INSTANT and (self.times or self.zone):
            return self.instant_text
        return None

    def number_text(self, text: str) -> str:
        """A number as ``-1234.50``; thousands must stand in threes, or the style is another."""
        stripped = text.strip()
        found = self._number.fullmatch(stripped)
        if found is None or not _one_sign(found, stripped):
            raise FieldProblem(f"{text[:60]!r} is not a number written like {self._example}")
        whole = found["whole"]
        for sign in self.thousands:
            whole = whole.replace(sign, "")
        minus = "-" in (found["before"], found["after"]) or stripped.startswith("(")
        rest = f".{found['rest']}" if found["rest"] else ""
        return f"{'-' if minus else ''}{whole}{rest}"

    def day_text(self, text: str) -> str:
        """A day as ``YYYY-MM-DD``."""
        if not self.days:
            return text
        for pattern in self.days:
            found = compiled(pattern, time=False).fullmatch(text.strip())
            if found is not None:
                return _day(found, text, pattern).isoformat()
        raise FieldProblem(f"{text[:60]!r} is not a day written like {_either(self.days)}")

    def instant_text(self, text: str) -> str:
        """A moment as ISO text, with its offset where the pattern or the style has one."""
        if not self.times:
            return self._placed(text, text)
        for pattern in self.times:
            found = compiled(pattern, time=True).fullmatch(text.strip())
            if found is not None:
                return self._placed(_moment(found, text, pattern), text)
        raise FieldProblem(f"{text[:60]!r} is not a time written like {_either(self.times)}")

    def _placed(self, iso: str, text: str) -> str:
        """The moment with its offset, when it is a local time in the style's zone."""
        if not self.zone:
            return iso
        try:
            moment = datetime.fromisoformat(iso)
            if moment.tzinfo is None and len(iso) >= SHORTEST_TIME:
                return moment.replace(tzinfo=ZoneInfo(self.zone)).isoformat()
        except (ValueError, OverflowError):
            raise FieldProblem(f"{text[:60]!r} is not a time") from None
        return iso

    @cached_property
    def _number(self) -> re.Pattern[str]:
        groups = "".join(
            f"|[0-9]{{1,3}}(?:{re.escape(sign)}[0-9]{{3}})+" for sign in self.thousands
        )
        before = r"(?P<before>[+-]?)"
        after = r"(?P<after>[+-]?)" if self.sign_after else "(?P<after>)"
        rest = rf"(?:{re.escape(self.decimal)}(?P<rest>[0-9]{{1,40}}))?"
        number = rf"(?P<whole>[0-9]{{1,40}}{groups}){rest}"
        signed = rf"{before} ?{number} ?{after}"
        return re.compile(rf"(?P<open>\(?){signed}(?P<close>\)?)" if self.parentheses else signed)

    @property
    def _example(self) -> str:
        grouped = f"1{self.thousands[0]}234" if self.thousands else "1234"
        return f"{grouped}{self.decimal}56" + ("-" if self.sign_after else "")


PLAIN = Style()


def _one_sign(found: re.Match[str], text: str) -> bool:
    """True unless a number has two signs, or one parenthesis."""
    if text.startswith("(") != text.endswith(")"):
        return False
    return (found["before"] != "") + (found["after"] != "") + text.startswith("(") <= 1


def _either(patterns: tuple[str, ...]) -> str:
    return " or ".join(patterns)


def _day(found: re.Match[str], text: str, pattern: str) -> date:
    parts = found.groupdict()
    try:
        if parts.get("name"):
            month = MONTHS.index(parts["name"].upper()) + 1
        else:
            month = int(parts["month"])
        short = int(parts.get("short") or 0)
        year = int(parts.get("year") or short + (1900 if short >= PIVOT else 2000))
        return date(year, month, int(parts["day"]))
    except ValueError:
        raise FieldProblem(f"{text[:60]!r} is not a day of the calendar ({pattern})") from None


def _moment(found: re.Match[str], text: str, pattern: str) -> str:
    day = _day(found, text, pattern)
    parts = found.groupdict()
    fraction = (parts.get("fraction") or "").ljust(6, "0")[:6]
    offset = parts.get("offset") or ""
    offset = "+00:00" if offset == "Z" else offset
    if offset and ":" not in offset:
        offset = f"{offset[:3]}:{offset[3:]}"
    clock = f"{parts['hour']}:{parts['minute']}:{parts.get('second') or '00'}.{fraction}"
    try:
        return datetime.fromisoformat(f"{day}T{clock}{offset}").isoformat()
    except ValueError:
        raise FieldProblem(f"{text[:60]!r} is not a time of the day ({pattern})") from None
