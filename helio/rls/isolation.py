"""Runs that proved isolation, and digests of what they proved it of.

``manage.py prove`` writes its result to a file, on servers of its own; ``record_isolation`` enters
it into the database that is to quote it. An access proof quotes the last one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

RULE: Final = "SELECT name, body FROM security.rule()"
LAST: Final = """
    SELECT ran_at, code_digest, rule_digest, reads_compared, foreign_rows, missing_rows, passed,
           seconds
      FROM isolation_run ORDER BY id DESC LIMIT 1
"""
RECORD: Final = """
    INSERT INTO isolation_run
           (code_digest, rule_digest, reads_compared, foreign_rows, missing_rows, seconds)
    VALUES (%s, %s, %s, %s, %s, %s)
"""
# What decides what a person sees: everything else only shows it.
JUDGING: Final = ("helio/rls", "helio/database", "portfolios/sql", "reports/register/sql")


@dataclass(frozen=True, slots=True)
class IsolationRun:
    """A comparison of what people read with what an oracle says they may read."""

    ran_at: dt.datetime
    code_digest: str
    rule_digest: str
    reads_compared: int
    foreign_rows: int
    missing_rows: int
    passed: bool
    seconds: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of who sees what as it stands in the database, and its SHA-256."""

    parts: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the parts' text in reading order, each ended by a newline."""
        text = "".join(f"{body}\n" for _, body in self.parts)
        return hashlib.sha256(text.encode()).hexdigest()


def rule() -> Rule:
    """The rule as the connected database holds it (auditor, administrator or worker)."""
    with connection.cursor() as cursor:
        cursor.execute(RULE)
        return Rule(tuple(cursor.fetchall()))


def last_run() -> IsolationRun | None:
    """The newest run recorded in this database, None before the first."""
    with connection.cursor() as cursor:
        cursor.execute(LAST)
        row = cursor.fetchone()
    return IsolationRun(*row) if row else None


def record_run(
    *,
    reads_compared: int,
    foreign_rows: int,
    missing_rows: int,
    seconds: float | Decimal,
    rule_digest: str = "",
) -> None:
    """Record a run; as helio_worker, the one role that may. It passed if no row was wrong.

    ``rule_digest`` is that of the rule which was proven; empty: the one that stands here.
    """
    digests = code_digest(), rule_digest or rule().digest
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [*digests, reads_compared, foreign_rows, missing_rows, seconds])


@cache
def code_digest() -> str:
    """SHA-256 over names and bytes of the files that judge access."""
    digest = hashlib.sha256()
    for folder in JUDGING:
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if path.suffix in (".py", ".sql") and "tests" not in path.parts:
                digest.update(str(path.relative_to(settings.BASE_DIR)).encode() + b"\0")
                digest.update(path.read_bytes())
    return digest.hexdigest()
