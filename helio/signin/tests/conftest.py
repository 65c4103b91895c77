"""The firm's cast on a committed database, and browsers of theirs."""

from collections.abc import Callable

import psycopg
import pytest
from django.test import Client

from helio.testing import firm


@pytest.fixture(scope="module")
def cast(fresh_database: str) -> firm.Firm:
    """The firm of helio/testing/firm.py, really committed."""
    return firm.found(fresh_database)


@pytest.fixture(autouse=True)
def forget_tries(cast: firm.Firm, connect_as: Callable[..., psycopg.Connection]) -> None:
    """Each test starts without tries held against anybody."""
    connect_as("superuser", autocommit=True).execute("DELETE FROM sign_in_try")


Browser = Callable[..., Client]


@pytest.fixture
def browser(cast: firm.Firm) -> Browser:
    """Makes a browser that signed a person in by the page, from an address of its own."""

    def signed_in(name: str, *, address: str = "10.0.0.1", agent: str = "") -> Client:
        client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
        answer = sign_in(client, name)
        assert answer.status_code == 302, answer.content
        return client

    return signed_in


def sign_in(client: Client, name: str, password: str = firm.PASSWORD):
    """The answer to the sign-in form."""
    return client.post("/accounts/login/", {"username": name, "password": password})
