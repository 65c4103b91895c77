"""Who could see which portfolio when, and through what: read from the history of access.

The database answers (helio/rls/sql: 097_effective_access, 143_access_now, 145_effective_of) and
tells each reader only what they may know: administrators and auditors everything, managers what
they manage, others their own. Of this moment, a page is chosen from the rows in force, and only the
spans of its own rows are read from the history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

COLUMNS: Final = """
    username, portfolio_id, portfolio_code, portfolio_name, codename, group_name,
    person_grant_id, given_by, reason, covers, since, until"""
ASK: Final = f"SELECT {COLUMNS} FROM security.effective_of(%s, %s, %s, %s) ORDER BY {{order}}"  # noqa: S608
# Counted and cut by the database: of tens of thousands of spans a page shows a hundred.
ASK_NOW: Final = f"""
    WITH found AS MATERIALIZED (
        SELECT * FROM security.effective_now(%(person)s, %(codes)s)),
    told AS (
        SELECT count(*) AS total, count(DISTINCT person_id) AS people,
               count(DISTINCT portfolio_id) AS portfolios
          FROM found),
    page AS MATERIALIZED (
        SELECT * FROM found ORDER BY {{order}} OFFSET %(first)s LIMIT %(rows)s),
    detail AS (
        SELECT * FROM security.effective_access(
            statement_timestamp(), statement_timestamp(),
            (SELECT array_agg(DISTINCT person_id) FROM page),
            (SELECT array_agg(DISTINCT portfolio_id) FROM page))),
    shown AS (
        SELECT detail.*
          FROM page
          JOIN detail ON detail.person_id = page.person_id
           AND detail.portfolio_id = page.portfolio_id
           AND (detail.person_grant_id, detail.group_grant_id)
               IS NOT DISTINCT FROM (page.person_grant_id, page.group_grant_id))
    SELECT told.*, {COLUMNS} FROM told LEFT JOIN shown ON true ORDER BY {{order}}
"""  # noqa: S608  constants only
ASK_CHOICES: Final = "SELECT people, codes FROM security.effective_choices(%s)"
# Counted, cut and listed by the database, from the whole history: of a past day.
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
TIES: Final = "person_grant_id, group_grant_id"
ORDERS: Final = {
    False: f"portfolio_code, username, {TIES}",
    True: f"username, portfolio_code, {TIES}",
}
# More people than this are not listed to choose from: their names are typed.
MOST_LISTED: Final = 500
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
    """A page of spans, what is said of all that were chosen, and the names to choose from.

    Too many names to choose from are no list at all: None.
    """

    spans: list[Span]
    total: int
    person_count: int
    portfolio_count: int
    people: list[str] | None
    codes: list[str] | None


def spans(
    starts: dt.datetime,
    ends: dt.datetime,
    *,
    person: str = "",
    codes: Iterable[str] = (),
    by_person: bool = False,
) -> list[Span]:
    """Every span that was open at some moment between the two, in the order of a page.

    Of that person (empty: all) and those portfolios (none: all).
    """
    with connection.cursor() as cursor:
        order = f"{ORDERS[by_person]}, since"
        cursor.execute(ASK.format(order=order), [starts, ends, person, list(codes)])
        return [_span(*row) for row in cursor.fetchall()]


def of_day(
    day: dt.date,
    now: dt.datetime,
    *,
    person: str = "",
    codes: Iterable[str] = (),
    by_person: bool = False,
) -> list[Span]:
    """The spans of a day: of this moment for today, else at any moment of the UTC day."""
    return spans(*_moments(day, now), person=person, codes=codes, by_person=by_person)


def page_of_day(
    day: dt.date,
    now: dt.datetime,
    *,
    person: str = "",
    codes: Iterable[str] = (),
    by_person: bool = False,
    window: slice,
) -> Shown:
    """As ``of_day``, but only the spans of one page are fetched."""
    asked = {
        "person": person,
        "codes": list(codes),
        "first": window.start,
        "rows": window.stop - window.start,
    }
    order = ORDERS[by_person]
    if day >= now.date():
        return _now(order, asked)
    return _then(order, asked, *_moments(day, now))


def _now(order: str, asked: dict[str, Any]) -> Shown:
    with connection.cursor() as cursor:
        cursor.execute(ASK_CHOICES, [MOST_LISTED])
        people, codes = cursor.fetchone()
        cursor.execute(ASK_NOW.format(order=order), asked)
        rows = cursor.fetchall()
    return _shown(rows, people, codes)


def _then(order: str, asked: dict[str, Any], starts: dt.datetime, ends: dt.datetime) -> Shown:
    with connection.cursor() as cursor:
        cursor.execute(ASK_PAGE.format(order=order), asked | {"starts": starts, "ends": ends})
        rows = cursor.fetchall()
    people, codes = rows[0][:2]
    listed = len(people or []) <= MOST_LISTED
    return _shown(
        [row[2:] for row in rows],
        sorted(people or []) if listed else None,
        sorted(codes or []) if listed else None,
    )


def _shown(rows: list[tuple], people: list[str] | None, codes: list[str] | None) -> Shown:
    total, person_count, portfolio_count = rows[0][:3]
    return Shown(
        spans=[_span(*row[3:]) for row in rows if row[3] is not None],
        total=total,
        person_count=person_count,
        portfolio_count=portfolio_count,
        people=people,
        codes=codes,
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
