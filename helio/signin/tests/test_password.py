"""The hash of a password is read for one person, by a signature, and by no mere question."""

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg.errors import InsufficientPrivilege

from helio.accounts.models import User
from helio.accounts.passwords import READ
from helio.rls.identity import ASK, ENTER, acting_as, sign, sign_for
from helio.signin.tests.conftest import Browser, sign_in
from helio.testing import firm

KEY = settings.IDENTITY_KEY.encode()
Connect = Callable[..., psycopg.Connection]


@pytest.mark.parametrize("role", ["web", "worker"])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT password FROM person",
        "SELECT * FROM person",
        "SELECT person FROM person",
        "SELECT to_jsonb(person) FROM person",
        "SELECT username FROM person WHERE password LIKE '$argon2%'",
        "SELECT username FROM person ORDER BY password",
        "SELECT count(*) FROM person GROUP BY password",
        "SELECT max(password) FROM person",
        "SELECT a.id FROM person a JOIN person b USING (password)",
        "COPY person (password) TO STDOUT",
        "UPDATE person SET first_name = password",
        "UPDATE person SET first_name = '' WHERE password > 'a'",
        "UPDATE person SET first_name = '' RETURNING password",
        "SELECT password FROM person FOR UPDATE",
    ],
)
def test_no_query_of_a_web_or_worker_process_reads_a_hash(
    cast: firm.Firm, connect_as: Connect, role: str, query: str
):
    with connect_as(role) as db, db.transaction():
        if role == "web":
            pid, start = db.execute(ASK).fetchone()
            db.execute(ENTER, [sign(cast.people["ann"], pid, start, KEY)])
        with pytest.raises(InsufficientPrivilege):
            db.execute(query)


def test_a_hash_is_given_for_a_signature_over_this_person_and_transaction_only(
    cast: firm.Firm, connect_as: Connect
):
    ann, abe = cast.people["ann"], cast.people["abe"]
    db = connect_as("web")
    db.autocommit = True

    def ask(token_of: Callable[[int, int], str]) -> Any:
        with db.transaction():
            return db.execute(READ, [token_of(*db.execute(ASK).fetchone())]).fetchone()[0]

    good = ask(lambda pid, start: sign_for("password", ann, pid, start, KEY))
    assert hashers.check_password(firm.PASSWORD, good)
    forged = {
        "key": lambda pid, start: sign_for("password", ann, pid, start, KEY[::-1]),
        "person": lambda pid, start: (
            f"{ann}." + sign_for("password", abe, pid, start, KEY).partition(".")[2]
        ),
        "transaction": lambda pid, start: sign_for("password", ann, pid, start - 1, KEY),
        "connection": lambda pid, start: sign_for("password", ann, pid + 1, start, KEY),
        "pending": lambda pid, start: sign_for("pending", ann, pid, start, KEY),
        "identity": lambda pid, start: f"{ann}." + sign(ann, pid, start, KEY).split(".")[3],
        "nothing": lambda pid, start: "",
        "words": lambda pid, start: f"{ann}.x.y",
    }
    for token_of in forged.values():
        with pytest.raises(InsufficientPrivilege, match="web process only"):
            ask(token_of)


def test_nobody_writes_the_mark_of_a_password(cast: firm.Firm, connect_as: Connect):
    """Whoever may change their own row cannot choose the mark that sessions are compared with."""
    ann = cast.people["ann"]
    query = "SELECT password_mark FROM person WHERE id = %s"
    with connect_as("superuser", autocommit=True) as owner:
        before = owner.execute(query, [ann]).fetchone()
        with transaction.atomic(), acting_as(User.objects.get(pk=ann)):
            User.objects.filter(pk=ann).update(password_mark=None)
        assert owner.execute(query, [ann]).fetchone() == before


def test_names_of_every_kind_take_the_same_statements_and_one_run_of_the_hasher(
    cast: firm.Firm, connect_as: Connect, monkeypatch: pytest.MonkeyPatch
):
    """Counted, where a clock would be noise: the work of a guess does not tell who exists."""
    with connect_as("superuser", autocommit=True) as owner:
        owner.execute("UPDATE person SET password = '!' WHERE username = 'otto'")
        owner.execute("UPDATE person SET is_active = false WHERE username = 'ada'")
    runs: list[str] = []
    hasher = type(hashers.get_hasher())
    for work in ("encode", "verify"):
        monkeypatch.setattr(hasher, work, _counted(getattr(hasher, work), runs))
    seen = {}
    for name in ("ann", "otto", "ada", "nobody of that name"):
        runs.clear()
        with CaptureQueriesContext(connection) as asked:
            assert sign_in(Client(), name, "a guess").status_code == 200
        assert len(runs) == 1, name
        seen[name] = [re.sub(r"'[^']*'|\b\d+\b|NULL", "?", one["sql"]) for one in asked]
    for name, statements in seen.items():
        assert statements == seen["ann"], name


def _counted(work: Callable[..., Any], runs: list[str]) -> Callable[..., Any]:
    def counted(*args: Any, **kwargs: Any) -> Any:
        runs.append(work.__name__)
        return work(*args, **kwargs)

    return counted


def test_a_request_asks_no_more_for_its_person_than_before(cast: firm.Firm, browser: Browser):
    """The mark comes with the person: the hash cost no statement of its own and neither does it."""
    client = browser("ann")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse("accounts:security")).status_code == 200
    about = [one["sql"] for one in asked if 'FROM "person" ' in one["sql"]]
    assert len(about) == 1
    assert "password_of" not in str(asked.captured_queries)
    assert '"person"."password"' not in about[0]
