"""Text to typed values: strict, exact, and each refusal a sentence."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingestion import records
from ingestion.mapping.problem import FieldProblem

_NUMBER = re.compile(r"([+-]?)([0-9]{1,40})(?:\.([0-9]{1,40}))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_WHOLE = re.compile(r"[0-9]{1,9}")
_DECIMALS = {records.UNITS: (20, 10), records.RATE: (16, 14)}
_ZERO = Decimal(0)
TEXT_MAX = 2_000

Converter = Callable[[str], Any]


def number(text: str, kind: str = records.UNITS) -> Decimal:
    """The exact number; no exponents, no thousands, nothing that the column would round."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        raise FieldProblem(f"{text[:60]!r} is not a number")
    digits, decimals = _DECIMALS[kind]
    if len(match[2].lstrip("0")) > digits:
        raise FieldProblem(f"{text[:60]!r} has more than {digits} digits")
    if match[3] and len(match[3].rstrip("0")) > decimals:
        raise FieldProblem(f"{text[:60]!r} has more than {decimals} decimals")
    return Decimal(text.strip()) or _ZERO  # minus zero is zero


def whole(text: str) -> int:
    """A whole number from 0."""
    if _WHOLE.fullmatch(text) is None:
        raise FieldProblem(f"{text[:60]!r} is not a whole number")
    return int(text)


@lru_cache(maxsize=8192)
def day(text: str) -> date:
    """An ISO date."""
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass  # a day that does not exist; said below with any other malformed date
    raise FieldProblem(f"{text[:60]!r} is not a day of the calendar (YYYY-MM-DD)")


@lru_cache(maxsize=64)
def time_zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FieldProblem(f"{name[:60]!r} is not an IANA time zone") from None


def instant(text: str, zone: str = "") -> datetime:
    """A moment in UTC; text without an offset is local time in the zone, which must be given.

    A local time that daylight saving skips or repeats takes the earlier offset (fold 0).
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise FieldProblem(f"{text[:60]!r} is not a time") from None
    if len(text) < 16:
        raise FieldProblem(f"{text[:60]!r} is not a time")
    if moment.tzinfo is None:
        if not zone:
            raise FieldProblem(f"{text[:60]!r} has no time zone")
        moment = moment.replace(tzinfo=time_zone(zone))
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise FieldProblem(f"{text[:60]!r} is not a time") from None


def currency(text: str) -> str:
    """A currency code: three capitals."""
    if _CURRENCY.fullmatch(text) is None:
        raise FieldProblem(f"{text[:60]!r} is not a currency code")
    return text


def text_value(text: str) -> str:
    """The text itself, within what a column holds."""
    if len(text) > TEXT_MAX:
        raise FieldProblem(f"the text is longer than {TEXT_MAX} characters")
    return text


CONVERTERS: dict[str, Converter] = {
    records.TEXT: text_value,
    records.WHOLE: whole,
    records.UNITS: lambda text: number(text, records.UNITS),
    records.RATE: lambda text: number(text, records.RATE),
    records.DAY: day,
    records.INSTANT: instant,
    records.CURRENCY: currency,
    records.TERMS: text_value,
    records.ZONE: lambda text: time_zone(text).key,
}
