"""Options of ``way = "sftp"``."""

import re
from dataclasses import dataclass

from ingestion.definition.section import Section
from ingestion.ways.options import secret_name


@dataclass(frozen=True)
class Options:
    """Which server, proven by which key, as whom, and which files."""

    host: str
    port: int
    user: str
    host_key: str
    password: str  # name of a secret
    key: str  # name of a secret
    folder: str
    pattern: str
    allow_private: bool


def parse_options(section: Section) -> Options:
    """The checked options."""
    options = Options(
        host=section.text("host"),
        port=section.number("port", 22),
        user=section.text("user"),
        host_key=section.text("host_key"),
        password=secret_name(section, "password"),
        key=secret_name(section, "key"),
        folder=section.text("folder", "."),
        pattern=section.text("pattern", "*"),
        allow_private=section.flag("allow_private"),
    )
    if not options.password and not options.key:
        section.wrong("key", "is missing; name a secret in 'key' or in 'password'.")
    if options.host_key and not re.fullmatch(r"[a-z0-9@.-]+ [A-Za-z0-9+/=]+", options.host_key):
        section.wrong(
            "host_key",
            "must be the server's public key like 'ssh-ed25519 AAAA…'; ask its owner for it.",
        )
    return options
