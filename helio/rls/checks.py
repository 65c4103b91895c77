"""System checks: a process refuses to start as a role for which row security does not hold."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Critical, register
from django.db import connection
from django.db.utils import OperationalError

SQL = Path(__file__).parent / "sql"
PROCESS_ROLES = frozenset({"web", "worker"})


@register("database", deploy=False)
def role_cannot_bypass(
    app_configs: Any, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Critical messages when this process's role could read around row-level security."""
    if not databases or settings.DATABASE_ROLE not in PROCESS_ROLES:
        return []
    try:
        sentences = role_faults()
    except OperationalError as error:
        return [Critical(f"The database cannot be reached: {error}", id="rls.E002")]
    return [Critical(sentence, id="rls.E001") for sentence in sentences]


def role_faults() -> list[str]:
    """A sentence for each right the connected role has and must not have; empty when sound."""
    with connection.cursor() as cursor:
        cursor.execute((SQL / "check_role.sql").read_text(encoding="utf-8"))
        return [row[0] for row in cursor.fetchall()]


def catalogue_faults() -> list[str]:
    """A sentence for each relation or function that opens data to the web role unsecured.

    Walks the catalogue of the connected database, whatever role is connected.
    """
    with connection.cursor() as cursor:
        cursor.execute((SQL / "check_catalogue.sql").read_text(encoding="utf-8"))
        return [row[0] for row in cursor.fetchall()]
