"""Sessions: taken over by nobody, ended by their owner, and by the clock whatever else goes on."""

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core import signing
from django.db import connection, transaction
from django.test import Client

from helio.rls.identity import acting_as
from helio.signin.models import Session
from helio.signin.store import SessionStore, row_key
from helio.signin.tests.conftest import sign_in
from helio.testing import firm

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
PASSWORD = "another long pass phrase"


def cookie(client: Client) -> str:
    return client.cookies["sessionid"].value


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == 200


def planted(key: str, data: str) -> Client:
    """A browser whose cookie leads to a row that somebody wrote past the store."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT security.session_write(%s, %s, NULL, 600, 600, '', '', true)",
            [row_key(key), data],
        )
    client = Client()
    client.cookies["sessionid"] = key
    return client


# --- attacks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT session_data FROM person_session",
        "SELECT * FROM person_session",
        "UPDATE person_session SET expire_date = now() + interval '1 year'",
        "DELETE FROM person_session",
        "INSERT INTO person_session (session_key) VALUES (repeat('0', 64))",
        "SELECT * FROM django_session",
        "INSERT INTO django_session VALUES ('x', '', now())",
        "SELECT * FROM sign_in_try",
        "DELETE FROM sign_in_try",
        "DELETE FROM password_due",
        "SELECT security.clear_sessions()",
    ],
)
def test_the_web_role_reaches_no_session_past_its_key(cast, connect_as, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect_as("web").execute(statement)


def test_nobody_lists_sessions_without_an_identity_or_under_anothers(cast, browser, connect_as):
    browser("ann")
    count = "SELECT count(*) FROM person_session"
    assert connect_as("web").execute(count).fetchone() == (0,)
    abe = get_user_model().objects.get(username="abe")
    with transaction.atomic(), acting_as(abe):
        assert not Session.objects.exclude(person=abe).exists()


def test_a_key_read_from_the_table_is_no_cookie(cast, browser):
    victim = browser("ann")
    thief = Client()
    thief.cookies["sessionid"] = row_key(cookie(victim))
    assert not is_signed_in(thief)


def test_data_copied_under_a_key_of_ones_own_opens_nothing(cast, browser, connect_as):
    victim = browser("ann")
    (data,) = (
        connect_as("superuser")
        .execute(
            "SELECT session_data FROM person_session WHERE session_key = %s",
            [row_key(cookie(victim))],
        )
        .fetchone()
    )
    assert not is_signed_in(planted("k" * 32, data))


def test_data_signed_the_stock_way_opens_nothing(cast):
    data = {"_auth_user_id": str(cast.people["root"])}
    forged = signing.dumps(data, salt="django.contrib.sessions.SessionStore", compress=True)
    assert not is_signed_in(planted("f" * 32, forged))


def test_a_person_cannot_end_anothers_session(cast, browser):
    victim, other = browser("ann"), browser("abe")
    other.post("/accounts/sessions/end/", {"session": row_key(cookie(victim))})
    assert is_signed_in(victim)


# --- the person's own page -------------------------------------------------------------------


def test_the_page_lists_the_persons_sessions_and_ends_one(cast, browser, connect_as):
    here = browser("ann", agent=CHROME)
    there = browser("ann", address="10.9.9.9", agent="Mozilla/5.0 (iPhone) Safari/600")
    page = here.get("/accounts/").content.decode()
    assert "Chrome on Linux" in page
    assert "Safari on iPhone" in page
    assert "10.9.9.9" in page
    here.post("/accounts/sessions/end/", {"session": row_key(cookie(there))})
    assert not is_signed_in(there)
    assert is_signed_in(here)
    newest = "SELECT action, object, actor, detail FROM audit_event ORDER BY id DESC LIMIT 1"
    assert connect_as("superuser").execute(newest).fetchone() == (
        "sessions ended",
        "ann",
        "ann",
        {"sessions": 1},
    )


def test_all_others_end_at_once(cast, browser):
    here, others = browser("ann"), [browser("ann"), browser("ann")]
    here.post("/accounts/sessions/end/", {"which": "others"})
    assert is_signed_in(here)
    assert not any(map(is_signed_in, others))


def test_ending_nothing_in_particular_is_refused(cast, browser):
    assert browser("ann").post("/accounts/sessions/end/").status_code == 400


# --- by the clock ----------------------------------------------------------------------------


def test_a_session_that_lies_idle_ends(cast, browser, connect_as):
    client = browser("ann")
    connect_as("superuser", autocommit=True).execute(
        "UPDATE person_session SET idle_until = now() WHERE session_key = %s",
        [row_key(cookie(client))],
    )
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("address", "headers", "renews"),
    [
        ("/accounts/", {}, True),
        ("/operations/sources/none/fetches/", {"HX-Request": "true"}, False),
    ],
)
def test_what_a_page_asks_by_itself_does_not_keep_a_session_awake(
    cast, browser, connect_as, address, headers, renews
):
    client = browser("ann")
    db = connect_as("superuser", autocommit=True)
    key = row_key(cookie(client))
    db.execute(
        "UPDATE person_session SET used_at = now() - interval '5 min',"
        " idle_until = now() + interval '1 min' WHERE session_key = %s",
        [key],
    )
    client.get(address, headers=headers)
    (renewed,) = db.execute(
        "SELECT idle_until > now() + interval '2 min' FROM person_session WHERE session_key = %s",
        [key],
    ).fetchone()
    assert renewed is renews


def test_no_write_moves_the_end(cast, browser, connect_as):
    client = browser("ann")
    ends = "SELECT expire_date, idle_until FROM person_session WHERE session_key = %s"
    db = connect_as("superuser", autocommit=True)
    before = db.execute(ends, [row_key(cookie(client))]).fetchone()
    store = SessionStore(cookie(client))
    store["something"] = "new"
    store.save()
    assert db.execute(ends, [row_key(cookie(client))]).fetchone() == before


def test_the_worker_clears_what_has_ended(cast, browser, connect_as):
    client = browser("ann")
    db = connect_as("superuser", autocommit=True)
    db.execute("UPDATE person_session SET expire_date = now() - interval '1 s'")
    assert connect_as("worker").execute("SELECT security.clear_sessions()").fetchone()[0] >= 1
    assert not is_signed_in(client)


# --- passwords -------------------------------------------------------------------------------


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(cast, browser, connect_as):
    here, there = browser("max"), browser("max")
    answer = here.post(
        "/accounts/password/",
        {"old_password": firm.PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/")
    assert is_signed_in(here)
    assert not is_signed_in(there)
    assert sign_in(Client(), "max", PASSWORD).status_code == 302


def test_a_password_set_by_an_administrator_ends_sessions_and_must_be_changed(cast, browser):
    client = browser("eva")
    admin = browser("root")
    admin.post(
        f"/admin/accounts/user/{cast.people['eva']}/password/",
        {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not is_signed_in(client)
    sign_in(client, "eva", PASSWORD)
    answer = client.get("/firm/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/")
    client.post(
        "/accounts/password/",
        {
            "old_password": PASSWORD,
            "new_password1": PASSWORD + "s",
            "new_password2": PASSWORD + "s",
        },
    )
    assert client.get("/firm/").status_code == 200


def test_closing_an_account_ends_its_sessions(cast, browser, connect_as):
    client = browser("otto")
    db = connect_as("superuser", autocommit=True)
    db.execute("UPDATE person SET is_active = false WHERE username = 'otto'")
    count = "SELECT count(*) FROM person_session WHERE person_id = %s"
    assert db.execute(count, [cast.people["otto"]]).fetchone() == (0,)
    assert not is_signed_in(client)


# --- what a browser keeps --------------------------------------------------------------------


def test_signed_in_pages_are_kept_by_no_cache_and_signing_out_clears_it(cast, browser):
    client = browser("ann")
    for address in ("/accounts/", "/portfolios/", "/glossary/", "/nowhere/", "/admin/"):
        assert client.get(address)["Cache-Control"] == "private, no-store", address
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"cache"'
