"""What every [fetch] table has: how long, how much, how often again, and when to leave it be."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ingestion.definition.section import Section

# Below Celery's visibility timeout: a run that takes longer would be given to a second worker.
LIMIT_MOST = timedelta(minutes=45)
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Policy:
    """Limits of a fetch, and its circuit breaker."""

    timeout: timedelta  # for one answer
    limit: timedelta  # for the whole fetch
    max_bytes: int
    attempts: int
    failures: int  # in a row, then the breaker opens
    pause: timedelta  # before it is tried again


@dataclass(frozen=True)
class Fetch:
    """The [fetch] table of a definition."""

    way: str
    options: Any
    policy: Policy


def parse_policy(section: Section) -> Policy:
    """The keys that all ways share."""
    breaker = section.child("breaker", section.get("breaker", {}))
    policy = Policy(
        timeout=section.span("timeout", "30 seconds"),
        limit=section.span("limit", "10 minutes"),
        max_bytes=_between(section, "max_megabytes", 256, 1, 10_000) * MEGABYTE,
        attempts=_between(section, "attempts", 4, 1, 10),
        failures=_between(breaker, "failures", 5, 1, 100),
        pause=breaker.span("pause", "10 minutes"),
    )
    breaker.close()
    if policy.limit > LIMIT_MOST:
        section.wrong("limit", "is too long; write at most '45 minutes'.")
    return policy


def _between(section: Section, key: str, default: int, least: int, most: int) -> int:
    number = section.number(key, default)
    if not least <= number <= most:
        section.wrong(key, f"is {number}; write a whole number from {least} to {most}.")
        return default
    return number


def secret_name(section: Section, key: str, *, required: bool = False) -> str:
    """The name of a secret, never the secret itself."""
    name = section.text(key, None if required else "")
    if name and not (name.replace("_", "").replace("-", "").isalnum() and name.isascii()):
        section.wrong(
            key,
            "must be the name of a secret (letters, digits, - and _), not the secret itself.",
        )
        return ""
    return name
