"""Makes roles, the database, schemas and rights, by the SQL files beside it. Needs no Django.

The embedded server runs it by itself; on a server of your own the same SQL is printed by
``manage.py bootstrap --sql`` for its administrator, or run by ``manage.py bootstrap --admin-url``.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

FOLDER = Path(__file__).with_name("sql")
LOGIN_ROLES = ("helio_web", "helio_worker", "helio_migrate", "helio_audit", "helio_backup")
CLUSTER_FILE = "010_roles.sql"
DATABASE_FILES = ("020_schemas.sql", "030_database.sql", "040_catalogue.sql")
COPY_FILES = ("030_database.sql",)


def embedded(
    *,
    superuser_dsn: Callable[..., str],
    password: Callable[[str], str],
    stamp: Path,
    database: str,
) -> None:
    """Bootstraps the embedded server, unless this very SQL was run on it before."""
    if stamp.exists() and stamp.read_text() == fingerprint():
        return
    with psycopg.connect(superuser_dsn(), autocommit=True) as connection:
        make_roles(connection)
        for role in LOGIN_ROLES:
            set_password(connection, role, password(role))
        make_database(connection, database)
    with psycopg.connect(superuser_dsn(database=database), autocommit=True) as connection:
        make_schemas(connection)
    stamp.write_text(fingerprint())


def fingerprint() -> str:
    """A hash of the SQL: another one means that bootstrap has something to do."""
    content = b"".join(path.read_bytes() for path in sorted(FOLDER.glob("*.sql")))
    return hashlib.sha256(content).hexdigest()


def make_roles(connection: psycopg.Connection) -> None:
    """Creates the cluster's roles; existing ones keep their passwords."""
    _run(connection, CLUSTER_FILE)


def set_password(connection: psycopg.Connection, role: str, password: str) -> None:
    """Sets a role's password; only its SCRAM verifier travels, so that no log holds it."""
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    )
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(
            sql.Identifier(role), sql.Literal(verifier.decode())
        )
    )


def make_database(
    connection: psycopg.Connection, database: str, template: str = "template0"
) -> None:
    """Creates the database, owned by ``helio_owner``, unless it is there."""
    known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [database])
    if known.fetchone() is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER helio_owner TEMPLATE {}").format(
                sql.Identifier(database), sql.Identifier(template)
            )
        )


def make_schemas(connection: psycopg.Connection) -> None:
    """Creates schemas and rights in the database of this superuser's connection."""
    for name in DATABASE_FILES:
        _run(connection, name)


def admit(connection: psycopg.Connection) -> None:
    """Lets the roles into a database that was copied from a template."""
    for name in COPY_FILES:
        _run(connection, name)


def script(database: str) -> str:
    """The whole of it as one psql script for an administrator, passwords left to be set."""
    quoted = '"' + database.replace('"', '""') + '"'
    parts = [
        (FOLDER / CLUSTER_FILE).read_text(),
        *(f"\\password {role}\n" for role in LOGIN_ROLES),
        f"CREATE DATABASE {quoted} OWNER helio_owner;\n\\connect {quoted}\n",
        *((FOLDER / name).read_text() for name in DATABASE_FILES),
    ]
    return "\n".join(parts)


def _run(connection: psycopg.Connection, name: str) -> None:
    with connection.transaction():
        connection.execute((FOLDER / name).read_bytes())
