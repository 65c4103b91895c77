"""A small firm for permission tests: two desks, three portfolios, and a cast of people.

| person | role           | team     | may                                       |
| ------ | -------------- | -------- | ----------------------------------------- |
| mia    | manager        | London   | manage L-1, L-2                           |
| max    | manager        | New York | manage N-1                                |
| ann    | analyst        | London   | view L-1                                  |
| abe    | analyst        | New York | view N-1                                  |
| new    | none yet       | London   | nothing                                   |
| eva    | executive      |          | nothing                                   |
| ada    | auditor        |          | see every portfolio                       |
| otto   | operations     |          | nothing                                   |
| root   | administrator  |          | nothing                                   |
| rose   | administrator  |          | nothing                                   |

Managers lead their team and are no members of it.
"""

from dataclasses import dataclass
from typing import Final

import psycopg
from django.contrib.auth.hashers import make_password

from helio.testing import databases

PASSWORD: Final = "correct horse battery"
PEOPLE: Final = (
    ("mia", "manager", "London"),
    ("max", "manager", "New York"),
    ("ann", "analyst", "London"),
    ("abe", "analyst", "New York"),
    ("new", "", "London"),
    ("eva", "executive", ""),
    ("ada", "auditor", ""),
    ("otto", "operations", ""),
    ("root", "administrator", ""),
    ("rose", "administrator", ""),
)
GRANTS: Final = (
    ("mia", "manage_portfolio", "L-1"),
    ("mia", "manage_portfolio", "L-2"),
    ("max", "manage_portfolio", "N-1"),
    ("ann", "view_portfolio", "L-1"),
    ("abe", "view_portfolio", "N-1"),
)
TEAMS: Final = ("London", "New York")
PORTFOLIOS: Final = (("L-1", "London", "GBP"), ("L-2", "London", "EUR"), ("N-1", "New York", "USD"))

ADD_PERSON: Final = """
INSERT INTO person (username, password, is_superuser, first_name, last_name, email, is_staff,
                    is_active, date_joined, reporting_currency)
VALUES (%s, %s, false, '', '', '', false, true, now(), 'USD') RETURNING id
"""
ADD_TEAM: Final = """
WITH made AS (INSERT INTO auth_group (name) VALUES (%s) RETURNING id)
INSERT INTO team (group_id) SELECT id FROM made RETURNING group_id
"""
LEAD: Final = "INSERT INTO team_manager (team_id, user_id) VALUES (%s, %s)"
JOIN: Final = "INSERT INTO person_groups (group_id, user_id) VALUES (%s, %s)"
ADD_ROLE: Final = """
INSERT INTO person_groups (user_id, group_id) SELECT %s, id FROM auth_group WHERE name = %s
"""
ADD_DESK: Final = "INSERT INTO desk (name, time_zone) VALUES (%s, 'Europe/London') RETURNING id"
ADD_PORTFOLIO: Final = """
INSERT INTO portfolio (code, name, client, base_currency, desk_id, team, opened_on)
VALUES (%s, %s, 'Client', %s, %s, '', '2024-01-02') RETURNING id
"""
ADD_GRANT: Final = """
INSERT INTO portfolio_user_grant (user_id, content_object_id, permission_id, reason)
SELECT %s, %s, id, 'Set-up' FROM auth_permission WHERE codename = %s
"""


@dataclass(frozen=True)
class Firm:
    """Ids by name."""

    people: dict[str, int]
    portfolios: dict[str, int]
    teams: dict[str, int]


def found(database: str) -> Firm:
    """The firm, written into a migrated database as its superuser."""
    with databases.connect("superuser", database) as db:
        people, teams = _people(db)
        desks = {name: _id(db, ADD_DESK, name) for name in ("London", "New York")}
        portfolios = {
            code: _id(db, ADD_PORTFOLIO, code, f"Portfolio {code}", currency, desks[desk])
            for code, desk, currency in PORTFOLIOS
        }
        for person, codename, code in GRANTS:
            db.execute(ADD_GRANT, [people[person], portfolios[code], codename])
    return Firm(people, portfolios, teams)


def _people(db: psycopg.Connection) -> tuple[dict[str, int], dict[str, int]]:
    password = make_password(PASSWORD)
    teams = {name: _id(db, ADD_TEAM, name) for name in TEAMS}
    people = {}
    for name, role, team in PEOPLE:
        people[name] = _id(db, ADD_PERSON, name, password)
        if role:
            db.execute(ADD_ROLE, [people[name], role])
        if team:
            db.execute(LEAD if role == "manager" else JOIN, [teams[team], people[name]])
    return people, teams


def _id(db: psycopg.Connection, statement: str, *values: object) -> int:
    row = db.execute(statement, values).fetchone()
    if row is None:
        raise LookupError("The statement returned no id.")
    return int(row[0])
