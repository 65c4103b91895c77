"""Checks of a definition: how a source is fetched, when, and how long its bytes are kept."""

import re
from collections.abc import Iterable
from datetime import time
from fnmatch import fnmatch
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingestion.definition.section import Section
from ingestion.schedule import EVERY_DAY, WEEKDAYS, Schedule, is_exchange
from ingestion.ways import WAYS
from ingestion.ways.names import SAMPLE, file_name
from ingestion.ways.options import Fetch, parse_policy

# Long enough that nobody loses by mistake what arrived last week.
KEEP_DAYS_LEAST = 30
KEEP_DAYS_DEFAULT = 2555
FOR_EVER = "for ever"


def schedule(source: Section) -> Schedule:
    """The [source] table's ``schedule``: every so often, or at a local time, and on which days."""
    section = source.child("schedule", source.get("schedule", {}))
    at = _hour(section)
    if at is not None and "every" in section.table:
        section.wrong("every", "and 'at' exclude each other; keep one of them.")
    result = Schedule(
        every=section.span("every", "1 day"),
        grace=section.span("grace", "5 minutes"),
        at=at,
        zone=_zone(section),
        on=_days(section),
    )
    section.close()
    return result


def fetch(top: Section, patterns: Iterable[str]) -> Fetch | None:
    """The [fetch] table; None when files are only dropped, uploaded or given by command."""
    table = top.get("fetch")
    if table is None:
        return None
    section = top.child("fetch", table)
    way = section.text("way", allowed=sorted(WAYS))
    policy = parse_policy(section)
    if way not in WAYS:
        return None
    options = WAYS[way].parse_options(section)
    name = getattr(options, "name", None)
    known = list(patterns)
    if name and not any(fnmatch(file_name(name, SAMPLE), pattern) for pattern in known):
        section.wrong("name", f"is {name!r}, which no [[file]] takes; known: {', '.join(known)}.")
    section.close()
    return Fetch(way, options, policy)


def keep_bytes_days(top: Section) -> int | None:
    """The [retention] table: for how many days bytes are kept; None for ever."""
    section = top.child("retention", top.get("retention", {}))
    value = section.get("bytes", f"{KEEP_DAYS_DEFAULT} days")
    section.close()
    if value == FOR_EVER:
        return None
    match = re.fullmatch(r"([1-9][0-9]{0,4}) days", value) if isinstance(value, str) else None
    if match is None or int(match[1]) < KEEP_DAYS_LEAST:
        section.wrong(
            "bytes",
            f"is {value!r}; write '{FOR_EVER}' or a number of days,"
            f" at least '{KEEP_DAYS_LEAST} days'.",
        )
        return None
    return int(match[1])


def _hour(section: Section) -> time | None:
    value = section.get("at")
    if value is None:
        return None
    if isinstance(value, time):
        return value
    match = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", value) if _is_text(value) else None
    if match is None:
        section.wrong("at", f"is {value!r}; write a local time like '18:30'.")
        return None
    return time(int(match[1]), int(match[2]))


def _zone(section: Section) -> str:
    zone = section.text("zone", "UTC")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        section.wrong("zone", f"is {zone!r}; write a time zone like 'Europe/London'.")
        return "UTC"
    return zone


def _days(section: Section) -> str:
    on = section.text("on", EVERY_DAY)
    if on not in (EVERY_DAY, WEEKDAYS) and not is_exchange(on):
        section.wrong(
            "on",
            f"is {on!r}; allowed: {EVERY_DAY}, {WEEKDAYS}, or an exchange such as XLON.",
        )
        return EVERY_DAY
    return on


def _is_text(value: object) -> bool:
    return isinstance(value, str)
