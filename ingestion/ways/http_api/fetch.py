"""Fetches a source from an HTTP API: each page a file."""

from functools import partial
from pathlib import Path
from typing import Any

import httpx

from ingestion.ways.http_api import pages
from ingestion.ways.http_api.ask import asked, credentials
from ingestion.ways.http_api.options import Options
from ingestion.ways.http_api.transport import GuardedTransport
from ingestion.ways.names import file_name
from ingestion.ways.retries import persistently
from ingestion.ways.visit import PART_BYTES, Brought, Fetched, FetchFailed, Visit

# What comes is kept as it came: nothing is unpacked on the way, so no bomb goes off here.
HEADERS = {"Accept-Encoding": "identity", "User-Agent": "Helio"}


def fetch(options: Options, visit: Visit) -> Fetched:
    """The pages as files; none when the server says that nothing changed."""
    who = credentials(options)
    parameters = {key: file_name(text, visit.at) for key, text in options.parameters.items()}
    try:
        url = httpx.URL(file_name(options.url, visit.at)).copy_merge_params(parameters)
    except httpx.InvalidURL:
        raise FetchFailed("The url of its definition is no address.") from None
    if options.paging.kind == "number":
        url = url.copy_set_param(options.paging.parameter, str(options.paging.first))
    transport = GuardedTransport(allow_private=options.allow_private)
    with httpx.Client(transport=transport, trust_env=False) as client:
        return _Pages(client, options, visit, who).all_from(url)


class _Pages:
    """The pages of one fetch."""

    def __init__(
        self, client: httpx.Client, options: Options, visit: Visit, who: dict[str, str]
    ) -> None:
        self.client, self.options, self.visit, self.who = client, options, visit, who
        self.memory: dict[str, Any] = {}
        self.files: list[Brought] = []

    def all_from(self, url: httpx.URL) -> Fetched:
        """Every page from the first address on."""
        seen: set[str] = set()
        following: httpx.URL | None = url
        while following is not None:
            page = len(seen) + 1
            self._check(following, seen, page)
            seen.add(str(following))
            path, links = persistently(self.visit, partial(self._page, following, page))
            if path is None or pages.is_empty(self.options.paging, path, page):
                break
            self.files.append(Brought(file_name(self.options.name, self.visit.at, page), path))
            following = pages.next_address(self.options.paging, following, page, links, path)
        return Fetched(self.files, self.memory, self._sentence())

    def _check(self, url: httpx.URL, seen: set[str], page: int) -> None:
        if str(url) in seen:
            raise FetchFailed(f"{url.host} names a page as its own next page, again and again.")
        if page > self.options.paging.most:
            raise FetchFailed(f"There are more than the {self.options.paging.most} pages allowed.")

    def _page(self, url: httpx.URL, page: int) -> tuple[Path | None, dict[str, Any]]:
        """The page's body as a file, None when there is none; and the links in its header."""
        headers = HEADERS | (self._conditions() if page == 1 else {})
        with asked(self.client, self.visit, url, headers, self.who) as response:
            if response.status_code in (204, 304):
                return None, {}
            if response.headers.get("content-encoding", "identity") != "identity":
                raise FetchFailed(f"{url.host} packs its answer, although asked not to.")
            path = self._saved(response, page)
            if page == 1:
                self._remember(response)
            return path, {str(name): link for name, link in response.links.items()}

    def _saved(self, response: httpx.Response, page: int) -> Path:
        path, before = self.visit.folder / f"{page:05d}", self.visit.bytes
        try:
            with path.open("wb") as file:
                for part in response.iter_raw(PART_BYTES):
                    self.visit.count(len(part))
                    file.write(part)
        except FetchFailed:
            self.visit.bytes = before  # it is asked again from its beginning
            raise
        return path

    def _conditions(self) -> dict[str, str]:
        """What makes the server answer 304 when nothing changed since the last load."""
        memory = self.visit.memory
        # Another definition may read the same bytes differently: then they are asked for anew.
        if not self.options.conditional or memory.get("digest") != self.visit.digest:
            return {}
        kept = {"If-None-Match": memory.get("etag"), "If-Modified-Since": memory.get("modified")}
        return {name: value for name, value in kept.items() if value}

    def _remember(self, response: httpx.Response) -> None:
        self.memory = {
            "digest": self.visit.digest,
            "etag": response.headers.get("etag", "")[:500],
            "modified": response.headers.get("last-modified", "")[:100],
        }

    def _sentence(self) -> str:
        return "" if self.files else "The server says that nothing changed."
