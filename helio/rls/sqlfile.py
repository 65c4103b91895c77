"""A migration operation that runs one SQL file, as the role that is to own what it makes."""

import re
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
    return migrations.RunSQL(_as_role(_text(path), role), _as_role(reverse, reverse_role or role))


def function_as_in(path: str, name: str) -> str:
    """The statement that puts the function ``name`` back as the SQL file at ``path`` made it.

    For the reverse of a migration that replaced it. Raises ValueError where the file has no such.
    """
    made = rf"^CREATE (OR REPLACE )?FUNCTION {re.escape(name)}\(.*?^ *\$\$;"
    found = re.search(made, _text(path), re.M | re.S)
    if found is None:
        raise ValueError(f"{path} makes no function {name}.")
    return re.sub("^CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", found[0])


def view_as_in(path: str, name: str) -> str:
    """The statement that puts the view ``name``, plain or materialised, back as the file made it.

    For the reverse of a migration that replaced it. Raises ValueError where the file has no such.
    """
    made = rf"^CREATE (OR REPLACE |MATERIALIZED )?VIEW {re.escape(name)} .*?;$"
    found = re.search(made, _text(path), re.M | re.S)
    if found is None:
        raise ValueError(f"{path} makes no view {name}.")
    return found[0].replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1)


def rest_of(path: str, words: str) -> str:
    """The SQL file at ``path`` from the words on, for the reverse of a migration that replaced it.

    Raises ValueError where the file has no such words.
    """
    text = _text(path)
    return text[text.index(words) :]


def _text(path: str) -> str:
    return Path(settings.BASE_DIR, path).read_text(encoding="utf-8")


def undo_sql_file(path: str, *, undo: str, role: str | None = None) -> migrations.RunSQL:
    """Migration operation that takes back what the SQL file at ``path`` made.

    ``undo`` is a short statement; the reverse runs the file again.
    """
    sql = Path(settings.BASE_DIR, path).read_text(encoding="utf-8")
    return migrations.RunSQL(_as_role(undo, role), _as_role(sql, role))


def _as_role(sql: str, role: str | None) -> tuple[str, ...]:
    """Statements that run ``sql`` as ``role`` and step back to the owner of tables."""
    if role is None:
        return (sql,)
    return (f"SET LOCAL ROLE {role}", sql, "RESET ROLE")
