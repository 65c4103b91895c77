"""Where the next page is, as an answer says it."""

import json
from pathlib import Path
from typing import Any

import httpx

from ingestion.ways.http_api.ask import same_origin
from ingestion.ways.http_api.options import Paging
from ingestion.ways.visit import FetchFailed


def next_address(
    paging: Paging, url: httpx.URL, page: int, links: dict[str, Any], body: Path
) -> httpx.URL | None:
    """The address of the next page, None after the last."""
    if paging.kind == "link_header":
        return _followed(url, links.get("next", {}).get("url"))
    if paging.kind in ("next", "cursor"):
        said = _at(_read(body, page), paging.path)
        if not isinstance(said, (str, int)) or isinstance(said, bool) or said == "":
            return None
        if paging.kind == "next":
            return _followed(url, str(said))
        return url.copy_set_param(paging.parameter, str(said))
    if paging.kind == "number":
        return url.copy_set_param(paging.parameter, str(paging.first + page))
    return None


def is_empty(paging: Paging, body: Path, page: int) -> bool:
    """True for a numbered page beyond the last, which holds no records."""
    return paging.kind == "number" and not _at(_read(body, page), paging.results)


def _followed(url: httpx.URL, said: str | None) -> httpx.URL | None:
    if not said:
        return None
    try:
        target = url.join(said)
    except httpx.InvalidURL:
        raise FetchFailed(f"{url.host} names a next page that is no address.") from None
    if not same_origin(url, target):
        raise FetchFailed(f"{url.host} names a next page on another server, which is refused.")
    return target


def _read(body: Path, page: int) -> Any:
    try:
        return json.loads(body.read_bytes())
    except (ValueError, RecursionError):
        raise FetchFailed(f"Page {page} is not JSON, so the next page cannot be found.") from None


def _at(value: Any, path: str) -> Any:
    """The value at a dotted path, None where there is none."""
    for key in filter(None, path.split(".")):
        value = value.get(key) if isinstance(value, dict) else None
    return value
