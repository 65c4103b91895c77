"""People for tests of figures, entered by the superuser: how access is given is not at stake."""

import psycopg

PERSON = """
    INSERT INTO person (password, is_superuser, username, first_name, last_name, email, is_staff,
                        is_active, date_joined, reporting_currency)
    VALUES ('!', false, %s, '', '', '', false, true, now(), 'USD') RETURNING id
"""
ROLE = """
    INSERT INTO person_groups (user_id, group_id)
    SELECT %s, id FROM auth_group WHERE name = ANY (%s)
"""
GRANT = """
    INSERT INTO portfolio_user_grant (user_id, permission_id, content_object_id, reason)
    SELECT %s, p.id, o.id, 'test' FROM auth_permission p, portfolio o
     WHERE p.codename = 'view_portfolio' AND o.code = ANY (%s)
"""


def enter(
    connection: psycopg.Connection,
    username: str,
    *,
    roles: tuple[str, ...] = (),
    portfolios: tuple[str, ...] = (),
) -> int:
    """Primary key of a new person with these roles who may view these portfolios."""
    person = connection.execute(PERSON, [username]).fetchone()
    assert person is not None
    connection.execute(ROLE, [person[0], list(roles)])
    connection.execute(GRANT, [person[0], list(portfolios)])
    connection.commit()
    return int(person[0])
