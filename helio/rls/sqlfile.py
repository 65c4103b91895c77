"""A migration operation that runs one SQL file, as the role that is to own what it makes."""

from pathlib import Path

from django.conf import settings
from django.db import migrations


def run_sql_file(
    path: str, *, reverse: str, role: str | None = None, reverse_role: str | None = None
) -> migrations.RunSQL:
    """Migration operation for the SQL file at ``path`` (from the project's root).

    ``role`` owns what the file creates (default: the owner of tables). ``reverse`` is a short
    statement that takes everything back.
    """
    sql = Path(settings.BASE_DIR, path).read_text(encoding="utf-8")
    return migrations.RunSQL(_as_role(sql, role), _as_role(reverse, reverse_role or role))


def _as_role(sql: str, role: str | None) -> tuple[str, ...]:
    """Statements that run ``sql`` as ``role`` and step back to the owner of tables."""
    if role is None:
        return (sql,)
    return (f"SET LOCAL ROLE {role}", sql, "RESET ROLE")
