"""What is sound, doubtful or wrong with this installation, each as a finding with a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
import redis
from django.conf import settings

from helio.database import rights, urls
from helio.rls import checks

SOUND = "sound"
WARNING = "warning"
FAULT = "FAULT"
OLDEST_FIGURES = timedelta(minutes=10)  # the refresh looks every five minutes


@dataclass(frozen=True)
class Finding:
    """One thing looked at and what was found."""

    about: str
    level: str
    sentence: str


def findings() -> Iterator[Finding]:
    """All findings, in the order in which a fault makes the next ones pointless."""
    yield from _rights()
    for role in ("web", "worker"):
        if settings.DATABASE_URLS[role]:
            yield from _role(role)
    if settings.DATABASE_URLS["worker"]:
        yield from _state()
    yield from _settings()
    yield _redis()


def _rights() -> Iterator[Finding]:
    url = settings.DATABASE_URLS["migrate"]
    if not url:
        yield Finding(
            "rights", WARNING, "DATABASE_MIGRATE_URL is not set here, so they were not looked at."
        )
        return
    missing = rights.missing_rights(url)
    for right in missing:
        yield Finding("rights", FAULT, str(right))
    if not missing:
        yield Finding("rights", SOUND, "Roles, schemas and rights are as they must be.")


def _role(role: str) -> Iterator[Finding]:
    name = urls.ROLES[role]
    if wrong := rights.wrong_user(settings.DATABASE_URLS[role], name):
        yield Finding(name, FAULT, str(wrong))
        return
    with _connected(role) as connection:
        faults = _sentences(connection, "check_role.sql")
        if role == "web":
            faults += _sentences(connection, "check_catalogue.sql")
            old = rights.old_release(connection.info.server_version)
            if old:
                yield Finding("server", WARNING, old)
    for sentence in faults:
        yield Finding(name, FAULT, sentence)
    if not faults:
        what = "cannot read around row security"
        if role == "web":
            what += ", and every relation it can read is secured"
        yield Finding(name, SOUND, f"{name} {what}.")


def _state() -> Iterator[Finding]:
    """Migrations and freshness, as the worker sees them."""
    with _connected("worker") as connection:
        if connection.execute("SELECT to_regclass('public.version')").fetchone() == (None,):
            yield Finding("figures", FAULT, "The tables are missing: run `manage.py bootstrap`.")
            return
        row = connection.execute(
            "SELECT number, created_at, as_of FROM version ORDER BY number DESC LIMIT 1"
        ).fetchone()
        looked = connection.execute("SELECT max(started_at) FROM refresh_run").fetchone()
    if row is None:
        yield Finding("figures", FAULT, "There is no version yet: run `manage.py refresh`.")
        return
    number, created_at, as_of = row
    sentence = f"Version {number} of {created_at:%Y-%m-%d %H:%M} UTC, business date {as_of}."
    yield Finding("figures", SOUND, sentence)
    last = looked[0] if looked else None
    if last is None or datetime.now(UTC) - last > OLDEST_FIGURES:
        when = f"{last:%Y-%m-%d %H:%M} UTC" if last else "never"
        yield Finding(
            "freshness", WARNING, f"The refresh last looked for new data {when}: is beat running?"
        )


def _settings() -> Iterator[Finding]:
    if settings.EMBEDDED is None and not settings.HTTPS_ONLY:
        yield Finding(
            "settings",
            WARNING,
            "HELIO_ALLOWED_ORIGINS has an origin without https: cookies may travel in the clear.",
        )
    if settings.EMBEDDED is None and settings.HELIO_DEMO:
        yield Finding(
            "settings",
            FAULT,
            "HELIO_DEMO is on with a database of your own: its sign-ins are known.",
        )
    yield Finding("settings", SOUND, f"Pages may be opened from {', '.join(_origins())}.")


def _origins() -> list[str]:
    origins: list[str] = settings.HELIO_ALLOWED_ORIGINS
    return origins


def _redis() -> Finding:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2)
    try:
        client.ping()
    except redis.RedisError as error:
        return Finding("Redis", FAULT, f"It does not answer: {rights.first_line(error)}")
    finally:
        client.close()
    return Finding("Redis", SOUND, "It answers.")


@contextmanager
def _connected(role: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(settings.DATABASE_URLS[role], connect_timeout=5) as connection:
        yield connection


def _sentences(connection: psycopg.Connection, name: str) -> list[str]:
    return [row[0] for row in connection.execute((checks.SQL / name).read_bytes())]
