"""A web process that is told to end answers what is under way first, and then ends."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

import psycopg
import pytest
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from helio.accounts.models import User
from helio.testing import firm
from helio.testing.site import WebProcess, web_processes
from helio.up.supervised import PATIENCE

Connect = Callable[..., psycopg.Connection]
# A page that asks for its portfolio first: it waits for whoever holds the table.
PAGE = "/portfolios/L-1/"
HOLD = "LOCK TABLE portfolio IN ACCESS EXCLUSIVE MODE"
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'portfolio'::regclass"
HELD = 1.0
ENDS_WITHIN = 5.0
MOMENT = 20.0
COMES_BACK = 1012


@dataclass
class Asking:
    """One request on a thread and a connection of its own, and what came back."""

    host: str
    cookies: str
    status: int = 0
    body: bytes = b""
    dropped: bool = False
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._ask, daemon=True)
        self.thread.start()

    def _ask(self) -> None:
        with closing(http.client.HTTPConnection(self.host, timeout=MOMENT)) as connection:
            connection.request("GET", PAGE, headers={"Cookie": self.cookies})
            try:
                response = connection.getresponse()
            except ConnectionError:
                self.dropped = True
                return
            self.body = response.read()
            self.status = response.status


@pytest.fixture
def web(fresh_database: str) -> Iterator[WebProcess]:
    with web_processes(fresh_database, 1) as (process,):
        yield process


@pytest.fixture
def host(web: WebProcess) -> str:
    return urlsplit(web.url).netloc


@pytest.fixture(scope="module")
def cookies(fresh_database: str) -> str:
    firm.found(fresh_database)
    client = Client()
    client.force_login(User.objects.get(username="ann"))
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


@pytest.fixture
def holder(connect_as: Connect) -> psycopg.Connection:
    """Whoever holds the table that the page asks."""
    return connect_as("superuser")


@pytest.fixture
def watcher(connect_as: Connect) -> psycopg.Connection:
    return connect_as("superuser", autocommit=True)


def open_socket(web: WebProcess, cookies: str) -> ClientConnection:
    """A page that updates itself."""
    address = f"{web.url.replace('http', 'ws')}/ws/live/?page=%2Fportfolios%2F&version=0"
    return connect(address, origin=Origin(web.url), additional_headers={"Cookie": cookies})


def ask(host: str, cookies: str, watcher: psycopg.Connection, count: int) -> list[Asking]:
    """So many requests that wait for the table, all at once."""
    asking = [Asking(host, cookies) for _ in range(count)]
    deadline = time.monotonic() + MOMENT
    while watcher.execute(WAITING).fetchone()[0] < count:
        assert time.monotonic() < deadline, "the requests never came to the table"
        time.sleep(0.05)
    return asking


def test_a_process_told_to_end_answers_its_requests_and_ends(
    web: WebProcess,
    host: str,
    cookies: str,
    holder: psycopg.Connection,
    watcher: psycopg.Connection,
) -> None:
    with (
        closing(http.client.HTTPConnection(host, timeout=MOMENT)) as idle,
        open_socket(web, cookies) as one,
        open_socket(web, cookies) as other,
    ):
        # A browser keeps its connection for the next request: nobody waits for that one.
        idle.request("GET", "/readyz")
        idle.getresponse().read()
        holder.execute(HOLD)
        asking = ask(host, cookies, watcher, 3)

        web.terminate()
        for socket in (one, other):
            assert closed_with(socket) == COMES_BACK
        time.sleep(HELD)
        holder.rollback()
        assert web.ended_within(ENDS_WITHIN), "the process hangs"
    for answer in asking:
        answer.thread.join(MOMENT)
        assert answer.status == HTTPStatus.OK
        assert answer.body.rstrip().endswith(b"</html>"), "the answer was cut short"


def test_a_process_told_to_end_takes_nobody_in(
    web: WebProcess,
    host: str,
    cookies: str,
    holder: psycopg.Connection,
    watcher: psycopg.Connection,
) -> None:
    holder.execute(HOLD)
    ask(host, cookies, watcher, 1)
    web.terminate()
    time.sleep(HELD)
    late = http.client.HTTPConnection(host, timeout=MOMENT)
    with pytest.raises(ConnectionRefusedError):
        late.request("GET", "/readyz")
    holder.rollback()
    assert web.ended_within(ENDS_WITHIN)


def test_a_request_that_never_ends_does_not_hold_the_process(
    fresh_database: str,
    web: WebProcess,
    host: str,
    cookies: str,
    holder: psycopg.Connection,
    watcher: psycopg.Connection,
) -> None:
    # PostgreSQL would end the wait by itself.
    watcher.execute(f"ALTER ROLE helio_web IN DATABASE {fresh_database} SET lock_timeout = 0")
    holder.execute(HOLD)
    (asking,) = ask(host, cookies, watcher, 1)
    web.terminate()
    assert not web.ended_within(PATIENCE - 6), "the request did not get its time"
    assert web.ended_within(5), "the supervisor would have to kill it"
    holder.rollback()
    asking.thread.join(MOMENT)
    assert asking.dropped


def closed_with(socket: ClientConnection) -> int:
    """The code with which the process closed the socket, after whatever it still sent."""
    with pytest.raises(ConnectionClosed) as closed:
        drain(socket)
    assert closed.value.rcvd is not None, "the connection broke off"
    return closed.value.rcvd.code


def drain(socket: ClientConnection) -> None:
    while True:
        socket.recv(MOMENT)
