"""Attacks on the identity, each over a connection of the web role as an injected query has it."""

import psycopg
import pytest
from psycopg.errors import FeatureNotSupported, InsufficientPrivilege

from helio.rls.tests.support import COUNT, KEY, identify, person_id, token


def ask(connection: psycopg.Connection, identity, query: str = COUNT) -> list[tuple]:
    """Rows of ``query`` in one transaction under an identity (a token, or what makes one)."""
    with connection.transaction():
        identify(connection, identity(connection) if callable(identity) else identity)
        cursor = connection.execute(query)
        return cursor.fetchall() if cursor.description else []


def signed(person: int, key: bytes = KEY):
    """Makes a token that is good for the transaction it is made in."""
    return lambda connection: token(connection, person, key)


def test_a_signed_identity_sees_its_perimeter_and_nothing_else(web, analyst):
    rows = ask(web, signed(analyst), "SELECT code FROM portfolio ORDER BY code")
    assert rows == [("HA-01",), ("HA-04",)]


def test_no_identity_sees_nothing(web, analyst):
    assert web.execute(COUNT).fetchone() == (0,)
    assert web.execute("SELECT count(*) FROM transaction").fetchone() == (0,)
    assert web.execute("SELECT count(*) FROM position_daily").fetchone() == (0,)
    assert web.execute("SELECT count(*) FROM price").fetchone() == (0,)


@pytest.mark.parametrize(
    "forged",
    ["7", "7.1.1", "admin", "1.2.3." + "0" * 64, "1.2.3." + "g" * 64, "'; SELECT 1; --"],
)
def test_a_made_up_identity_is_refused(web, analyst, forged):
    with pytest.raises(InsufficientPrivilege):
        ask(web, forged)


def test_an_identity_signed_with_another_key_is_refused(web, analyst):
    with pytest.raises(InsufficientPrivilege, match="forged"):
        ask(web, signed(analyst, key=b"a key that somebody guessed, as long"))


def test_another_person_cannot_be_put_into_a_signed_identity(web, connect_as, analyst):
    auditor = person_id(connect_as, "auditor1")

    def swapped(connection):
        return f"{auditor}.{token(connection, analyst).split('.', 1)[1]}"

    with pytest.raises(InsufficientPrivilege, match="forged"):
        ask(web, swapped)


def test_an_identity_replayed_in_a_later_transaction_is_refused(web, analyst):
    kept = []

    def keep(connection):
        kept.append(token(connection, analyst))
        return kept[0]

    assert ask(web, keep) == [(2,)]
    with pytest.raises(InsufficientPrivilege, match="another transaction"):
        ask(web, kept[0])


def test_an_identity_replayed_on_another_connection_is_refused(web, connect_as, analyst):
    with connect_as("web") as other, web.transaction():
        stolen = token(web, analyst)
        identify(web, stolen)
        assert web.execute(COUNT).fetchone() == (2,)
        with pytest.raises(InsufficientPrivilege, match="another transaction"):
            ask(other, stolen)


def test_a_session_level_identity_does_not_outlive_its_transaction(web, analyst):
    with web.transaction():
        web.execute("SELECT set_config('helio.identity', %s, false)", [token(web, analyst)])
        assert web.execute(COUNT).fetchone() == (2,)
    with pytest.raises(InsufficientPrivilege):
        web.execute(COUNT)


def test_a_local_identity_leaves_nothing_for_the_next_borrower(web, analyst):
    assert ask(web, signed(analyst)) == [(2,)]
    assert web.execute(COUNT).fetchone() == (0,)


def test_a_prepared_statement_answers_for_whoever_asks_now(web, connect_as, analyst):
    other = person_id(connect_as, "analyst11")
    seen = []
    for who in (analyst, other) * 6:
        with web.transaction():
            identify(web, token(web, who))
            rows = web.execute("SELECT code FROM portfolio ORDER BY code", prepare=True)
            seen.append([row[0] for row in rows])
    assert seen == [["HA-01", "HA-04"], ["HA-14"]] * 6


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM security.signing_key",
        "SELECT security.perimeter_of(1)",
        "SELECT security.granted_to(1, '{view_portfolio}')",
        "SELECT security.perimeter_until(1)",
        "SELECT security.is_signed('1.2.3', '')",
        "SELECT * FROM rollup.portfolio_day",
        "SELECT * FROM rollup.perimeter",
        "SELECT * FROM rollup.perimeter_day",
        "SELECT security.perimeters_in_use('-infinity', 100)",
        "SELECT changed_portfolios FROM version",
        "SELECT count(*) FROM version WHERE changed_portfolios @> '{1}'",
        "SET ROLE helio_owner",
        "SET ROLE helio_rollup",
        "SET SESSION AUTHORIZATION postgres",
        "ALTER TABLE portfolio DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY open ON portfolio USING (true)",
        "GRANT helio_owner TO helio_web",
        "CREATE TEMP TABLE mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "CREATE FUNCTION public.peek() RETURNS int LANGUAGE sql RETURN 1",
        "TRUNCATE transaction",
        "DELETE FROM transaction",
        "UPDATE transaction SET units = 0",
        "INSERT INTO version (number, cause) VALUES (99, '')",
        "COPY transaction TO PROGRAM 'cat'",
        "COPY portfolio FROM '/etc/passwd'",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_the_web_role_has_no_way_around(web, analyst, query):
    with pytest.raises((InsufficientPrivilege, FeatureNotSupported)):
        ask(web, signed(analyst), query)


@pytest.mark.parametrize("table", ["source_file", "source_text", "exception_item", "audit_event"])
def test_what_concerns_others_shows_an_analyst_no_row(web, analyst, table):
    rows = ask(web, signed(analyst), f"SELECT count(*) FROM {table}")
    assert rows == [(0,)]


def test_copying_a_table_out_stays_inside_the_perimeter(web, analyst):
    with web.transaction():
        identify(web, token(web, analyst))
        with web.cursor().copy("COPY (SELECT code FROM portfolio ORDER BY code) TO STDOUT") as out:
            assert b"".join(out) == b"HA-01\nHA-04\n"


def test_switching_row_security_off_raises_instead_of_opening(web, analyst):
    def without(connection):
        connection.execute("SET LOCAL row_security = off")
        return token(connection, analyst)

    with pytest.raises(InsufficientPrivilege, match="row-level security"):
        ask(web, without)


def test_a_condition_that_raises_never_sees_a_foreign_row(web, analyst):
    """A leaky condition fails on the first row it meets: it must not meet a foreign one."""
    query = "SELECT count(*) FROM portfolio WHERE code = 'HA-02' AND 1 / (id - id) = 1"
    assert ask(web, signed(analyst), query) == [(0,)]
