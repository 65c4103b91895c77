"""Every way up that was thought of, tried as helio_web with a signed identity.

The cast is helio/testing/firm.py: mia manages L-1 and L-2 and leads London; max manages N-1 and
leads New York; root and rose are administrators; ada is an auditor.
"""

import datetime as dt

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege, UniqueViolation

from helio.rls.tests.support import identify, token
from helio.testing import firm as firms
from helio.testing.firm import Firm

pytestmark = pytest.mark.usefixtures("fresh_database")

GIVE = """
    INSERT INTO portfolio_user_grant
        (user_id, permission_id, content_object_id, granted_by_id, reason, valid_from, valid_until)
    SELECT %(to)s, id, %(on)s, %(by)s, 'test', coalesce(%(since)s, statement_timestamp()), %(until)s
      FROM auth_permission WHERE codename = %(right)s
"""
GIVE_TEAM = """
    INSERT INTO portfolio_group_grant
        (group_id, permission_id, content_object_id, granted_by_id, reason)
    SELECT %(to)s, id, %(on)s, %(by)s, 'test' FROM auth_permission WHERE codename = %(right)s
"""
JOIN = "INSERT INTO person_groups (user_id, group_id) VALUES (%(person)s, %(group)s)"
LEAVE = "DELETE FROM person_groups WHERE user_id = %(person)s AND group_id = %(group)s"
LEAD = "INSERT INTO team_manager (user_id, team_id) VALUES (%(person)s, %(group)s)"
ASK = """
    INSERT INTO role_request (person_id, role_id, reason, asked_by_id)
    VALUES (%(person)s, %(group)s, 'needed', %(by)s) RETURNING id
"""
DECIDE = "UPDATE role_request SET decision = %(decision)s WHERE id = %(request)s"
HOUR = dt.timedelta(hours=1)


@pytest.fixture(scope="module")
def firm(fresh_database: str) -> Firm:
    return firms.found(fresh_database)


@pytest.fixture
def ids(firm, connect_as) -> dict[str, int]:
    """Ids of groups by name: roles and teams."""
    with connect_as("superuser") as owner:
        return dict(owner.execute("SELECT name, id FROM auth_group").fetchall())


@pytest.fixture
def attack(firm, connect_as):
    """Runs statements one after another, each as its own person, in one transaction rolled back.

    Each step is (person, statement, parameters); the last one's row count comes back.
    """
    web = connect_as("web")

    def run(*steps) -> int:
        with web.transaction(force_rollback=True):
            for who, statement, parameters in steps:
                # The same transaction, so a new signature is good for it.
                identify(web, token(web, firm.people[who]) if who else "")
                cursor = web.execute(statement, parameters)
            return cursor.rowcount

    return run


def give(firm: Firm, by: str, to: str, on: str, right: str = "view_portfolio", **when) -> tuple:
    parameters = {
        "to": firm.people[to],
        "on": firm.portfolios[on],
        "by": firm.people[by],
        "right": right,
        "since": when.get("since"),
        "until": when.get("until"),
    }
    return by, GIVE, parameters


def give_team(firm: Firm, by: str, team: int, on: str, right: str = "view_portfolio") -> tuple:
    on_id, by_id = firm.portfolios[on], firm.people[by]
    return by, GIVE_TEAM, {"to": team, "on": on_id, "by": by_id, "right": right}


def join(firm: Firm, by: str, person: str, group: int, statement: str = JOIN) -> tuple:
    return by, statement, {"person": firm.people[person], "group": group}


# --- teams --------------------------------------------------------------------------------------


def test_a_leader_joins_people_to_the_team_they_lead(firm, attack):
    assert attack(join(firm, "mia", "abe", firm.teams["London"])) == 1


@pytest.mark.parametrize(
    ("who", "whom", "team"),
    [
        ("mia", "mia", "London"),  # the leader, to get what the team was granted
        ("mia", "ann", "New York"),  # another's team
        ("mia", "ada", "London"),  # a superior
        ("mia", "root", "London"),
        ("ann", "ann", "New York"),  # nobody's leader
        ("root", "root", "London"),  # the administrator, who may join everybody else
        ("ada", "ann", "London"),
    ],
)
def test_nobody_joins_themselves_a_superior_or_anothers_team(firm, attack, who, whom, team):
    with pytest.raises(InsufficientPrivilege):
        attack(join(firm, who, whom, firm.teams[team]))


@pytest.mark.parametrize(("on", "right"), [("N-1", "view_portfolio"), ("L-1", "manage_portfolio")])
def test_a_leader_cannot_open_through_the_team_what_they_could_not_give(firm, attack, on, right):
    """The team was granted more than its leader may give: joining would hand it on."""
    london = firm.teams["London"]
    with pytest.raises(InsufficientPrivilege):
        attack(give_team(firm, "root", london, on, right), join(firm, "mia", "abe", london))


def test_a_leader_joins_people_while_the_team_views_what_the_leader_manages(firm, attack):
    london = firm.teams["London"]
    assert attack(give_team(firm, "mia", london, "L-1"), join(firm, "mia", "abe", london)) == 1


def test_a_leader_takes_no_member_out_of_anothers_team(firm, attack):
    assert attack(join(firm, "mia", "abe", firm.teams["New York"], LEAVE)) == 0


def test_the_analyst_role_of_another_teams_member_stays(firm, attack, ids):
    """Joining somebody to one's team must not be a way to take their role."""
    steps = (
        join(firm, "mia", "abe", firm.teams["London"]),
        join(firm, "mia", "abe", ids["analyst"], LEAVE),
    )
    assert attack(*steps) == 0


@pytest.mark.parametrize(("who", "whom"), [("mia", "mia"), ("root", "root"), ("ada", "max")])
def test_nobody_names_themselves_leader_of_a_team(firm, attack, who, whom):
    with pytest.raises(InsufficientPrivilege):
        attack(join(firm, who, whom, firm.teams["New York"], LEAD))


def test_a_grant_to_ones_own_team_is_refused(firm, attack):
    london = firm.teams["London"]
    with pytest.raises(InsufficientPrivilege):
        attack(join(firm, "root", "mia", london), give_team(firm, "mia", london, "L-1"))


def test_a_grant_to_a_role_is_refused(firm, attack, ids):
    """Whoever gets the role would get the portfolio: managers give the analyst role."""
    with pytest.raises(InsufficientPrivilege):
        attack(give_team(firm, "root", ids["analyst"], "N-1"))


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO auth_group (name) VALUES ('mine')",
        "UPDATE auth_group SET name = 'auditor 2' WHERE name = 'auditor'",
        "INSERT INTO team (group_id) SELECT id FROM auth_group WHERE name = 'auditor'",
        "UPDATE team_manager SET user_id = 1",
        "UPDATE person_groups SET group_id = 1",
        "INSERT INTO auth_group_permissions (group_id, permission_id) VALUES (1, 1)",
        "INSERT INTO person_user_permissions (user_id, permission_id) VALUES (1, 1)",
        "DELETE FROM role_request",
        "UPDATE role_request SET person_id = 1",
        "UPDATE role_request SET asked_by_id = 1",
        "UPDATE grant_review SET outcome = 'confirmed'",
        "DELETE FROM grant_review",
        "INSERT INTO isolation_run (code_digest) VALUES ('')",
        "SELECT * FROM security.access_history",
        "DELETE FROM security.access_history",
        "SELECT * FROM security.access_spans(NULL, NULL, NULL)",
        "SELECT * FROM security.recorded('person', NULL, NULL)",
        "SELECT * FROM security.access_now(NULL, NULL)",
    ],
)
@pytest.mark.parametrize("who", ["mia", "root"])
def test_what_groups_are_and_what_was_is_not_the_web_roles_to_write(attack, who, statement):
    with pytest.raises(InsufficientPrivilege):
        attack((who, statement, None))


def test_only_an_administrator_makes_a_team(attack):
    assert attack(("root", "SELECT security.make_team('Tokyo')", None)) == 1
    with pytest.raises(InsufficientPrivilege):
        attack(("mia", "SELECT security.make_team('Tokyo')", None))
    with pytest.raises(UniqueViolation):
        attack(("root", "SELECT security.make_team('auditor')", None))


# --- grants -------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", [{"since": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, {"until": 0}])
def test_a_grant_is_not_dated_back(firm, attack, when):
    if "until" in when:
        when = {"until": dt.datetime.now(dt.UTC) - HOUR}
    with pytest.raises(InsufficientPrivilege, match="begins when it is given"):
        attack(give(firm, "mia", "new", "L-1", **when))


def test_a_grant_may_begin_later_and_end_by_itself(firm, attack):
    now = dt.datetime.now(dt.UTC)
    assert attack(give(firm, "mia", "new", "L-1", since=now + HOUR, until=now + 2 * HOUR)) == 1


def test_an_ended_grant_stays_ended(firm, attack):
    end = "UPDATE portfolio_user_grant SET valid_until = statement_timestamp() WHERE user_id = %s"
    revive = "UPDATE portfolio_user_grant SET valid_until = NULL WHERE user_id = %s"
    whom = [firm.people["ann"]]
    with pytest.raises(InsufficientPrivilege, match="has ended"):
        attack(("mia", end, whom), ("mia", "SELECT pg_sleep(0.01)", None), ("mia", revive, whom))


def test_an_end_in_the_past_becomes_now(firm, connect_as):
    """Otherwise whoever looks back would see that the access had not been there."""
    with connect_as("web") as web, web.transaction(force_rollback=True):
        identify(web, token(web, firm.people["mia"]))
        before = web.execute("SELECT clock_timestamp()").fetchone()[0]
        ended = web.execute(
            "UPDATE portfolio_user_grant SET valid_until = '2020-01-01' WHERE user_id = %s"
            " RETURNING valid_until",
            [firm.people["ann"]],
        ).fetchone()[0]
        assert ended >= before


@pytest.mark.parametrize(
    "column", ["reason", "granted_by_id", "valid_from", "covers_id", "user_id", "permission_id"]
)
def test_reason_giver_and_start_of_a_grant_are_not_edited(attack, column):
    for who in ("mia", "root"):
        with pytest.raises(InsufficientPrivilege):
            attack((who, f"UPDATE portfolio_user_grant SET {column} = NULL", None))


def test_holiday_cover_gives_nobody_their_own_cover(firm, attack):
    """Cover is made of grants: the giver is no receiver, and gives only what they may."""
    for to, on in (("mia", "L-1"), ("abe", "N-1")):
        by, statement, parameters = give(firm, "mia", to, on)
        covering = statement.replace("reason,", "reason, covers_id,").replace(
            "'test',", f"'test', {firm.people['ann']},"
        )
        with pytest.raises(InsufficientPrivilege):
            attack((by, covering, parameters))


@pytest.mark.parametrize("who", ["mia", "root", "ann", "ada"])
def test_nobody_confirms_their_own_access_or_in_anothers_name(firm, attack, who):
    own = """
        INSERT INTO grant_review (user_grant_id, outcome, reviewed_by_id)
        SELECT id, 'confirmed', %s FROM portfolio_user_grant WHERE user_id = %s LIMIT 1
    """
    other = "max" if who == "mia" else "mia"
    with pytest.raises(InsufficientPrivilege):
        attack((who, own, [firm.people[other], firm.people["ann"]]))
    if who in ("mia", "ann"):
        with pytest.raises(InsufficientPrivilege):
            attack((who, own, [firm.people[who], firm.people[who]]))


# --- roles that take two ------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["administrator", "auditor"])
@pytest.mark.parametrize("who", ["root", "mia", "ada"])
def test_nobody_gives_the_two_person_roles_alone(firm, attack, ids, who, role):
    with pytest.raises(InsufficientPrivilege):
        attack(join(firm, who, "new", ids[role]))


def ask(firm: Firm, connection: psycopg.Connection, by: str, person: str, role: int) -> int:
    identify(connection, token(connection, firm.people[by]))
    values = {"person": firm.people[person], "group": role, "by": firm.people[by]}
    return connection.execute(ASK, values).fetchone()[0]


def decide(firm: Firm, connection: psycopg.Connection, by: str, request: int, word: str) -> int:
    identify(connection, token(connection, firm.people[by]))
    return connection.execute(DECIDE, {"decision": word, "request": request}).rowcount


HAS = "SELECT count(*) FROM person_groups WHERE user_id = %s AND group_id = %s"


def test_a_second_administrator_approves_and_the_database_gives_the_role(firm, connect_as, ids):
    with connect_as("web") as web, web.transaction(force_rollback=True):
        request = ask(firm, web, "root", "new", ids["auditor"])
        assert web.execute(HAS, [firm.people["new"], ids["auditor"]]).fetchone() == (0,)
        assert decide(firm, web, "rose", request, "approved") == 1
        assert web.execute(HAS, [firm.people["new"], ids["auditor"]]).fetchone() == (1,)


@pytest.mark.parametrize(
    ("by", "person", "decider", "word"),
    [
        ("root", "new", "root", "approved"),  # one person alone
        ("root", "rose", "rose", "approved"),  # the person concerned
        ("root", "new", "root", "refused"),  # who asked withdraws, no more
        ("root", "new", "rose", "withdrawn"),
        ("root", "new", "rose", "granted"),
        ("root", "new", "rose", ""),
    ],
)
def test_a_request_is_decided_by_another(firm, connect_as, ids, by, person, decider, word):
    with connect_as("web") as web, web.transaction(force_rollback=True):
        request = ask(firm, web, by, person, ids["auditor"])
        with pytest.raises(InsufficientPrivilege):
            decide(firm, web, decider, request, word)


@pytest.mark.parametrize("decider", ["mia", "ada", "new", "ann"])
def test_others_decide_no_request(firm, connect_as, ids, decider):
    with connect_as("web") as web, web.transaction(force_rollback=True):
        request = ask(firm, web, "root", "new", ids["auditor"])
        assert decide(firm, web, decider, request, "approved") == 0


@pytest.mark.parametrize(
    ("by", "person", "role"),
    [
        ("root", "root", "auditor"),
        ("mia", "ann", "auditor"),
        ("ada", "ann", "administrator"),
        ("root", "ann", "manager"),  # needs no request, hence has none
    ],
)
def test_not_everybody_asks_for_everything(firm, connect_as, ids, by, person, role):
    with (
        connect_as("web") as web,
        web.transaction(force_rollback=True),
        pytest.raises(InsufficientPrivilege),
    ):
        ask(firm, web, by, person, ids[role])


def test_a_request_in_anothers_name_is_stamped_with_ones_own(firm, connect_as, ids):
    """Else root asks in rose's name and approves as root."""
    with connect_as("web") as web, web.transaction(force_rollback=True):
        identify(web, token(web, firm.people["root"]))
        values = {
            "person": firm.people["new"],
            "group": ids["auditor"],
            "by": firm.people["rose"],
        }
        request = web.execute(ASK, values).fetchone()[0]
        with pytest.raises(InsufficientPrivilege):
            decide(firm, web, "root", request, "approved")


def test_who_made_the_persons_password_cannot_become_them_in_a_higher_role(firm, connect_as, ids):
    """root sets new's password and asks; rose approves in good faith; root would be two people."""
    with connect_as("web") as web, web.transaction(force_rollback=True):
        identify(web, token(web, firm.people["root"]))
        web.execute("UPDATE person SET password = 'known' WHERE username = 'new'")
        request = ask(firm, web, "root", "new", ids["administrator"])
        with pytest.raises(InsufficientPrivilege, match="choose their own"), web.transaction():
            decide(firm, web, "rose", request, "approved")
        identify(web, token(web, firm.people["new"]))
        web.execute("UPDATE person SET password = 'own' WHERE username = 'new'")
        assert decide(firm, web, "rose", request, "approved") == 1


def test_a_request_of_somebody_who_is_no_administrator_any_more_is_void(firm, connect_as, ids):
    with connect_as("web") as web, web.transaction(force_rollback=True):
        request = ask(firm, web, "root", "new", ids["auditor"])
        identify(web, token(web, firm.people["rose"]))
        leaving = {"person": firm.people["root"], "group": ids["administrator"]}
        assert web.execute(LEAVE, leaving).rowcount == 1
        with pytest.raises(InsufficientPrivilege, match="no administrator any more"):
            decide(firm, web, "rose", request, "approved")


# --- accounts of superiors ----------------------------------------------------------------------


@pytest.mark.parametrize("column", ["password", "email", "username"])
@pytest.mark.parametrize("whom", ["ada", "rose"])
def test_an_administrator_takes_over_no_administrator_or_auditor(firm, attack, whom, column):
    with pytest.raises(InsufficientPrivilege, match="take over"):
        attack(("root", f"UPDATE person SET {column} = 'x' WHERE id = %s", [firm.people[whom]]))


def test_a_disabled_superior_is_not_woken_up_by_one_person(firm, attack):
    state = "UPDATE person SET is_active = %s WHERE username = 'ada'"
    with pytest.raises(InsufficientPrivilege, match="take over"):
        attack(("root", state, [False]), ("rose", state, [True]))


@pytest.mark.parametrize("who", ["mia", "ann", "ada", "otto", "eva"])
@pytest.mark.parametrize("whom", ["new", "abe", "root", "ada"])
def test_nobody_but_an_administrator_resets_a_password(firm, attack, who, whom):
    if who == whom:
        return
    reset = "UPDATE person SET password = 'x' WHERE id = %s"
    assert attack((who, reset, [firm.people[whom]])) == 0


def test_an_administrator_resets_the_password_of_the_others(firm, attack):
    reset = "UPDATE person SET password = 'x' WHERE id = %s"
    assert attack(("root", reset, [firm.people["ann"]])) == 1


@pytest.mark.parametrize("flag", ["is_superuser", "is_staff"])
@pytest.mark.parametrize("who", ["mia", "root", "ada"])
def test_nobody_raises_themselves_by_a_flag(firm, attack, who, flag):
    with pytest.raises(InsufficientPrivilege):
        attack((who, f"UPDATE person SET {flag} = true WHERE id = %s", [firm.people[who]]))
