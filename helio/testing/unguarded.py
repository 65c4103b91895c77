"""The secured views once more without the rule: what they would show to who may see all."""

import re
from typing import Final

import psycopg

PERIMETER: Final = re.compile(r"security\.perimeter\(\)")
ROLE_TEST: Final = re.compile(r"security\.has_role\((?:[^()]|\([^()]*\))*\)")
SIGNED_IN: Final = re.compile(r"security\.uid\(\)")


def make_views(superuser: psycopg.Connection, schema: str, perimeter: str) -> list[str]:
    """Copies of the views of ``figures`` in a new schema, and their names.

    ``perimeter`` is an expression of type integer[] that stands for everybody's perimeter; whoever
    asks is signed in and has every role.
    """
    superuser.execute(f"CREATE SCHEMA {schema}")
    views = superuser.execute(
        "SELECT viewname, definition FROM pg_views WHERE schemaname = 'figures' ORDER BY viewname"
    ).fetchall()
    for name, definition in views:
        plain = ROLE_TEST.sub("true", PERIMETER.sub(perimeter, SIGNED_IN.sub("0", definition)))
        superuser.execute(f"CREATE VIEW {schema}.{name} AS {plain}")
    return [name for name, _ in views]
