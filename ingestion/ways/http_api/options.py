"""Options of ``way = "http"``."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from ingestion.definition.section import Section
from ingestion.ways.options import secret_name

PAGES: Final = ("none", "link_header", "next", "cursor", "number")
AUTHS: Final = ("bearer", "basic", "header")


@dataclass(frozen=True)
class Paging:
    """How one page names the next."""

    kind: str = "none"
    path: str = ""  # where in the body: the next address, or the cursor
    parameter: str = ""  # of the address: the cursor, or the page's number
    first: int = 1
    results: str = ""  # where in the body the records are: an empty list ends the numbers
    most: int = 1000


@dataclass(frozen=True)
class Options:
    """Where to ask, as whom, and how the answer goes on."""

    url: str
    name: str
    parameters: dict[str, str]
    paging: Paging
    conditional: bool
    secret: str
    auth: str
    user: str
    header: str
    allow_private: bool


def parse_options(section: Section) -> Options:
    """The checked options."""
    auth = section.text("auth", "bearer", allowed=AUTHS)
    options = Options(
        url=_url(section),
        name=section.text("name", f"{section.file.removesuffix('.toml')}-{{time}}-{{page}}.json"),
        parameters=section.words("parameters"),
        paging=_paging(section),
        conditional=section.flag("conditional", default=True),
        secret=secret_name(section, "secret", required="auth" in section.table),
        auth=auth,
        user=section.text("user", None if auth == "basic" else ""),
        header=section.text("header", None if auth == "header" else ""),
        allow_private=section.flag("allow_private"),
    )
    if options.paging.kind != "none" and "{page}" not in options.name:
        section.wrong("name", "needs {page} in it, or one page would take another's name.")
    return options


def _url(section: Section) -> str:
    url = section.text("url")
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        section.wrong("url", "must be a whole address that starts with https:// or http://.")
    elif parts.username or parts.password:
        section.wrong("url", "must not hold a password; name a secret in 'secret' instead.")
    return url


def _paging(parent: Section) -> Paging:
    section = parent.child("page", parent.get("page", {}))
    kind = section.text("kind", "none", allowed=PAGES)
    paging = Paging(
        kind=kind,
        path=section.text("path", None if kind in ("next", "cursor") else ""),
        parameter=section.text("parameter", None if kind in ("cursor", "number") else ""),
        first=section.number("first", 1),
        results=section.text("results", None if kind == "number" else ""),
        most=section.number("most", 1000),
    )
    section.close()
    return paging
