"""A web process that is told to end answers what is under way first, and then ends."""

import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus

import psycopg
import pytest
from django.test import Client

from helio.accounts.models import User
from helio.testing import firm
from helio.testing.site import WebProcess, web_processes

Connect = Callable[..., psycopg.Connection]
# What every signed-in page of figures asks: it waits for whoever holds the table.
HOLD = "LOCK TABLE portfolio IN ACCESS EXCLUSIVE MODE"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'portfolio'::regclass"
ENDS_WITHIN = 5.0
PATIENCE = 20.0


@dataclass
class Asking:
    """One request on a thread of its own, and what came back."""

    url: str
    cookies: str
    status: int = 0
    body: bytes = b""
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._ask)
        self.thread.start()

    def _ask(self) -> None:
        request = urllib.request.Request(self.url, headers={"Cookie": self.cookies})  # noqa: S310
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
            self.status, self.body = response.status, response.read()


@pytest.fixture
def web(fresh_database: str) -> Iterator[WebProcess]:
    with web_processes(fresh_database, 1) as (process,):
        yield process


@pytest.fixture
def cookies(fresh_database: str) -> str:
    firm.found(fresh_database)
    client = Client()
    client.force_login(User.objects.get(username="ann"))
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def until_waiting(watcher: psycopg.Connection, count: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while watcher.execute(WAITING).fetchone()[0] < count:
        assert time.monotonic() < deadline, "the requests never came to the table"
        time.sleep(0.05)


def test_a_process_told_to_end_answers_its_requests_and_ends(
    web: WebProcess, cookies: str, connect_as: Connect
) -> None:
    watcher = connect_as("superuser", autocommit=True)
    holder = connect_as("superuser")
    holder.execute(HOLD)
    asking = [Asking(f"{web.url}/portfolios/", cookies) for _ in range(3)]
    # All at once: a request has a thread and a connection of its own.
    until_waiting(watcher, len(asking))

    web.terminate()
    time.sleep(1)
    holder.rollback()
    assert web.ended_within(ENDS_WITHIN), "the process hangs"
    for one in asking:
        one.thread.join(PATIENCE)
        assert one.status == HTTPStatus.OK
        assert one.body.rstrip().endswith(b"</html>"), "the answer was cut short"
