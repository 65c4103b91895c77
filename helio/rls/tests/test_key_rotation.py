"""The signing key is replaced while people work: no request fails, and nobody is signed out."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.test import Client, override_settings
from psycopg.errors import InsufficientPrivilege

from helio.accounts.models import User
from helio.rls.identity import ENTER
from helio.rls.tests.support import COUNT, KEY, token
from helio.testing import databases

NEW = secrets.token_hex(32)
INSTALL = "install_identity_key"
BREATH = 0.002  # seconds
Connect = Callable[..., psycopg.Connection]


def seen(web: psycopg.Connection, person: int, key: bytes) -> int:
    """How many portfolios a process with that key shows the person, as a page reads."""
    web.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with web.transaction():
        web.execute(ENTER, [token(web, person, key)])
        return web.execute(COUNT).fetchone()[0]


@contextmanager
def asking_all_the_time(connect_as: Connect, person: int, key: bytes) -> Iterator[list[int]]:
    """What a process with that key answers, over and over, while the block runs."""
    answers: list[int] = []
    over = threading.Event()
    # Opened here: the fixture's connections are of one thread, and each loop has its own.
    web = connect_as("web", autocommit=True)

    def ask() -> None:
        # With a breath in between: the commands meanwhile need the processor too.
        while not over.wait(BREATH):
            try:
                answers.append(seen(web, person, key))
            except InsufficientPrivilege:
                answers.append(-1)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield answers
    finally:
        over.set()
        thread.join()


def install(database: str, *options: str, key: str = NEW) -> None:
    databases.manage(INSTALL, *options, database=database, HELIO_IDENTITY_KEY=key)


def test_the_key_is_rotated_without_anybody_noticing(alpha, connect_as, analyst):
    browser = Client()
    browser.force_login(User.objects.get(pk=analyst))
    web = connect_as("web", autocommit=True)

    def page_is_served() -> bool:
        return browser.get("/portfolios/HA-01/").status_code == 200

    assert page_is_served()
    with pytest.raises(InsufficientPrivilege):
        seen(web, analyst, NEW.encode())

    # 1. The new key beside the old one: processes that have the old one go on.
    with asking_all_the_time(connect_as, analyst, KEY) as old:
        install(alpha, "--keep-old")
        # 2. One process after the other starts with the new key.
        with asking_all_the_time(connect_as, analyst, NEW.encode()) as new:
            assert page_is_served()
            with override_settings(IDENTITY_KEY=NEW):
                assert page_is_served()
            # Installing it again, as each `bootstrap` does, ends nothing.
            install(alpha)
            install(alpha, "--keep-old")
    assert set(old) == set(new) == {2}
    assert min(len(old), len(new)) > 20

    # 3. The old key ends, while the new one is at work.
    with asking_all_the_time(connect_as, analyst, NEW.encode()) as new:
        install(alpha, "--end-old")
    assert set(new) == {2}
    with pytest.raises(InsufficientPrivilege):
        seen(web, analyst, KEY)
    with override_settings(IDENTITY_KEY=NEW):
        assert page_is_served()
    assert not page_is_served_with_the_old(browser)


def page_is_served_with_the_old(browser: Client) -> bool:
    browser.raise_request_exception = False
    assert settings.IDENTITY_KEY.encode() == KEY
    return browser.get("/portfolios/HA-01/").status_code == 200


def test_a_key_that_leaked_ends_at_once(alpha, connect_as, analyst):
    other = secrets.token_hex(32)
    install(alpha, key=other)
    web = connect_as("web", autocommit=True)
    assert seen(web, analyst, other.encode()) == 2
    for former in (KEY, NEW.encode()):
        with pytest.raises(InsufficientPrivilege):
            seen(web, analyst, former)


def test_ending_the_old_key_takes_the_new_one(alpha):
    """Whoever runs it with the former key, or any other, would end the wrong one."""
    with pytest.raises(AssertionError, match="another key"):
        install(alpha, "--end-old", key=secrets.token_hex(32))
