"""Markup by key in Redis: a store that is gone, hung or tampered with costs speed, never a page."""

import hashlib
import hmac
import time
import zlib
from collections.abc import Callable
from functools import cache
from typing import Final, TypeVar

import structlog
from django.conf import settings
from prometheus_client import Counter
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from reports.fragments.breaker import Breaker

T = TypeVar("T")
log = structlog.get_logger(__name__)

# Markup may name what has no version, a portfolio for one: it is shown again after this long.
LASTS_SECONDS: Final = 120
# Longer than a local answer takes by far, shorter than a person notices.
PATIENCE_SECONDS: Final = 0.05
LARGEST_BYTES: Final = 2_000_000
PREFIX: Final = "helio:fragment:"
_CODE_BYTES: Final = hashlib.sha256().digest_size
_FAILURES: Final = (RedisError, OSError)

ASKED = Counter("helio_fragment_total", "Fragments asked of the store, by outcome.", ["outcome"])


class FragmentStore:
    """Values are compressed, and signed together with their key: whoever can write to Redis can
    neither put markup into a page nor move one person's into another's.
    """

    def __init__(self, client: Redis, secret: bytes) -> None:
        self._client = client
        self._secret = secret
        self.breaker = Breaker()

    def get(self, key: str) -> str | None:
        """The markup kept under the key; None when there is none that can be trusted in time."""
        if not self.breaker.may_try():
            ASKED.labels("skipped").inc()
            return None
        try:
            value = self._timed(lambda: self._client.get(PREFIX + key))
        except _FAILURES as error:
            self._failed(error)
            return None
        markup = self._opened(key, value) if isinstance(value, bytes) else None
        ASKED.labels("miss" if markup is None else "hit").inc()
        return markup

    def set(self, key: str, markup: str) -> None:
        """Keep the markup for a while, if the store answers."""
        if self.breaker.is_open:
            return
        value = self._sealed(key, markup)
        try:
            self._timed(lambda: self._client.set(PREFIX + key, value, ex=LASTS_SECONDS))
        except _FAILURES as error:
            self._failed(error)

    def _timed(self, work: Callable[[], T]) -> T:
        """The result of ``work``; one that came, but late, counts as a failure of the store."""
        start = time.monotonic()
        result = work()
        if time.monotonic() - start > 2 * PATIENCE_SECONDS:
            raise TimeoutError("The store answers too slowly.")
        self.breaker.worked()
        return result

    def _failed(self, error: Exception) -> None:
        self.breaker.failed()
        ASKED.labels("failed").inc()
        log.warning("fragments.store_lost", error=str(error))

    def _sealed(self, key: str, markup: str) -> bytes:
        body = zlib.compress(markup.encode(), level=1)
        return self._code(key, body) + body

    def _opened(self, key: str, value: bytes) -> str | None:
        code, body = value[:_CODE_BYTES], value[_CODE_BYTES:]
        if not hmac.compare_digest(code, self._code(key, body)):
            log.warning("fragments.value_refused", key=key)
            return None
        inflate = zlib.decompressobj()
        markup = inflate.decompress(body, LARGEST_BYTES)
        return markup.decode() if inflate.eof else None

    def _code(self, key: str, body: bytes) -> bytes:
        return hmac.new(self._secret, key.encode() + b"\0" + body, hashlib.sha256).digest()


@cache
def store() -> FragmentStore:
    """This process's store."""
    return FragmentStore(client_of(settings.REDIS_URL), secret())


def client_of(url: str) -> Redis:
    """A client that gives up early and does not try twice."""
    return Redis.from_url(
        url,
        socket_timeout=PATIENCE_SECONDS,
        socket_connect_timeout=PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def secret() -> bytes:
    """The key that fragments are signed with: the web processes' own, which no worker has."""
    return hmac.new(settings.IDENTITY_KEY.encode(), b"helio fragments", hashlib.sha256).digest()
