"""Looking as somebody else, in the database: under whose perimeter, for how long, to read only."""

from collections.abc import Callable

import psycopg
import pytest
from django.conf import settings
from psycopg import IsolationLevel
from psycopg.errors import InsufficientPrivilege, ReadOnlySqlTransaction

from helio.rls.identity import ASK, ENTER, sign_look
from helio.rls.tests.support import codes, identify, token
from helio.testing import firm as firms
from helio.testing.firm import Firm

pytestmark = pytest.mark.usefixtures("fresh_database")
KEY = settings.IDENTITY_KEY.encode()
BEGIN = """
    INSERT INTO view_as (actor_id, person_id, reason) VALUES (%s, %s, 'test')
    RETURNING id, actor_id, ends_at - started_at
"""


class Look:
    """A view-as as the web process signs it."""

    def __init__(self, number: int, actor: int, person: int) -> None:
        self.pk, self.actor_id, self.person_id = number, actor, person


@pytest.fixture(scope="module")
def firm(fresh_database: str) -> Firm:
    return firms.found(fresh_database)


@pytest.fixture
def web(connect_as) -> psycopg.Connection:
    connection = connect_as("web")
    connection.autocommit = True
    return connection


def begin(web: psycopg.Connection, firm: Firm, who: str, whom: str) -> Look:
    with web.transaction():
        identify(web, token(web, firm.people[who]))
        number, actor, _ = web.execute(BEGIN, [firm.people[who], firm.people[whom]]).fetchone()
    return Look(number, actor, firm.people[whom])


def read(
    web: psycopg.Connection, identity: Callable[[], str], *statements: str, read_only: bool = True
) -> list[str]:
    """Codes of the portfolios seen in one transaction, the statements after that."""
    with web.transaction():
        if read_only:
            web.execute("SET TRANSACTION READ ONLY")
        identify(web, identity())
        found = codes(web)
        for statement in statements:
            web.execute(statement)
        return found


def change(web: psycopg.Connection, person: int, statement: str) -> None:
    with web.transaction():
        identify(web, token(web, person))
        web.execute(statement)


def signed(web: psycopg.Connection, look: Look, key: bytes = KEY) -> str:
    pid, start = web.execute(ASK).fetchone()
    return sign_look(look, pid, start, key)


@pytest.fixture
def look(web, firm) -> Look:
    return begin(web, firm, "root", "ann")


def test_the_pages_are_those_of_the_other_and_the_database_knows_both(web, firm, look):
    with web.transaction():
        web.execute("SET TRANSACTION READ ONLY")
        identify(web, signed(web, look))
        assert codes(web) == ["L-1"]
        both = web.execute("SELECT security.uid(), security.viewer()").fetchone()
        assert both == (firm.people["ann"], firm.people["root"])


def test_an_ordinary_identity_has_no_viewer(web, firm):
    with web.transaction():
        identify(web, token(web, firm.people["root"]))
        assert web.execute("SELECT security.viewer()").fetchone() == (None,)


def test_where_anything_could_be_written_the_identity_is_worth_nothing(web, look):
    with pytest.raises(InsufficientPrivilege, match="may only read"):
        read(web, lambda: signed(web, look), read_only=False)


@pytest.mark.parametrize(
    "statement",
    [
        "SET TRANSACTION READ WRITE",
        "SELECT set_config('transaction_read_only', 'off', true)",
    ],
)
def test_reading_only_cannot_be_lifted_once_it_began(web, look, statement):
    with pytest.raises(psycopg.errors.DatabaseError, match="read-write mode"):
        read(web, lambda: signed(web, look), statement)


def test_nothing_is_written(web, look):
    rename = "UPDATE person SET first_name = 'x' WHERE username = 'ann'"
    with pytest.raises(ReadOnlySqlTransaction):
        read(web, lambda: signed(web, look), rename)


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        ("root", "root"),  # oneself
        ("root", "rose"),  # an equal
        ("root", "ada"),  # who sees everything
        ("mia", "ann"),  # no administrator
        ("ada", "ann"),
        ("ann", "mia"),
    ],
)
def test_not_everybody_looks_as_everybody(web, firm, who, whom):
    with pytest.raises(InsufficientPrivilege):
        begin(web, firm, who, whom)


def test_it_lasts_a_quarter_of_an_hour_whatever_was_asked(web, firm):
    longer = """
        INSERT INTO view_as (actor_id, person_id, reason, ends_at)
        VALUES (%s, %s, 'test', 'infinity') RETURNING (ends_at - started_at)::text
    """
    with web.transaction():
        identify(web, token(web, firm.people["root"]))
        values = [firm.people["root"], firm.people["ann"]]
        assert web.execute(longer, values).fetchone() == ("00:15:00",)


@pytest.mark.parametrize("column", ["ends_at", "actor_id", "person_id", "reason", "started_at"])
def test_what_was_begun_is_not_changed(web, firm, look, column):
    with pytest.raises(InsufficientPrivilege):
        change(web, firm.people["root"], f"UPDATE view_as SET {column} = NULL")


def refused(web: psycopg.Connection, look: Look, key: bytes = KEY) -> bool:
    try:
        read(web, lambda: signed(web, look, key))
    except InsufficientPrivilege:
        return True
    return False


def test_it_is_over_when_it_was_ended_and_does_not_begin_again(web, firm, look):
    end = f"UPDATE view_as SET ended_at = now() WHERE id = {look.pk}"
    change(web, firm.people["root"], end)
    assert refused(web, look)
    with pytest.raises(InsufficientPrivilege, match="has ended"):
        change(web, firm.people["root"], end.replace("now()", "NULL"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE view_as SET ends_at = now() WHERE id = {look}",
        "DELETE FROM person_groups WHERE user_id = {root}",
        "UPDATE person SET is_active = false WHERE id IN ({root})",
        "UPDATE person SET is_active = false WHERE id IN ({ann})",
        (
            "INSERT INTO person_groups (user_id, group_id) SELECT {ann}, id FROM auth_group"
            " WHERE name = 'auditor'"
        ),
    ],
    ids=["time over", "no administrator any more", "looker closed", "other closed", "promoted"],
)
def test_it_is_over_at_once_when_what_allowed_it_is(web, firm, look, connect_as, statement):
    owner = connect_as("superuser")
    owner.execute("SELECT 1")
    assert not refused(web, look)
    ids = {"look": look.pk, "root": firm.people["root"], "ann": firm.people["ann"]}
    owner.execute(statement.format(**ids))
    owner.commit()
    try:
        assert refused(web, look)
    finally:
        owner.execute("UPDATE person SET is_active = true")
        owner.execute(
            "INSERT INTO person_groups (user_id, group_id) SELECT %s, id FROM auth_group"
            " WHERE name = 'administrator' ON CONFLICT DO NOTHING",
            [firm.people["root"]],
        )
        owner.execute(
            "DELETE FROM person_groups WHERE user_id = %s AND group_id ="
            " (SELECT id FROM auth_group WHERE name = 'auditor')",
            [firm.people["ann"]],
        )
        owner.commit()


def test_a_guessed_key_or_other_people_are_refused(web, firm, look):
    assert refused(web, look, key=b"a key that somebody guessed, as long")
    for number, actor, person in (
        (look.pk, look.actor_id, firm.people["mia"]),
        (look.pk, firm.people["rose"], look.person_id),
        (look.pk + 999, look.actor_id, look.person_id),
    ):
        assert refused(web, Look(number, actor, person))


def test_a_signed_part_does_not_pass_for_another_kind_of_identity(web, look):
    """Neither a view-as shortened to an identity, nor an identity lengthened to a view-as."""
    for made_up in (
        lambda: ".".join(signed(web, look).split(".")[:4]),
        lambda: f"{token(web, look.person_id)}.{look.actor_id}.{look.pk}",
    ):
        with pytest.raises(InsufficientPrivilege):
            read(web, made_up)


def test_the_remembered_perimeter_ends_with_the_view_as(web, look, connect_as):
    connect_as("superuser", autocommit=True).execute(
        "UPDATE view_as SET ends_at = clock_timestamp() + interval '4 s' WHERE id = %s", [look.pk]
    )
    web.isolation_level = IsolationLevel.REPEATABLE_READ
    with web.transaction():
        web.execute("SET TRANSACTION READ ONLY")
        web.execute(ENTER, [signed(web, look)])
        assert codes(web) == ["L-1"]
        web.execute("SELECT pg_sleep(4.1)")
        with pytest.raises(InsufficientPrivilege, match="has ended"), web.transaction():
            codes(web)
