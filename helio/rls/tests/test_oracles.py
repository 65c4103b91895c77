"""Whether a portfolio outside of the perimeter exists is told by no key, no count and no error.

Each statement is sent twice, about a row that exists outside of the sender's perimeter and about
one that exists nowhere: the answers must be the same to the letter, but for the number asked.
"""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg.errors import SyntaxError as SqlSyntaxError
from psycopg.errors import UndefinedColumn, UndefinedFunction, UndefinedTable

from helio.rls.identity import ENTER
from helio.rls.tests.support import token
from helio.testing import firm

Connect = Callable[..., psycopg.Connection]
NOWHERE = 987_654
# In a firm where "mia" manages London's portfolios, "ann" is her analyst and N-1 is New York's.
GRANT = (
    "INSERT INTO portfolio_user_grant"
    " (user_id, permission_id, content_object_id, reason, granted_by_id)"
    " SELECT {ann}, id, {portfolio}, 'oracle', {mia} FROM auth_permission"
    " WHERE codename = 'view_portfolio'"
)
TEAM_GRANT = (
    "INSERT INTO portfolio_group_grant"
    " (group_id, permission_id, content_object_id, reason, granted_by_id)"
    " SELECT {team}, id, {portfolio}, 'oracle', {mia} FROM auth_permission"
    " WHERE codename = 'view_portfolio'"
)
REVIEW = (
    "INSERT INTO grant_review (user_grant_id, outcome, reviewed_by_id)"
    " VALUES ({grant}, 'kept', {mia})"
)
STEP = "INSERT INTO finding_event (finding_id, action, reason) VALUES ({portfolio}, 'taken', 'x')"
ASKED = {
    "a grant": GRANT,
    "a grant, or nothing where it stands": GRANT + " ON CONFLICT DO NOTHING",
    "a grant, by its key": GRANT + " ON CONFLICT (id) DO UPDATE SET reason = 'x'",
    "a grant under the number of another": GRANT.replace("(user_id", "(id, user_id").replace(
        "SELECT {ann}", "SELECT {grant}, {ann}"
    ),
    "the same, or nothing": GRANT.replace("(user_id", "(id, user_id").replace(
        "SELECT {ann}", "SELECT {grant}, {ann}"
    )
    + " ON CONFLICT DO NOTHING",
    "a grant to a team": TEAM_GRANT,
    "a grant to a team, or nothing where it stands": TEAM_GRANT + " ON CONFLICT DO NOTHING",
    "the end of a grant": "UPDATE portfolio_user_grant SET valid_until = now()"
    " WHERE content_object_id = {portfolio}",
    "the end of a grant by its number": "UPDATE portfolio_user_grant SET valid_until = now()"
    " WHERE id = {grant}",
    "a grant moved to another portfolio": "UPDATE portfolio_user_grant"
    " SET content_object_id = {portfolio}",
    "a grant removed": "DELETE FROM portfolio_user_grant WHERE content_object_id = {portfolio}",
    "a review of a grant": REVIEW,
    "a review of a grant to a team": REVIEW.replace("user_grant", "group_grant"),
    "a step of a finding": STEP,
    "a portfolio of the same code": "INSERT INTO portfolio (code) VALUES ('{code}')",
    "a portfolio of the same number": "INSERT INTO portfolio (id) VALUES ({portfolio})",
    "a portfolio locked": "SELECT id FROM portfolio WHERE id = {portfolio} FOR UPDATE",
    "a portfolio by its code": "SELECT id FROM portfolio WHERE code = '{code}'",
    "an event about it": "SELECT security.record('oracle', 'x', {portfolio}, NULL, '{{}}',"
    " NULL, '')",
    "a page of it seen": "SELECT security.note_sight('portfolio', '{code}', 's')",
}
# Every foreign key to a row of portfolios from a table that the web role may write.
KEYS = """
    SELECT DISTINCT c.conrelid::regclass::text, a.attname
      FROM pg_constraint AS c
      JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
     WHERE c.contype = 'f'
       AND (c.confrelid = 'portfolio'::regclass
            OR EXISTS (SELECT FROM pg_attribute AS p
                        WHERE p.attrelid = c.confrelid
                          AND p.attname IN ('portfolio_id', 'content_object_id')))
       AND (has_column_privilege('helio_web', c.conrelid, a.attnum, 'INSERT')
            OR has_column_privilege('helio_web', c.conrelid, a.attnum, 'UPDATE'))
     ORDER BY 1, 2
"""


LOOKED_AT = {
    ("finding_event", "finding_id"),
    ("grant_review", "group_grant_id"),
    ("grant_review", "user_grant_id"),
    ("portfolio_group_grant", "content_object_id"),
    ("portfolio_user_grant", "content_object_id"),
}


@pytest.fixture(scope="module")
def cast(fresh_database: str) -> firm.Firm:
    return firm.found(fresh_database)


@pytest.fixture
def ask(cast: firm.Firm, connect_as: Connect) -> Callable[[str, str], list[Any]]:
    """Answers to a statement about the foreign row, and about one that exists nowhere."""
    with connect_as("superuser", autocommit=True) as owner:
        foreign_grant = owner.execute(
            "SELECT id FROM portfolio_user_grant WHERE content_object_id = %s",
            [cast.portfolios["N-1"]],
        ).fetchone()[0]
    web = connect_as("web", autocommit=True)
    known = {"ann": cast.people["ann"], "mia": cast.people["mia"], "team": cast.teams["London"]}
    there = {"portfolio": cast.portfolios["N-1"], "grant": foreign_grant, "code": "N-1"}
    nowhere = {"portfolio": NOWHERE, "grant": NOWHERE, "code": "N-9"}

    def answers(name: str, template: str) -> list[Any]:
        return [
            _answer(web, cast.people[name], template.format(**known, **row), row)
            for row in (there, nowhere)
        ]

    return answers


def _answer(web: psycopg.Connection, person: int, statement: str, row: dict[str, Any]) -> Any:
    """What came back, with the number and code that were asked about struck out."""
    try:
        with web.transaction(force_rollback=True):
            web.execute(ENTER, [token(web, person)])
            cursor = web.execute(statement)
            web.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return cursor.rowcount, cursor.fetchall() if cursor.description else None
    except (UndefinedColumn, UndefinedTable, UndefinedFunction, SqlSyntaxError):
        raise  # the statement proves nothing
    except psycopg.Error as error:
        said = f"{error.sqlstate} {error.diag.message_primary} {error.diag.message_detail}"
        for asked in row.values():
            said = said.replace(str(asked), "…")
        return said


@pytest.mark.parametrize("name", ["mia", "ann"])
@pytest.mark.parametrize("statement", ASKED.values(), ids=ASKED.keys())
def test_no_answer_tells_a_foreign_row_from_none(ask, statement, name):
    there, nowhere = ask(name, statement)
    assert there == nowhere


def test_every_key_to_portfolios_that_the_web_role_may_write_was_looked_at(cast, connect_as):
    """A new one is tried in ASKED first, and then entered here."""
    with connect_as("superuser") as owner:
        assert set(owner.execute(KEYS).fetchall()) == LOOKED_AT
