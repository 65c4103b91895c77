"""A store that is gone, hung or tampered with: quickly nothing, and never somebody's markup."""

import socket
import subprocess
import time
from threading import Thread

import pytest
from django.conf import settings
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from helio.embedded import binaries
from helio.embedded.ports import any_free
from reports.fragments.breaker import FIRST_PAUSE, LONGEST_PAUSE, Breaker
from reports.fragments.store import PATIENCE_SECONDS, FragmentStore, client_of

SECRET = b"a secret of the web processes"
QUICK = 10 * PATIENCE_SECONDS


@pytest.fixture
def redis():
    """The run's own server, for bytes as they lie there."""
    with Redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture
def store():
    return FragmentStore(client_of(settings.REDIS_URL), SECRET)


@pytest.fixture
def hung():
    """Address of a server that takes connections and never answers; counts them."""
    server = socket.create_server(("127.0.0.1", 0))
    taken: list[socket.socket] = []

    def take() -> None:
        while True:
            try:
                taken.append(server.accept()[0])
            except OSError:
                return

    Thread(target=take, daemon=True).start()
    yield f"redis://127.0.0.1:{server.getsockname()[1]}/0", taken
    server.close()
    for one in taken:
        one.close()


def timed(work):
    start = time.monotonic()
    return work(), time.monotonic() - start


def test_what_was_kept_is_found(store):
    store.set("a", "<p>ä</p>")
    assert store.get("a") == "<p>ä</p>"
    assert store.get("b") is None


def test_what_was_kept_ends(store, redis):
    store.set("ends", "x")
    assert 0 < redis.ttl("helio:fragment:ends") <= 120


def test_a_changed_value_is_refused(store, redis):
    store.set("changed", "<p>mine</p>")
    value = bytearray(redis.get("helio:fragment:changed"))
    value[-1] ^= 1
    redis.set("helio:fragment:changed", bytes(value))
    assert store.get("changed") is None


@pytest.mark.parametrize("value", [b"", b"x", b"<script>", b"\0" * 100])
def test_a_value_that_somebody_put_there_is_refused(store, redis, value):
    redis.set("helio:fragment:put", value)
    assert store.get("put") is None


def test_one_audiences_value_under_anothers_key_is_refused(store, redis):
    store.set("wide", "<p>every portfolio</p>")
    redis.set("helio:fragment:narrow", redis.get("helio:fragment:wide"))
    assert store.get("narrow") is None


def test_a_value_signed_with_another_secret_is_refused(store):
    FragmentStore(client_of(settings.REDIS_URL), b"a worker's guess").set("signed", "x")
    assert store.get("signed") is None


def test_a_bomb_is_not_unpacked(store):
    store.set("bomb", "x" * 3_000_000)
    assert store.get("bomb") is None


def test_a_server_that_is_gone_costs_next_to_nothing():
    store = FragmentStore(client_of(f"redis://127.0.0.1:{any_free()}/0"), SECRET)
    found, took = timed(lambda: store.get("a"))
    assert found is None
    assert took < QUICK
    store.set("a", "x")


def test_a_server_that_hangs_is_waited_for_once(hung):
    url, taken = hung
    store = FragmentStore(client_of(url), SECRET)
    found, first = timed(lambda: store.get("a"))
    assert found is None
    assert first < QUICK
    _, many = timed(lambda: [(store.get("a"), store.set("a", "x")) for _ in range(500)])
    assert many < QUICK, "the breaker is open: nobody waits again"
    assert len(taken) == 1


def test_a_server_that_is_killed_and_comes_back_is_used_again():
    port = any_free()
    store = FragmentStore(client_of(f"redis://127.0.0.1:{port}/0"), SECRET)
    now = [0.0]
    store.breaker = Breaker(clock=lambda: now[0])
    server = start_valkey(port)
    store.set("a", "x")
    assert store.get("a") == "x"
    server.kill()
    server.wait()
    assert store.get("a") is None
    server = start_valkey(port)
    try:
        assert store.get("a") is None, "not yet tried again"
        now[0] += FIRST_PAUSE
        assert store.get("a") is None, "tried, and empty"
        store.set("a", "y")
        assert store.get("a") == "y"
    finally:
        server.kill()
        server.wait()


def start_valkey(port: int) -> subprocess.Popen:
    command = [str(binaries.valkey_server()), "--port", str(port), "--save", ""]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    with Redis.from_url(f"redis://127.0.0.1:{port}/0") as client:
        for _ in range(200):
            try:
                client.ping()
            except RedisConnectionError:
                time.sleep(0.02)
            else:
                break
    return server


def test_a_breaker_lets_one_try_after_a_pause_that_grows():
    now = [0.0]
    breaker = Breaker(clock=lambda: now[0])
    assert breaker.may_try()
    breaker.failed()
    assert not breaker.may_try()
    now[0] += FIRST_PAUSE
    assert breaker.may_try()
    assert not breaker.may_try(), "another tries already"
    breaker.failed()
    now[0] += FIRST_PAUSE
    assert not breaker.may_try(), "the pause has doubled"
    for _ in range(20):
        breaker.failed()
    now[0] += LONGEST_PAUSE
    assert breaker.may_try()
    breaker.worked()
    assert breaker.may_try()
    assert breaker.may_try()
