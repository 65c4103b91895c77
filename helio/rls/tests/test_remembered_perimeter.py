"""The perimeter remembered in a transaction: spares asking again, and opens nothing."""

import time

import psycopg
import pytest
from psycopg import IsolationLevel
from psycopg.errors import InsufficientPrivilege

from helio.rls.identity import ENTER
from helio.rls.tests.support import (
    KEY,
    codes,
    identify,
    memo,
    person_id,
    setting,
    token,
)

MINE = ["HA-01", "HA-04"]
FOREVER = 2**63 - 1
MEMO = "helio.perimeter"
GRANTS = """
    UPDATE portfolio_user_grant SET valid_until = %s
     WHERE user_id = %s AND content_object_id = (SELECT id FROM portfolio WHERE code = %s)
"""
pytestmark = pytest.mark.usefixtures("alpha")


@pytest.fixture
def reading(web):
    """The web role's connection as a page reads: one state from end to end."""
    web.isolation_level = IsolationLevel.REPEATABLE_READ
    return web


@pytest.fixture
def everything(connect_as) -> str:
    """Every portfolio there is, as a memo writes it."""
    with connect_as("superuser") as connection:
        query = "SELECT array_agg(id ORDER BY id)::text FROM portfolio"
        return connection.execute(query).fetchone()[0]


def enter(connection: psycopg.Connection, person: int) -> str:
    """The memo of the transaction, entered as the person."""
    connection.execute(ENTER, [token(connection, person)])
    return remembered(connection)


def remembered(connection: psycopg.Connection) -> str:
    query = "SELECT coalesce(current_setting('helio.perimeter', true), '')"
    return connection.execute(query).fetchone()[0]


def test_a_reading_transaction_remembers_its_perimeter(reading, analyst):
    with reading.transaction():
        assert enter(reading, analyst).count(".") == 2
        assert codes(reading) == MINE


def test_a_memo_that_is_signed_is_what_is_believed(reading, analyst, everything):
    """Without this the tests below would prove nothing."""
    with reading.transaction():
        enter(reading, analyst)
        setting(reading, MEMO, memo(reading, analyst, FOREVER, everything))
        assert len(codes(reading)) == everything.count(",") + 1


def test_a_memo_signed_with_another_key_is_worth_nothing(reading, analyst, everything):
    with reading.transaction():
        enter(reading, analyst)
        guessed = memo(reading, analyst, FOREVER, everything, key=b"another key, just as long")
        setting(reading, MEMO, guessed)
        assert codes(reading) == MINE


@pytest.mark.parametrize(
    "made_up",
    [
        *("", ".", "..", "0.1.{1,2,3}", "a.b.c", "'; --", "{1,2,3}", "." * 500),
        *(f"{'0' * 64}.{FOREVER}.{{1,2,3}}", f"{'0' * 64}.x.y"),
    ],
)
def test_a_made_up_memo_is_worth_nothing(reading, analyst, made_up):
    with reading.transaction():
        enter(reading, analyst)
        setting(reading, MEMO, made_up)
        assert codes(reading) == MINE


def test_portfolios_cannot_be_put_into_a_memo(reading, analyst, everything):
    with reading.transaction():
        code, until, _ = enter(reading, analyst).split(".")
        setting(reading, MEMO, f"{code}.{until}.{everything}")
        assert codes(reading) == MINE


def test_a_memo_cannot_be_made_to_last(reading, analyst):
    with reading.transaction():
        code, _, ids = enter(reading, analyst).split(".")
        setting(reading, MEMO, f"{code}.{FOREVER - 1}.{ids}")
        assert codes(reading) == MINE


def test_a_memo_without_an_identity_shows_nothing(reading, analyst):
    with reading.transaction():
        enter(reading, analyst)
        identify(reading, "")
        assert codes(reading) == []


def test_another_person_does_not_get_the_memo_of_the_one_before(reading, connect_as, analyst):
    other = person_id(connect_as, "analyst11")
    with reading.transaction():
        enter(reading, analyst)
        identify(reading, token(reading, other))
        assert codes(reading) == ["HA-14"]


def test_a_memo_of_another_person_does_not_fit(reading, connect_as, analyst, everything):
    auditor = person_id(connect_as, "auditor1")
    with reading.transaction():
        enter(reading, analyst)
        setting(reading, MEMO, memo(reading, auditor, FOREVER, everything))
        assert codes(reading) == MINE


def test_a_memo_kept_from_an_earlier_transaction_does_not_fit(reading, connect_as, analyst):
    with reading.transaction():
        kept = enter(reading, analyst)
    with connect_as("superuser", autocommit=True) as owner:
        owner.execute(GRANTS, ["now", analyst, "HA-04"])
        try:
            with reading.transaction():
                identify(reading, token(reading, analyst))
                setting(reading, MEMO, kept)
                assert codes(reading) == ["HA-01"]
        finally:
            owner.execute(GRANTS, [None, analyst, "HA-04"])


def test_a_memo_set_for_the_session_does_not_outlive_its_transaction(reading, analyst):
    with reading.transaction():
        kept = enter(reading, analyst)
        setting(reading, MEMO, kept, local=False)
        setting(reading, "helio.identity", token(reading, analyst), local=False)
    with pytest.raises(InsufficientPrivilege, match="another transaction"):
        codes(reading)


def test_a_memo_on_another_connection_does_not_fit(reading, connect_as, analyst, everything):
    with reading.transaction(), connect_as("web") as other:
        wide = memo(reading, analyst, FOREVER, everything)
        other.isolation_level = IsolationLevel.REPEATABLE_READ
        identify(other, token(other, analyst))
        setting(other, MEMO, wide)
        assert codes(other) == MINE


def test_the_code_of_a_memo_signs_no_identity(reading, connect_as, analyst):
    auditor = person_id(connect_as, "auditor1")
    with reading.transaction():
        code, until, ids = enter(reading, analyst).split(".")
        pid_and_start = token(reading, analyst).split(".")[1:3]
        for person in (str(auditor), "perimeter", f"perimeter.{analyst}"):
            forged = ".".join([person, *pid_and_start, code])
            with pytest.raises(InsufficientPrivilege), reading.transaction():
                reading.execute(ENTER, [forged])
        assert (until, ids) == (str(FOREVER), remembered(reading).split(".")[2])


def test_where_others_commits_show_nothing_is_remembered(web, connect_as, analyst):
    with connect_as("superuser", autocommit=True) as owner, web.transaction():
        assert enter(web, analyst) == ""
        assert codes(web) == MINE
        owner.execute(GRANTS, ["now", analyst, "HA-04"])
        try:
            assert codes(web) == ["HA-01"]
        finally:
            owner.execute(GRANTS, [None, analyst, "HA-04"])


def test_a_transaction_that_wrote_something_is_judged_anew(reading, analyst, everything):
    with reading.transaction():
        enter(reading, analyst)
        setting(reading, MEMO, memo(reading, analyst, FOREVER, everything))
        reading.execute("SELECT security.session_end('nobody')")
        assert len(codes(reading)) > len(MINE)  # it wrote nothing yet
        reading.execute(
            "SELECT security.session_write(repeat('0', 64), '', NULL, 60, 60, '', '', true)"
        )
        assert codes(reading) == MINE
        reading.execute("SELECT security.session_end(repeat('0', 64))")


def test_a_memo_ends_when_a_grant_ends_by_the_clock(reading, connect_as, analyst):
    with connect_as("superuser", autocommit=True) as owner:
        soon = owner.execute("SELECT clock_timestamp() + interval '700 ms'").fetchone()[0]
        owner.execute(GRANTS, [soon, analyst, "HA-04"])
        try:
            with reading.transaction():
                enter(reading, analyst)
                assert codes(reading) == MINE
                time.sleep(0.9)
                assert codes(reading) == ["HA-01"]
        finally:
            owner.execute(GRANTS, [None, analyst, "HA-04"])


def test_a_signed_memo_past_its_time_is_judged_anew(reading, analyst, everything):
    with reading.transaction():
        enter(reading, analyst)
        setting(reading, MEMO, memo(reading, analyst, 1, everything))
        assert codes(reading) == MINE


def test_entering_with_a_forged_identity_is_refused(reading, analyst):
    with pytest.raises(InsufficientPrivilege), reading.transaction():
        reading.execute(ENTER, [token(reading, analyst, KEY[::-1])])
