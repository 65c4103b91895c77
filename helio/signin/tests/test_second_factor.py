"""Second factors: asked for, counted once, and read by nobody but their owner."""

import re
import time
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client, override_settings

from helio.rls.identity import (
    ASK,
    ENTER,
    IdentityError,
    acting_as,
    sign,
    sign_for,
    sign_look,
)
from helio.signin.pending import AWAIT, signing_in
from helio.signin.tests.conftest import sign_in
from helio.signin.tests.passkey import Passkey
from helio.testing import firm

KEY = settings.IDENTITY_KEY.encode()
FACTORS = "SELECT count(*) FROM mfa_authenticator"


def code(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def confirm(client: Client) -> None:
    client.post("/accounts/reauthenticate/", {"password": firm.PASSWORD})


def add_app(client: Client) -> str:
    """The secret of the authenticator app that was added."""
    confirm(client)
    page = client.get("/accounts/second-factor/app/").content.decode()
    secret = re.search(r'id="totp-secret">([A-Z2-7]+)<', page)[1]
    answer = client.post("/accounts/second-factor/app/", {"code": code(secret, -1)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def add_passkey(client: Client, **where: str) -> Passkey:
    confirm(client)
    options = client.get("/accounts/passkeys/add/").context["js_data"]["creation_options"]
    passkey = Passkey(**where)
    answer = client.post(
        "/accounts/passkeys/add/",
        {"name": "Key", "passwordless": "on", "credential": passkey.register(options)},
    )
    assert answer.status_code == 302, answer.content.decode()
    return passkey


@pytest.fixture
def protected(browser, connect_as):
    """Ann with an authenticator app; its secret."""
    yield add_app(browser("ann"))
    connect_as("superuser", autocommit=True).execute("DELETE FROM mfa_authenticator")


@pytest.fixture
def keyed(browser, connect_as):
    """Abe with a passkey."""
    yield add_passkey(browser("abe"))
    connect_as("superuser", autocommit=True).execute("DELETE FROM mfa_authenticator")


# --- attacks ---------------------------------------------------------------------------------


def as_web(db: psycopg.Connection, person: int | None = None, pending: int | None = None) -> Any:
    """How many factors the web role counts under an identity, or a pending one."""
    with db.transaction():
        pid, start = db.execute(ASK).fetchone()
        if person is not None:
            db.execute(ENTER, [sign(person, pid, start, KEY)])
        if pending is not None:
            db.execute(AWAIT, [sign_for("pending", pending, pid, start, KEY)])
        return db.execute(FACTORS).fetchone()[0]


def test_only_their_owner_reads_second_factors(cast, protected, connect_as):
    db = connect_as("web", autocommit=True)
    people = cast.people
    assert as_web(db) == 0
    assert as_web(db, people["ann"]) == 2  # the app and the recovery codes
    for other in ("abe", "root", "ada", "mia"):
        assert as_web(db, people[other]) == 0, other
    assert as_web(db, pending=people["ann"]) == 2
    assert as_web(db, pending=people["abe"]) == 0
    for role in ("worker", "audit"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connect_as(role).execute(FACTORS)


@dataclass(frozen=True)
class Look:
    """A view-as, as it is signed."""

    pk: int
    actor_id: int
    person_id: int


def test_who_looks_as_somebody_reads_neither_factors_nor_sessions(cast, protected, connect_as):
    db = connect_as("web", autocommit=True)
    root, ann = cast.people["root"], cast.people["ann"]
    with db.transaction():
        pid, start = db.execute(ASK).fetchone()
        db.execute(ENTER, [sign(root, pid, start, KEY)])
        begun = (
            "INSERT INTO view_as (actor_id, person_id, reason) VALUES (%s, %s, 'x') RETURNING id"
        )
        look = Look(db.execute(begun, [root, ann]).fetchone()[0], root, ann)
    with db.transaction():
        db.execute("SET TRANSACTION READ ONLY")
        pid, start = db.execute(ASK).fetchone()
        db.execute(ENTER, [sign_look(look, pid, start, KEY)])
        assert db.execute("SELECT security.uid()").fetchone() == (ann,)
        assert db.execute(FACTORS).fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM person_session").fetchone() == (0,)


def test_a_pending_sign_in_opens_nothing_but_second_factors(cast, connect_as):
    with signing_in(cast.people["mia"]):
        person = get_user_model().objects.get(username="mia")
        assert Authenticator.objects.filter(user=person).count() == 0
    db = connect_as("web", autocommit=True)
    with db.transaction():
        pid, start = db.execute(ASK).fetchone()
        db.execute(AWAIT, [sign_for("pending", cast.people["mia"], pid, start, KEY)])
        assert db.execute("SELECT security.uid(), security.perimeter()").fetchone() == (None, [])
        assert db.execute("SELECT count(*) FROM portfolio").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM person_session").fetchone() == (0,)


@pytest.mark.parametrize("forge", ["key", "identity", "person", "transaction"])
def test_a_pending_sign_in_cannot_be_forged(cast, protected, connect_as, forge):
    db = connect_as("web", autocommit=True)
    ann = cast.people["ann"]
    with db.transaction(force_rollback=True):
        pid, start = db.execute(ASK).fetchone()
        forged = {
            "key": sign_for("pending", ann, pid, start, KEY[::-1]),
            # An identity of somebody else says nothing about who is pending.
            "identity": f"{ann}.{sign(ann, pid, start, KEY).rpartition('.')[2]}",
            "person": sign_for("pending", cast.people["abe"], pid, start, KEY).replace(
                f"{cast.people['abe']}.", f"{ann}.", 1
            ),
            "transaction": sign_for("pending", ann, pid, start - 1, KEY),
        }[forge]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute(AWAIT, [forged])


def test_a_pending_sign_in_is_no_identity(cast, connect_as):
    db = connect_as("web", autocommit=True)
    ann = cast.people["ann"]
    with db.transaction(force_rollback=True):
        pid, start = db.execute(ASK).fetchone()
        code_of = sign_for("pending", ann, pid, start, KEY).partition(".")[2]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute(ENTER, [f"{ann}.{pid}.{start}.{code_of}"])


def test_signing_in_cannot_start_under_another_identity(cast):
    person = get_user_model().objects.get(username="ann")
    with transaction.atomic(), acting_as(person), pytest.raises(IdentityError), signing_in(1):
        pass


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO mfa_authenticator (user_id, type, data) VALUES (%(ann)s, 'x', '{}')",
        "UPDATE mfa_authenticator SET user_id = %(abe)s WHERE user_id = %(ann)s RETURNING 1",
        "DELETE FROM mfa_authenticator WHERE user_id = %(ann)s RETURNING 1",
        "SELECT security.reset_second_factor(%(ann)s)",
    ],
)
def test_a_stranger_changes_no_factor(cast, protected, connect_as, statement):
    db = connect_as("web", autocommit=True)
    touched = None
    try:
        with db.transaction():
            pid, start = db.execute(ASK).fetchone()
            db.execute(ENTER, [sign(cast.people["abe"], pid, start, KEY)])
            touched = db.execute(statement, cast.people).fetchone()
    except psycopg.errors.InsufficientPrivilege:
        pass
    assert touched is None
    assert as_web(db, cast.people["ann"]) == 2


def test_no_seed_stands_in_the_database_or_the_trail(cast, protected, connect_as):
    db = connect_as("superuser")
    (stored,) = db.execute("SELECT string_agg(data::text, '') FROM mfa_authenticator").fetchone()
    assert protected not in stored
    (trail,) = db.execute("SELECT string_agg(detail::text, '') FROM audit_event").fetchone()
    assert protected not in trail
    last = db.execute(
        "SELECT action, object, detail FROM audit_event WHERE action LIKE 'second factor%'"
        " ORDER BY id DESC LIMIT 2"
    ).fetchall()
    assert {one[2]["type"] for one in last} == {"totp", "recovery_codes"}
    assert {one[:2] for one in last} == {("second factor added", "ann")}


# --- signing in ------------------------------------------------------------------------------


def test_a_password_alone_signs_nobody_in_who_has_a_second_factor(cast, protected, connect_as):
    client = Client()
    answer = sign_in(client, "ann")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/second-factor/prove/")
    assert client.get("/portfolios/").status_code == 302
    assert client.get("/accounts/second-factor/prove/").status_code == 200
    wrong = client.post("/accounts/second-factor/prove/", {"code": "000000"})
    assert "That code is wrong" in wrong.content.decode()
    answer = client.post("/accounts/second-factor/prove/", {"code": code(protected)})
    assert answer.status_code == 302
    assert client.get("/portfolios/").status_code == 200
    last = "SELECT detail FROM audit_event WHERE action = 'sign-in' ORDER BY id DESC LIMIT 1"
    assert connect_as("superuser").execute(last).fetchone()[0]["proved"] == ["password", "totp"]


def test_a_code_counts_once(cast, protected):
    used = code(protected)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "ann")
    assert first.post("/accounts/second-factor/prove/", {"code": used}).status_code == 302
    assert second.post("/accounts/second-factor/prove/", {"code": used}).status_code == 200


def test_a_recovery_code_signs_in_once(cast, browser, connect_as):
    owner = browser("mia")
    add_app(owner)
    page = owner.get("/accounts/second-factor/codes/").content.decode()
    spare = re.findall(r"<code>(\d{8})</code>", page)
    assert len(spare) == 10
    for expected in (302, 200):
        client = Client()
        sign_in(client, "mia")
        answer = client.post("/accounts/second-factor/prove/", {"code": spare[0]})
        assert answer.status_code == expected
    connect_as("superuser", autocommit=True).execute("DELETE FROM mfa_authenticator")


def test_guessing_a_code_is_slow_and_locks_no_other_place(cast, protected):
    attacker = Client(REMOTE_ADDR="203.0.113.9")
    sign_in(attacker, "ann")
    for _ in range(5):
        attacker.post("/accounts/second-factor/prove/", {"code": "000000"})
    refused = attacker.post("/accounts/second-factor/prove/", {"code": code(protected)})
    assert "Too many tries" in refused.content.decode()
    owner = Client(REMOTE_ADDR="10.0.0.7")
    sign_in(owner, "ann")
    answer = owner.post("/accounts/second-factor/prove/", {"code": code(protected)})
    assert answer.status_code == 302


def test_factors_change_only_after_the_password_was_asked_again(cast, browser):
    client = browser("max")
    answer = client.get("/accounts/second-factor/app/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")


# --- passkeys --------------------------------------------------------------------------------


def passkey_options(client: Client) -> dict[str, Any]:
    answer = client.get("/accounts/passkeys/sign-in/", headers={"Accept": "application/json"})
    return answer.json()["request_options"]


def test_a_passkey_signs_in_by_itself(cast, keyed, connect_as):
    client = Client()
    proof = keyed.prove(passkey_options(client))
    answer = client.post("/accounts/passkeys/sign-in/", {"credential": proof})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/portfolios/").status_code == 200
    last = (
        "SELECT object, detail FROM audit_event WHERE action = 'sign-in' ORDER BY id DESC LIMIT 1"
    )
    name, detail = connect_as("superuser").execute(last).fetchone()
    assert (name, detail["proved"]) == ("abe", ["webauthn"])


def test_a_passkey_proves_the_second_factor(cast, keyed):
    client = Client()
    sign_in(client, "abe")
    page = client.get("/accounts/second-factor/prove/")
    proof = keyed.prove(page.context["js_data"]["request_options"])
    answer = client.post("/accounts/second-factor/prove/", {"credential": proof})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/portfolios/").status_code == 200


def test_another_key_an_old_challenge_and_another_origin_sign_nobody_in(cast, keyed):
    stranger = Passkey()
    stranger.user_handle = keyed.user_handle
    phished = Passkey(origin="https://testserver.evil.example")
    phished.key, phished.id, phished.user_handle = keyed.key, keyed.id, keyed.user_handle
    client = Client()
    old = keyed.prove(passkey_options(client))
    for proof in (
        stranger.prove(passkey_options(client)),
        phished.prove(passkey_options(client)),
        "{}",
        "not JSON",
        '{"response": {"userHandle": 7}}',
    ):
        answer = client.post("/accounts/passkeys/sign-in/", {"credential": proof})
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    passkey_options(client)
    client.post("/accounts/passkeys/sign-in/", {"credential": old})
    assert client.get("/portfolios/").status_code == 302


# --- by role ---------------------------------------------------------------------------------


def test_a_role_that_demands_a_second_factor_sets_one_up_before_anything_else(cast, connect_as):
    with override_settings(HELIO_MFA_ROLES=("auditor",)):
        client = Client()
        sign_in(client, "ada")
        for address in ("/", "/portfolios/", "/audit/", "/admin/", "/reports/"):
            answer = client.get(address)
            assert (answer.status_code, answer["Location"]) == (302, "/accounts/"), address
        assert "Add one to go on" in client.get("/accounts/").content.decode()
        add_app(client)
        assert client.get("/audit/").status_code == 200
        confirm(client)
        kept = client.post("/accounts/second-factor/app/remove/").content.decode()
        assert "cannot deactivate" in kept
    connect_as("superuser", autocommit=True).execute("DELETE FROM mfa_authenticator")


def test_an_administrator_takes_the_factors_of_a_person_away_without_seeing_them(
    cast, protected, connect_as
):
    db = connect_as("web", autocommit=True)
    with db.transaction():
        pid, start = db.execute(ASK).fetchone()
        db.execute(ENTER, [sign(cast.people["root"], pid, start, KEY)])
        gone = db.execute("SELECT security.reset_second_factor(%s)", [cast.people["ann"]])
        assert gone.fetchone() == (2,)
    assert sign_in(Client(), "ann")["Location"] == "/"


def test_an_administrator_cannot_take_their_own_factor_away_like_that(cast, connect_as):
    db = connect_as("web", autocommit=True)
    root = cast.people["root"]
    with db.transaction(force_rollback=True):
        pid, start = db.execute(ASK).fetchone()
        db.execute(ENTER, [sign(root, pid, start, KEY)])
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="another administrator"):
            db.execute("SELECT security.reset_second_factor(%s)", [root])
