"""Guessing is slow, and the person guessed at is not locked out."""

import threading

import pytest
from django.test import Client

from helio.signin.tests.conftest import sign_in
from helio.testing import firm

ATTACKER, OFFICE, HOME = "203.0.113.9", "10.0.0.1", "198.51.100.4"


def guesses(client: Client, name: str, count: int) -> list[int]:
    return [sign_in(client, name, f"guess {one}").status_code for one in range(count)]


def test_the_sixth_guess_from_one_place_is_not_looked_at(cast):
    attacker = Client(REMOTE_ADDR=ATTACKER)
    assert guesses(attacker, "ann", 6) == [200] * 5 + [429]
    assert sign_in(attacker, "ann").status_code == 429  # not even with the right password


@pytest.mark.parametrize("name", ["ann", "nobody-of-that-name"])
def test_known_and_unknown_names_are_answered_alike(cast, name):
    attacker = Client(REMOTE_ADDR=ATTACKER)
    first = sign_in(attacker, name, "guess")
    text = first.content.decode()
    assert "Please enter a correct username and password" in text
    assert guesses(attacker, name, 5)[-1] == 429


def test_the_victim_signs_in_from_elsewhere_meanwhile(cast):
    guesses(Client(REMOTE_ADDR=ATTACKER), "ann", 6)
    assert sign_in(Client(REMOTE_ADDR=HOME), "ann").status_code == 302


def test_the_victim_signs_in_from_the_attackers_own_office_in_a_browser_that_knows_them(
    cast, browser
):
    victim = browser("ann", address=OFFICE)
    victim.post("/accounts/logout/")
    guesses(Client(REMOTE_ADDR=OFFICE), "ann", 6)
    assert sign_in(victim, "ann").status_code == 302


def test_a_botnet_is_slowed_for_one_name_while_its_owners_browser_is_not(cast, browser):
    victim = browser("ann", address=HOME)
    victim.post("/accounts/logout/")
    for one in range(12):
        guesses(Client(REMOTE_ADDR=f"203.0.113.{one}"), "ann", 5)
    assert sign_in(Client(REMOTE_ADDR="203.0.113.200"), "ann").status_code == 429
    assert sign_in(victim, "ann").status_code == 302


def test_spraying_one_password_over_many_names_is_slowed(cast, connect_as):
    connect_as("superuser", autocommit=True).execute(
        "INSERT INTO sign_in_try (name_hash, origin, known, refused)"
        " SELECT sha256(n::text::bytea), %s, false, false FROM generate_series(1, 100) AS n",
        [ATTACKER],
    )
    assert guesses(Client(REMOTE_ADDR=ATTACKER), "abe", 1) == [429]
    assert sign_in(Client(REMOTE_ADDR=OFFICE), "abe").status_code == 302


def test_a_forged_device_cookie_is_no_device(cast):
    attacker = Client(REMOTE_ADDR=ATTACKER)
    guesses(attacker, "ann", 5)
    attacker.cookies["helio_device"] = "eyJhbm4iOiJ4In0:forged:forged"
    assert guesses(attacker, "ann", 1) == [429]


def test_success_forgives_the_tries_before_it(cast):
    client = Client(REMOTE_ADDR=OFFICE)
    guesses(client, "ann", 4)
    assert sign_in(client, "ann").status_code == 302
    client.post("/accounts/logout/")
    assert guesses(client, "ann", 4) == [200] * 4


def test_tries_at_the_same_moment_are_counted_one_by_one(cast, connect_as):
    answers: list[str] = []

    def attack() -> None:
        with connect_as("web", autocommit=True) as db:
            row = db.execute("SELECT security.try_sign_in('ann', %s, '')", [ATTACKER]).fetchone()
            answers.append(row[0])

    attackers = [threading.Thread(target=attack) for _ in range(20)]
    for one in attackers:
        one.start()
    for one in attackers:
        one.join()
    assert answers.count("") == 5


def test_a_refusal_is_told_to_the_trail_once_and_no_password_ever(cast, connect_as):
    guesses(Client(REMOTE_ADDR=ATTACKER), "eva", 12)
    rows = (
        connect_as("superuser")
        .execute(
            "SELECT count(*) FILTER (WHERE detail ? 'refused'), count(*) FROM audit_event"
            " WHERE action = 'sign-in failed' AND object = 'eva' AND detail->>'address' = %s",
            [ATTACKER],
        )
        .fetchone()
    )
    assert rows[0] == 1
    text = connect_as("superuser").execute("SELECT string_agg(detail::text, '') FROM audit_event")
    assert firm.PASSWORD not in text.fetchone()[0]
    assert (
        "guess"
        not in (
            connect_as("superuser").execute("SELECT string_agg(detail::text, '') FROM audit_event")
        ).fetchone()[0]
    )
