"""Attempts to gain access by writing grants, roles and people, over the web role's connection."""

import pytest
from psycopg.errors import InsufficientPrivilege

from helio.rls.tests.test_attacks import identify, token

GRANT = """
    INSERT INTO portfolio_user_grant
        (user_id, permission_id, content_object_id, granted_by_id, reason)
    SELECT person.id, auth_permission.id, portfolio_key, giver.id, 'test'
      FROM person, auth_permission, person AS giver
     WHERE person.username = %(to)s AND codename = %(right)s AND giver.username = %(by)s
"""
ROLE = """
    INSERT INTO person_groups (user_id, group_id)
    SELECT person.id, auth_group.id FROM person, auth_group
     WHERE person.username = %(to)s AND auth_group.name = %(role)s
"""


@pytest.fixture
def desk(connect_as, alpha):
    """Ids by name, and a function that runs a statement as a person and rolls it back."""
    with connect_as("superuser") as owner:
        people = dict(owner.execute("SELECT username, id FROM person").fetchall())
        portfolios = dict(owner.execute("SELECT code, id FROM portfolio").fetchall())

    def attempt(username: str, query: str, **parameters) -> int:
        with connect_as("web") as web, web.transaction(force_rollback=True):
            identify(web, token(web, people[username]))
            text = query.replace("portfolio_key", str(portfolios[parameters.pop("on", "HA-01")]))
            return web.execute(text, parameters).rowcount

    return attempt


def test_a_manager_gives_view_access_on_what_they_manage(desk):
    given = desk(
        "manager1", GRANT, to="analyst3", right="view_portfolio", by="manager1", on="HA-01"
    )
    assert given == 1


@pytest.mark.parametrize(
    ("who", "to", "right", "by", "on"),
    [
        ("manager1", "manager1", "view_portfolio", "manager1", "HA-05"),
        ("manager1", "analyst5", "view_portfolio", "manager1", "HA-05"),
        ("manager1", "analyst3", "manage_portfolio", "manager1", "HA-01"),
        ("manager1", "analyst3", "view_portfolio", "manager2", "HA-01"),
        ("manager1", "analyst3", "delete_portfolio", "manager1", "HA-01"),
        ("analyst1", "analyst2", "view_portfolio", "analyst1", "HA-01"),
        ("analyst1", "analyst1", "view_portfolio", "analyst1", "HA-05"),
        ("executive1", "executive1", "view_portfolio", "executive1", "HA-01"),
        ("auditor1", "analyst2", "view_portfolio", "auditor1", "HA-05"),
        ("operations1", "operations1", "manage_portfolio", "operations1", "HA-01"),
        ("admin", "admin", "view_portfolio", "admin", "HA-01"),
    ],
)
def test_nobody_gives_what_is_not_theirs_to_give(desk, who, to, right, by, on):
    with pytest.raises(InsufficientPrivilege):
        desk(who, GRANT, to=to, right=right, by=by, on=on)


def test_nobody_lengthens_their_own_access(desk):
    changed = desk(
        "manager1",
        "UPDATE portfolio_user_grant SET valid_until = NULL"
        " WHERE user_id = (SELECT id FROM person WHERE username = 'manager1')",
    )
    assert changed == 0


@pytest.mark.parametrize(
    "column", ["user_id", "content_object_id", "permission_id", "granted_by_id"]
)
def test_a_grant_cannot_be_turned_into_another(desk, column):
    with pytest.raises(InsufficientPrivilege):
        desk("manager1", f"UPDATE portfolio_user_grant SET {column} = 1")


def test_a_grant_cannot_be_deleted(desk):
    with pytest.raises(InsufficientPrivilege):
        desk("admin", "DELETE FROM portfolio_user_grant")


@pytest.mark.parametrize(
    ("who", "to", "role"),
    [
        ("analyst1", "analyst1", "auditor"),
        ("manager1", "manager1", "auditor"),
        ("manager1", "analyst1", "manager"),
        ("manager1", "analyst5", "analyst"),
        ("admin", "admin", "auditor"),
        ("operations1", "analyst1", "administrator"),
    ],
)
def test_nobody_assigns_a_role_beyond_their_own_reach(desk, who, to, role):
    with pytest.raises(InsufficientPrivilege):
        desk(who, ROLE, to=to, role=role)


def test_a_manager_gives_the_analyst_role_in_their_team(desk):
    assert (
        desk(
            "admin",
            "DELETE FROM person_groups WHERE user_id IN"
            " (SELECT id FROM person WHERE username = 'analyst3')",
        )
        == 2  # the role and the team
    )
    given = desk(
        "manager1",
        "DELETE FROM person_groups WHERE user_id IN"
        " (SELECT id FROM person WHERE username IN ('analyst3', 'analyst5', 'manager2'))",
    )
    assert given == 2


@pytest.mark.parametrize("flag", ["is_superuser", "is_staff"])
def test_nobody_raises_themselves(desk, flag):
    with pytest.raises(InsufficientPrivilege):
        desk("analyst1", f"UPDATE person SET {flag} = true WHERE username = 'analyst1'")


def test_not_even_an_administrator_makes_a_superuser(desk):
    with pytest.raises(InsufficientPrivilege):
        desk("admin", "UPDATE person SET is_superuser = true WHERE username = 'analyst1'")


def test_nobody_resets_the_password_of_a_superior(desk):
    changed = desk("manager1", "UPDATE person SET password = 'x' WHERE username = 'executive1'")
    assert changed == 0


def test_a_person_changes_their_own_password(desk):
    assert desk("analyst1", "UPDATE person SET password = 'x' WHERE username = 'analyst1'") == 1
