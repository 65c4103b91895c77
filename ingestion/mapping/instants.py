"""Times by the column: local or UTC wall-clock text to UTC, exact, thousands at once.

A zone's offset is worked out once for each hour, and remembered: a file holds few hours.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from ingestion.mapping.expressions import FieldProblem
from ingestion.mapping.values import day, time_zone

_CLOCK: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_LOCAL: Final = re.compile(rf"(?>(?:{_CLOCK})?+\n)*+")
_UTC: Final = re.compile(rf"(?>(?:{_CLOCK}(?:Z|\+00:00))?+\n)*+")
# Characters of a time up to its hour.
_HOUR: Final = 13
# Years whose days may lie beyond the calendar elsewhere.
_AT_THE_END: Final = {"0001", "9999"}
# Hours remembered of a zone before it starts anew: some ten years.
REMEMBERED: Final = 100_000


def utc_texts(texts: Sequence[str], zones: Sequence[str] | str) -> list[str] | None:
    """Each time as ``2025-03-31 14:05:00+00:00``, "" for missing; None: look at them one by one.

    ``zones`` is the zone of all rows or of each. None for whatever is not plainly a wall-clock
    time, and for local times in an hour that daylight saving skips or repeats.
    """
    joined = "\n".join(texts) + "\n"
    if _LOCAL.fullmatch(joined):
        if not zones:
            return None
        return _from_local(texts, [zones] * len(texts) if isinstance(zones, str) else zones)
    if not _UTC.fullmatch(joined) or not _are_days({text[:10] for text in texts if text}):
        return None
    return [f"{text[:10]} {text[11:19]}+00:00" if text else "" for text in texts]


def days_in(zone: str, texts: Sequence[str]) -> list[str]:
    """The calendar day in the zone of each UTC time that ``utc_texts`` gave."""
    clocks = np.array([text[:19] for text in texts], dtype="datetime64[s]")
    return _days(clocks, zone)


def days_at(texts: Sequence[str], zones: Sequence[str]) -> list[str]:
    """The calendar day of each UTC time that ``utc_texts`` gave, in the zone beside it."""
    known = {zone: _days_of_hours(zone) for zone in set(zones)}
    try:
        return _days_known(texts, zones, known)
    except KeyError:
        _learn_days(texts, zones)
    try:
        return _days_known(texts, zones, known)
    except KeyError:  # an hour in which a day ends, where offsets are no whole hours
        return [days_in(zone, [text])[0] for zone, text in zip(zones, texts, strict=True)]


def _from_local(texts: Sequence[str], zones: Sequence[str]) -> list[str] | None:
    try:
        known = {zone: _utc_of_hours(zone) for zone in set(zones)}
        try:
            return _shifted(texts, zones, known)
        except KeyError:
            _learn_offsets(texts, zones)
        return _shifted(texts, zones, known)
    except (FieldProblem, KeyError):
        return None


def _shifted(
    texts: Sequence[str], zones: Sequence[str], known: dict[str, dict[str, str]]
) -> list[str]:
    """The times with the UTC of their hour; KeyError where that of an hour is not known."""
    return [
        f"{known[zone][text[:_HOUR]]}{text[_HOUR:]}+00:00" if text else ""
        for text, zone in zip(texts, zones, strict=True)
    ]


def _days_known(
    texts: Sequence[str], zones: Sequence[str], known: dict[str, dict[str, str]]
) -> list[str]:
    """The day of each time's hour; KeyError where that of an hour is not known."""
    return [known[zone][text[:_HOUR]] for text, zone in zip(texts, zones, strict=True)]


@lru_cache(maxsize=64)
def _utc_of_hours(zone: str) -> dict[str, str]:
    """UTC date and hour by local date and hour."""
    return {}


@lru_cache(maxsize=64)
def _days_of_hours(zone: str) -> dict[str, str]:
    """Local day by UTC date and hour, where the whole hour is of one day."""
    return {}


def _learn_offsets(texts: Sequence[str], zones: Sequence[str]) -> None:
    """Remembers the hours whose every second is as far from UTC, by whole hours.

    FieldProblem for a zone or day that does not exist.
    """
    for zone, hours in _fresh(texts, zones, _utc_of_hours).items():
        if not _are_days({hour[:10] for hour in hours}) or _AT_THE_END & {h[:4] for h in hours}:
            raise FieldProblem("a day that is none, or may be none in UTC")
        begin, end = (_clocks(hours, clock) for clock in (":00:00", ":59:59"))
        shift = _utc(begin, zone) - begin
        # NaT is like nothing, itself included.
        plain = (shift == _utc(end, zone) - end) & (shift % np.timedelta64(1, "h") == 0)
        found = np.datetime_as_string(begin + shift, unit="h").tolist()
        _utc_of_hours(zone).update(
            (hour, utc.replace("T", " "))
            for hour, utc, is_plain in zip(hours, found, plain.tolist(), strict=True)
            if is_plain and len(utc) == _HOUR
        )


def _learn_days(texts: Sequence[str], zones: Sequence[str]) -> None:
    """Remembers the days of UTC hours that do not end one in the zone."""
    for zone, hours in _fresh(texts, zones, _days_of_hours).items():
        first, last = (_days(_clocks(hours, clock), zone) for clock in (":00:00", ":59:59"))
        _days_of_hours(zone).update(
            (hour, began)
            for hour, began, ended in zip(hours, first, last, strict=True)
            if began == ended
        )


def _fresh(
    texts: Sequence[str], zones: Sequence[str], memory: Callable[[str], dict[str, str]]
) -> dict[str, list[str]]:
    """Hours by zone that are not remembered yet."""
    found: dict[str, list[str]] = {}
    for zone, hour in {(z, t[:_HOUR]) for z, t in zip(zones, texts, strict=True) if t}:
        found.setdefault(zone, []).append(hour)
    for zone, hours in found.items():
        if len(memory(zone)) + len(hours) > REMEMBERED:
            memory(zone).clear()
        else:
            hours[:] = [hour for hour in hours if hour not in memory(zone)]
    return found


def _clocks(hours: Sequence[str], clock: str) -> "np.ndarray":
    return np.array([hour + clock for hour in hours], dtype="datetime64[s]")


def _utc(clocks: "np.ndarray", zone: str) -> "np.ndarray":
    """Local times in UTC; NaT for those that are skipped or repeated."""
    there = time_zone(zone)
    local = pd.DatetimeIndex(clocks).tz_localize(there, ambiguous="NaT", nonexistent="NaT")
    return local.tz_convert("UTC").tz_localize(None).to_numpy("datetime64[s]")


def _days(clocks: "np.ndarray", zone: str) -> list[str]:
    """The calendar days in the zone of UTC times."""
    local = pd.DatetimeIndex(clocks).tz_localize("UTC").tz_convert(time_zone(zone))
    found: list[str] = np.datetime_as_string(
        local.tz_localize(None).to_numpy("datetime64[s]"), unit="D"
    ).tolist()
    return found


def _are_days(texts: Iterable[str]) -> bool:
    try:
        for text in texts:
            day(text)
    except FieldProblem:
        return False
    return True
