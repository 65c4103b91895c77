"""HTTP connections that go only to addresses that were judged."""

import ssl
import typing
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import httpcore
import httpx

from ingestion.ways import addresses
from ingestion.ways.visit import FetchFailed


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves a name once and connects to one of the addresses it judged."""

    def __init__(self, *, allow_private: bool) -> None:
        self.allow_private = allow_private
        self.plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[typing.Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection; TLS is still checked against the name, which httpcore does above this."""
        error: Exception | None = None
        for address in addresses.allowed(host, port, allow_private=self.allow_private):
            try:
                return self.plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                error = failure
        raise error or FetchFailed(f"The name {host} has no address.", again=True)


class GuardedTransport(httpx.BaseTransport):
    """httpx over httpcore with the guarded backend: no proxy, no environment, no other way out."""

    def __init__(self, *, allow_private: bool) -> None:
        self.pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            network_backend=GuardedBackend(allow_private=allow_private),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response, its body not yet read."""
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _as_sentences(request.url.host):
            answer = self.pool.handle_request(asked)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer, request.url.host),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Closes the connections."""
        self.pool.close()


class _Body(httpx.SyncByteStream):
    """A body as it streams in; a connection that breaks becomes a sentence."""

    def __init__(self, answer: httpcore.Response, host: str) -> None:
        self.answer, self.host = answer, host

    def __iter__(self) -> Iterator[bytes]:
        with _as_sentences(self.host):
            yield from typing.cast(Iterable[bytes], self.answer.stream)

    def close(self) -> None:
        self.answer.close()


@contextmanager
def _as_sentences(host: str) -> Iterator[None]:
    try:
        yield
    except httpcore.TimeoutException as error:
        raise FetchFailed(f"{host} did not answer in time.", again=True) from error
    except httpcore.NetworkError as error:
        raise FetchFailed(f"{host} cannot be reached: {error}.", again=True) from error
    except (httpcore.ProtocolError, ssl.SSLError) as error:
        raise FetchFailed(f"The answer of {host} broke off or is broken.", again=True) from error
