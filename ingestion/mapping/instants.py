"""Times by the column: local or UTC wall-clock text to UTC, exact, thousands at once."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ingestion.mapping.expressions import FieldProblem
from ingestion.mapping.values import day, time_zone

_CLOCK: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_LOCAL: Final = re.compile(rf"(?>(?:{_CLOCK})?+\n)*+")
_UTC: Final = re.compile(rf"(?>(?:{_CLOCK}(?:Z|\+00:00))?+\n)*+")


def utc_texts(texts: Sequence[str], zones: Sequence[str] | str) -> list[str] | None:
    """Each time as ``2025-03-31 14:05:00+00:00``, "" for missing; None: look at them one by one.

    ``zones`` is the zone of all rows or of each. None for whatever is not plainly a wall-clock
    time, and for local times that daylight saving skips or repeats.
    """
    joined = "\n".join(texts) + "\n"
    try:
        for first in {text[:10] for text in texts if text}:
            day(first)
    except FieldProblem:
        return None
    if _UTC.fullmatch(joined):
        return [f"{text[:10]} {text[11:19]}+00:00" if text else "" for text in texts]
    if not _LOCAL.fullmatch(joined) or not zones:
        return None
    return _from_local(texts, [zones] * len(texts) if isinstance(zones, str) else zones)


def days_in(zone: str, texts: Sequence[str]) -> list[str]:
    """The calendar day in the zone of each UTC time that ``utc_texts`` gave."""
    clocks = np.array([text[:19] for text in texts], dtype="datetime64[s]")
    local = pd.DatetimeIndex(clocks).tz_localize("UTC").tz_convert(time_zone(zone))
    found: list[str] = np.datetime_as_string(
        local.tz_localize(None).to_numpy("datetime64[s]"), unit="D"
    ).tolist()
    return found


def _from_local(texts: Sequence[str], zones: Sequence[str]) -> list[str] | None:
    places: dict[str, list[int]] = {}
    for at, (text, zone) in enumerate(zip(texts, zones, strict=True)):
        if text:
            places.setdefault(zone, []).append(at)
    found = [""] * len(texts)
    for zone, some in places.items():
        if not zone:
            return None
        try:
            there = time_zone(zone)
        except FieldProblem:
            return None
        clocks = np.array([texts[at] for at in some], dtype="datetime64[s]")
        local = pd.DatetimeIndex(clocks).tz_localize(there, ambiguous="NaT", nonexistent="NaT")
        if local.hasnans:
            return None
        utc = local.tz_convert("UTC").tz_localize(None).to_numpy("datetime64[s]")
        for at, text in zip(some, np.datetime_as_string(utc).tolist(), strict=True):
            found[at] = f"{text[:10]} {text[11:]}+00:00"
    return found
