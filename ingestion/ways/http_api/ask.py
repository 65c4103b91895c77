"""One question to an HTTP server: headers, redirects, and what its answer means."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from ingestion.ways.http_api.options import Options
from ingestion.ways.secrets import secret
from ingestion.ways.visit import FetchFailed, Visit

REDIRECTS_MOST: Final = 5
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
# Overloaded, restarting, or in between: a later question may be answered.
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


def credentials(options: Options) -> dict[str, str]:
    """The headers that say who asks."""
    if not options.secret:
        return {}
    value = secret(options.secret)
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        raise FetchFailed(f"The secret {options.secret!r} cannot stand in a header.") from None
    if any(sign in value for sign in "\r\n\0"):
        raise FetchFailed(f"The secret {options.secret!r} holds more than one line.")
    if options.auth == "header":
        return {options.header: value}
    if options.auth == "basic":
        request = httpx.Request("GET", "https://localhost")
        flow = httpx.BasicAuth(options.user, value).auth_flow(request)
        return {"Authorization": next(flow).headers["Authorization"]}
    return {"Authorization": f"Bearer {value}"}


@contextmanager
def asked(
    client: httpx.Client, visit: Visit, url: httpx.URL, headers: dict[str, str], who: dict[str, str]
) -> Iterator[httpx.Response]:
    """The answer, its body not yet read, after redirects. FetchFailed unless it is good or 304.

    Credentials go to the origin they are meant for, and never along to another.
    """
    origin = _origin(url)
    for _ in range(REDIRECTS_MOST + 1):
        sent = headers | (who if _origin(url) == origin else {})
        request = client.build_request("GET", url, headers=sent, timeout=visit.timeout)
        response = client.send(request, stream=True)
        try:
            if response.status_code not in REDIRECTS:
                _judge(response)
                yield response
                return
            url = _redirected(url, response)
        finally:
            response.close()
    raise FetchFailed(f"{url.host} redirects more than {REDIRECTS_MOST} times.")


def _redirected(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    location = response.headers.get("location", "")
    try:
        target = url.join(location)
    except httpx.InvalidURL:
        target = httpx.URL("")
    if not location or target.scheme not in ("http", "https") or not target.host:
        raise FetchFailed(f"{url.host} redirects to an address that cannot be followed.")
    if url.scheme == "https" and target.scheme == "http":
        raise FetchFailed(f"{url.host} redirects from https to plain http, which is refused.")
    return target


def _judge(response: httpx.Response) -> None:
    status, host = response.status_code, response.url.host
    if status in (200, 204, 304):
        return
    if status in (401, 403):
        raise FetchFailed(f"{host} refuses our credentials (status {status}).")
    if status in PASSING:
        wait = _retry_after(response.headers.get("retry-after", ""))
        raise FetchFailed(f"{host} is not able to answer (status {status}).", again=True, wait=wait)
    raise FetchFailed(f"{host} answered {response.url.path} with status {status}.")


def _retry_after(text: str) -> float | None:
    """Seconds to wait, from a number or a date (RFC 9110, 10.2.3)."""
    if text.isdigit():
        return float(text[:6])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    """True when scheme, host and port are the same."""
    return _origin(one) == _origin(other)
