"""Who could see which portfolio when, and through what: read from the history of access.

The database answers (helio/rls/sql/097_effective_access.sql) and tells each reader only what they
may know: administrators and auditors everything, managers what they manage, others their own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import connection

COLUMNS: Final = """
    username, portfolio_id, portfolio_code, portfolio_name, codename, group_name,
    person_grant_id, given_by, reason, covers, since, until"""
ASK: Final = f"SELECT {COLUMNS} FROM security.effective_access(%s, %s)"  # noqa: S608
# Counted, cut and listed by the database: of tens of thousands of spans a page shows a hundred.
ASK_PAGE: Final = f"""
    WITH found AS MATERIALIZED (SELECT * FROM security.effective_access(%(starts)s, %(ends)s)),
    chosen AS MATERIALIZED (
        SELECT * FROM found
         WHERE (%(person)s::text = '' OR username = %(person)s)
           AND (cardinality(%(codes)s::text[]) = 0 OR portfolio_code = ANY (%(codes)s))),
    told AS (
        SELECT (SELECT array_agg(DISTINCT username) FROM found),
               (SELECT array_agg(DISTINCT portfolio_code) FROM found),
               (SELECT count(*) FROM chosen),
               (SELECT count(DISTINCT username) FROM chosen),
               (SELECT count(DISTINCT portfolio_code) FROM chosen)),
    page AS (
        SELECT {COLUMNS} FROM chosen ORDER BY {{order}} OFFSET %(first)s LIMIT %(rows)s)
    SELECT * FROM told LEFT JOIN page ON true
"""  # noqa: S608  constants only
# Without them, rows alike in all else could stand on two pages, or on none.
TIES: Final = "codename, person_grant_id, group_grant_id"
ORDERS: Final = {
    False: f"portfolio_code, username, since, {TIES}",
    True: f"username, portfolio_code, since, {TIES}",
}
SINCE: Final = "SELECT security.history_since()"


@dataclass(frozen=True, slots=True)
class Span:
    """One way in which one person could see one portfolio, from when to when (None: no end yet)."""

    person: str
    portfolio_id: int
    code: str
    name: str
    right: str
    through: str
    given_by: str
    reason: str
    covers: str
    since: dt.datetime
    until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of spans, and what is said of all that were chosen and of all there are."""

    spans: list[Span]
    total: int
    person_count: int
    portfolio_count: int
    people: list[str]
    codes: list[str]


def spans(starts: dt.datetime, ends: dt.datetime) -> list[Span]:
    """Every span that was open at some moment between the two, by portfolio, person and start."""
    with connection.cursor() as cursor:
        cursor.execute(ASK, [starts, ends])
        return [_span(*row) for row in cursor.fetchall()]


def of_day(day: dt.date, now: dt.datetime) -> list[Span]:
    """The spans of a day: of this moment for today, else at any moment of the UTC day."""
    return spans(*_moments(day, now))


def page_of_day(
    day: dt.date,
    now: dt.datetime,
    *,
    person: str = "",
    codes: Iterable[str] = (),
    by_person: bool = False,
    window: slice,
) -> Shown:
    """As ``chosen`` of ``of_day``, but only the spans of one page are fetched."""
    starts, ends = _moments(day, now)
    with connection.cursor() as cursor:
        cursor.execute(
            ASK_PAGE.format(order=ORDERS[by_person]),
            {
                "starts": starts,
                "ends": ends,
                "person": person,
                "codes": list(codes),
                "first": window.start,
                "rows": window.stop - window.start,
            },
        )
        rows = cursor.fetchall()
    people, listed, total, person_count, portfolio_count = rows[0][:5]
    return Shown(
        spans=[_span(*row[5:]) for row in rows if row[5] is not None],
        total=total,
        person_count=person_count,
        portfolio_count=portfolio_count,
        people=sorted(people or []),
        codes=sorted(listed or []),
    )


def _moments(day: dt.date, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    if day >= now.date():
        return now, now
    starts = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    return starts, starts + dt.timedelta(days=1) - dt.timedelta(microseconds=1)


def history_since() -> dt.datetime:
    """Since when changes are recorded as they happen; of before, the rows themselves tell."""
    with connection.cursor() as cursor:
        cursor.execute(SINCE)
        since: dt.datetime = cursor.fetchone()[0]
        return since


def chosen(
    found: Iterable[Span], person: str = "", codes: Iterable[str] = (), *, by_person: bool = False
) -> list[Span]:
    """The spans of that person (empty: all) and those portfolios (none: all), in order."""
    wanted = set(codes)
    kept = [
        one
        for one in found
        if (not person or one.person == person) and (not wanted or one.code in wanted)
    ]
    return sorted(kept, key=lambda one: (one.person, one.code, one.since)) if by_person else kept


def _span(
    person: str,
    portfolio_id: int,
    code: str,
    name: str,
    codename: str,
    group: str | None,
    person_grant_id: int | None,
    given_by: str | None,
    reason: str,
    covers: str | None,
    since: dt.datetime,
    until: dt.datetime | None,
) -> Span:
    by_role = codename == "auditor"
    through = "role auditor" if by_role else "own grant" if person_grant_id else f"team {group}"
    return Span(
        person=person,
        portfolio_id=portfolio_id,
        code=code,
        name=name,
        right="view" if by_role else codename.removesuffix("_portfolio"),
        through=through,
        given_by=given_by or ("by role" if by_role else "first set-up"),
        reason=reason,
        covers=covers or "",
        since=since,
        until=until,
    )
