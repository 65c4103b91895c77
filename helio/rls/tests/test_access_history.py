"""The history of access: of a past moment it says what the perimeter answered then.

Random histories are played on a database, and perimeter_of() is asked after each step; later the
history must give the same answers for the moments in between. The two are written apart: the oracle
is the rule itself, asked at the time.
"""

import random
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.types.range import TimestamptzRange

from helio.rls.tests.support import identify, token
from helio.testing import firm as firms
from helio.testing.firm import Firm

pytestmark = pytest.mark.usefixtures("fresh_database")
STEPS = 60
CAST = ("mia", "max", "ann", "abe", "new", "ada", "otto")

VIEW = """
    INSERT INTO portfolio_user_grant
        (user_id, permission_id, content_object_id, reason, valid_from, valid_until)
    SELECT %s, id, %s, 'random', clock_timestamp() + %s * interval '1 ms',
           clock_timestamp() + %s * interval '1 ms'
      FROM auth_permission WHERE codename = %s
"""
VIEW_TEAM = VIEW.replace("portfolio_user_grant", "portfolio_group_grant").replace(
    "user_id", "group_id"
)
MOVE_END = """
    UPDATE {table} SET valid_until = clock_timestamp() + %s * interval '1 ms'
     WHERE id = (SELECT id FROM {table} WHERE valid_until IS NULL OR valid_until > clock_timestamp()
                  ORDER BY random() LIMIT 1)
"""
# The answers of the rule at one moment, and the moment.
ASK = """
    SELECT statement_timestamp(), person.id, security.perimeter_of(person.id) FROM person
     WHERE person.id = ANY (%s)
"""
THEN = """
    SELECT person_id, array_agg(DISTINCT portfolio_id ORDER BY portfolio_id)
      FROM security.access_spans(tstzrange(%(at)s, %(at)s, '[]'), %(people)s, NULL)
     GROUP BY person_id
"""
# In one statement, hence of one moment: what one of the two tells and the other does not.
WAYS = "person_id, portfolio_id, permission_id, group_id, person_grant_id, group_grant_id"
NOW_BUT_NOT_RECORDED = f"""
    SELECT {WAYS} FROM security.access_now(NULL, NULL)
    EXCEPT
    SELECT {WAYS} FROM security.access_spans(
        tstzrange(statement_timestamp(), statement_timestamp(), '[]'), NULL, NULL)
"""
RECORDED_BUT_NOT_NOW = f"""
    SELECT {WAYS} FROM security.access_spans(
        tstzrange(statement_timestamp(), statement_timestamp(), '[]'), NULL, NULL)
    EXCEPT
    SELECT {WAYS} FROM security.access_now(NULL, NULL)
"""
# The same spans when only this person's, and this portfolio's, are asked for.
OF_ONE = """
    SELECT count(*) FROM (
        (SELECT * FROM security.access_spans(%(all)s, NULL, NULL)
          WHERE person_id = %(person)s AND portfolio_id = %(portfolio)s
         EXCEPT
         SELECT * FROM security.access_spans(%(all)s, %(people)s, %(portfolios)s))
        UNION ALL
        (SELECT * FROM security.access_spans(%(all)s, %(people)s, %(portfolios)s)
         EXCEPT
         SELECT * FROM security.access_spans(%(all)s, NULL, NULL)
          WHERE person_id = %(person)s AND portfolio_id = %(portfolio)s)) AS differing
"""


@pytest.fixture(scope="module")
def firm(fresh_database: str) -> Firm:
    return firms.found(fresh_database)


def steps(chance: random.Random, firm: Firm) -> Iterator[tuple[str, list]]:
    """Endless changes of everything that an answer rests on, each a statement and its values."""
    people = [firm.people[name] for name in CAST]
    groups = list(firm.teams.values())
    while True:
        person, team = chance.choice(people), chance.choice(groups)
        portfolio = chance.choice(list(firm.portfolios.values()))
        right = chance.choice(["view_portfolio", "manage_portfolio", "delete_portfolio"])
        begins = chance.choice([0, 0, 15, 40])
        lasts = begins + chance.choice([5, 20, 60])
        yield chance.choice(
            [
                (VIEW, [person, portfolio, begins, lasts, right]),
                (VIEW_TEAM, [team, portfolio, begins, lasts, right]),
                (MOVE_END.format(table="portfolio_user_grant"), [chance.choice([0, 30])]),
                (MOVE_END.format(table="portfolio_group_grant"), [chance.choice([0, 30])]),
                (
                    (
                        "INSERT INTO person_groups (user_id, group_id) VALUES (%s, %s)"
                        " ON CONFLICT DO NOTHING"
                    ),
                    [person, team],
                ),
                ("DELETE FROM person_groups WHERE user_id = %s AND group_id = %s", [person, team]),
                (
                    (
                        "INSERT INTO person_groups (user_id, group_id) SELECT %s, id"
                        " FROM auth_group WHERE name = 'auditor' ON CONFLICT DO NOTHING"
                    ),
                    [person],
                ),
                (
                    (
                        "DELETE FROM person_groups WHERE user_id = %s AND group_id ="
                        " (SELECT id FROM auth_group WHERE name = 'auditor')"
                    ),
                    [person],
                ),
                ("UPDATE person SET is_active = NOT is_active WHERE id = %s", [person]),
            ]
        )


@pytest.mark.parametrize("seed", range(6))
def test_the_history_answers_as_the_perimeter_did(firm, connect_as, seed):
    chance = random.Random(seed)
    people = [firm.people[name] for name in CAST]
    asked = []
    with connect_as("superuser", autocommit=True) as owner:
        for (statement, values), _ in zip(steps(chance, firm), range(STEPS), strict=False):
            owner.execute(statement, values)
            # Long enough for the clock to end or begin something in between, at times.
            owner.execute("SELECT pg_sleep(%s)", [chance.choice([0, 0.01, 0.03])])
            asked += owner.execute(ASK, [people]).fetchall()
        moments = sorted({at for at, _, _ in asked})
        told = {}
        for at in moments:
            rows = owner.execute(THEN, {"at": at, "people": people}).fetchall()
            told[at] = dict(rows)
    differing = [
        (at, person, ids, told[at].get(person, []))
        for at, person, ids in asked
        if told[at].get(person, []) != ids
    ]
    assert len(asked) == STEPS * len(people)
    assert sum(bool(ids) for _, _, ids in asked) > STEPS  # not a comparison of nothing
    assert differing == []


@pytest.mark.parametrize("seed", range(10, 13))
def test_the_rows_in_force_say_of_now_what_the_history_says(firm, connect_as, seed):
    chance = random.Random(seed)
    ways = 0
    with connect_as("superuser", autocommit=True) as owner:
        for (statement, values), _ in zip(steps(chance, firm), range(STEPS), strict=False):
            owner.execute(statement, values)
            owner.execute("SELECT pg_sleep(%s)", [chance.choice([0, 0.01, 0.03])])
            assert owner.execute(NOW_BUT_NOT_RECORDED).fetchall() == []
            assert owner.execute(RECORDED_BUT_NOT_NOW).fetchall() == []
            ways += owner.execute(
                "SELECT count(*) FROM security.access_now(NULL, NULL)"
            ).fetchone()[0]
    assert ways > STEPS  # not a comparison of nothing


def test_spans_of_some_are_the_same_as_among_all(firm, connect_as):
    """After the random histories: cut before the history is read, or afterwards."""
    owner = connect_as("superuser", autocommit=True)
    for person in (firm.people[name] for name in CAST):
        for portfolio in firm.portfolios.values():
            asked = {
                "all": TimestamptzRange(),
                "person": person,
                "portfolio": portfolio,
                "people": [person],
                "portfolios": [portfolio],
            }
            assert owner.execute(OF_ONE, asked).fetchone() == (0,)


def effective(connect_as, firm: Firm, who: str, day: str = "now()") -> list[tuple[str, str]]:
    query = f"""
        SELECT DISTINCT username, portfolio_code
          FROM security.effective_access({day}, {day}) ORDER BY 1, 2
    """
    with connect_as("web") as web, web.transaction():
        identify(web, token(web, firm.people[who]))
        return web.execute(query).fetchall()


@pytest.fixture
def quiet(firm, connect_as):
    """The firm with its first grants only, whatever the random histories left."""
    with connect_as("superuser", autocommit=True) as owner:
        for table in ("portfolio_user_grant", "portfolio_group_grant"):
            owner.execute(f"UPDATE {table} SET valid_until = now()")
        owner.execute("UPDATE person SET is_active = true")
        owner.execute(
            "DELETE FROM person_groups WHERE group_id IN (SELECT id FROM auth_group"
            " WHERE name = 'auditor') AND user_id <> %s",
            [firm.people["ada"]],
        )
        owner.execute(
            "INSERT INTO person_groups (user_id, group_id) SELECT %s, id FROM auth_group"
            " WHERE name = 'auditor' ON CONFLICT DO NOTHING",
            [firm.people["ada"]],
        )
        for person, right, code in firms.GRANTS:
            owner.execute(firms.ADD_GRANT, [firm.people[person], firm.portfolios[code], right])


def test_each_reader_is_told_what_they_may_know(quiet, firm, connect_as):
    everything = effective(connect_as, firm, "root")
    assert ("ann", "L-1") in everything
    assert ("ada", "N-1") in everything
    assert effective(connect_as, firm, "ada") == everything
    assert {code for _, code in effective(connect_as, firm, "mia")} == {"L-1", "L-2"}
    assert effective(connect_as, firm, "ann") == [("ann", "L-1")]
    assert effective(connect_as, firm, "otto") == []


@pytest.mark.parametrize("who", [*CAST, "root"])
def test_each_reader_is_told_of_now_what_the_history_tells_them(quiet, firm, connect_as, who):
    query = (
        "SELECT DISTINCT username, portfolio_code FROM security.effective_now(%s, %s) ORDER BY 1, 2"
    )
    names = "SELECT people, codes FROM security.effective_choices(%s)"
    told = effective(connect_as, firm, who)
    with connect_as("web") as web, web.transaction():
        identify(web, token(web, firm.people[who]))
        assert web.execute(query, ["", []]).fetchall() == told
        for person in CAST:
            found = web.execute(query, [person, []]).fetchall()
            assert found == [one for one in told if one[0] == person]
        found = web.execute(query, ["", ["L-1", "nowhere"]]).fetchall()
        assert found == [one for one in told if one[1] == "L-1"]
        people, codes = web.execute(names, [100]).fetchone()
        assert people == sorted({one for one, _ in told})
        assert codes == sorted({one for _, one in told})


def test_more_names_than_asked_for_are_no_list(quiet, firm, connect_as):
    with connect_as("web") as web, web.transaction():
        identify(web, token(web, firm.people["root"]))
        told = web.execute("SELECT people, codes FROM security.effective_choices(3)").fetchone()
    assert told == (None, None)


@pytest.mark.parametrize(
    "relation",
    [
        "security.effective_access('-infinity', 'infinity')",
        "security.effective_access('-infinity', 'infinity', NULL, NULL)",
        "security.effective_of('-infinity', 'infinity', '', '{}')",
        "security.effective_now('', '{}')",
    ],
)
def test_nobody_unsigned_is_told_anything(quiet, connect_as, relation):
    with connect_as("web", autocommit=True) as web:
        assert web.execute(f"SELECT count(*) FROM {relation}").fetchone() == (0,)


def test_the_history_is_append_only_even_for_its_owner(connect_as):
    for statement in (
        "DELETE FROM security.access_history",
        "UPDATE security.access_history SET holds = true",
        "TRUNCATE security.access_history",
    ):
        guard = connect_as("guard")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            guard.execute(statement)
        guard.rollback()
