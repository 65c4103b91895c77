"""Databases for tests: one migrated template, copied in a moment; connections as every role.

Django's own way (create, migrate, TRUNCATE as a superuser) would prove nothing here: the tests
connect as the roles that serve.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.test import override_settings
from psycopg import sql

from helio.database import bootstrap, urls
from helio.embedded import DATABASE, Services
from helio.testing import templates

# The template with the demo case in it.
CASE = "helio_case"
PATIENCE = 30.0
OWNERS = ("owner", "rollup", "gate", "guard")
_numbers = count(1)


def embedded() -> Services:
    """The run's own servers."""
    if settings.EMBEDDED is None:
        raise RuntimeError(
            "Tests run on embedded servers only: start them with `-p helio.testing`."
        )
    found: Services = settings.EMBEDDED
    return found


@cache
def migrate_template() -> str:
    """Name of the database with every migration applied; no test connects to it.

    Made ready once: what an earlier run left behind goes, never what this one has made since.
    """
    if _has_case():
        _drop_leftovers()
        return DATABASE
    manage("migrate", "--verbosity", "0")
    manage("install_identity_key")
    return DATABASE


def with_case(migrated: str) -> str:
    """Name of the template with the demo case loaded through the ordinary pipeline."""
    if _has_case():
        return CASE
    database = copy(migrated, "alpha")
    manage("demo", role="worker", database=database)
    manage("refresh", role="worker", database=database)
    manage("quality", "run", role="worker", database=database)
    manage("demo_people", role="migrate", database=database)
    connections.close_all()
    with psycopg.connect(embedded().superuser_dsn(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(database), sql.Identifier(CASE)
            )
        )
    templates.keep(embedded().home)
    _wait_for_server()
    return CASE


def _has_case() -> bool:
    with psycopg.connect(embedded().superuser_dsn()) as connection:
        query = "SELECT FROM pg_database WHERE datname = %s"
        return connection.execute(query, [CASE]).fetchone() is not None


def _drop_leftovers() -> None:
    """Drops what the run that kept the templates had beside them."""
    with psycopg.connect(embedded().superuser_dsn()) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'helio\\_%%' AND datname <> %s",
            [CASE],
        ).fetchall()
    for (name,) in names:
        drop(name)


def _wait_for_server() -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(embedded().superuser_dsn(CASE)).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def manage(
    *arguments: str, role: str = "migrate", database: str = DATABASE, **environment: str
) -> str:
    """Output of a manage.py command that ran in a process of its own, as an operator runs it."""
    addresses = {
        variable: embedded().database_url(urls.ROLES[name], database)
        for name, variable in urls.VARIABLES.items()
    }
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=_environment() | addresses | {"HELIO_DATABASE_ROLE": role} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise AssertionError(
            f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}"
        )
    return done.stdout


def serving_environment(database: str, role: str) -> dict[str, str]:
    """Environment of a process that serves the database as one role, as `up` would start it."""
    return _environment() | {
        urls.VARIABLES[role]: embedded().database_url(urls.ROLES[role], database),
        "HELIO_DATABASE_ROLE": role,
    }


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "helio.settings",
        "HELIO_HOME": str(settings.HELIO_HOME),
        "HELIO_DEMO": "1",
        "HELIO_DEMO_FEED": "0",
        "HELIO_DEMO_PASSWORD": settings.HELIO_DEMO_PASSWORD,
        "REDIS_URL": embedded().redis_url,
        "SECRET_KEY": settings.SECRET_KEY,
        "HELIO_IDENTITY_KEY": settings.IDENTITY_KEY,
    }


def copy(template: str, purpose: str = "copy") -> str:
    """Name of a new database with all that the template holds."""
    name = f"helio_{purpose}_{next(_numbers)}"
    with psycopg.connect(embedded().superuser_dsn(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER helio_owner TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    with psycopg.connect(embedded().superuser_dsn(name), autocommit=True) as connection:
        bootstrap.admit(connection)
    return name


@contextmanager
def own_copy(template: str) -> Iterator[str]:
    """Name of a copy that Django is connected to within the block; dropped after it."""
    database = copy(template)
    try:
        with django_connected_to(database=database):
            yield database
    finally:
        drop(database)


def drop(database: str) -> None:
    """Drops a copy, ending whatever still works with it."""
    with psycopg.connect(embedded().superuser_dsn(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        )


def dsn(role: str, database: str) -> str:
    """Connection string of the superuser or a login role (``web``, ``worker``, ``audit`` …)."""
    if role == "superuser":
        return embedded().superuser_dsn(database)
    return embedded().database_url(f"helio_{role}", database)


def connect(role: str, database: str, **options: Any) -> psycopg.Connection:
    """A connection as any role; owners cannot log in, so migrate logs in and becomes them."""
    if role not in OWNERS:
        return psycopg.connect(dsn(role, database), **options)
    connection = psycopg.connect(dsn("migrate", database), **options)
    connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(f"helio_{role}")))
    if not connection.autocommit:
        connection.commit()
    return connection


@contextmanager
def django_connected_to(*, database: str | None = None, role: str | None = None) -> Iterator[None]:
    """Django's default connection goes to that database, as that role, within the block."""
    connection = connections["default"]
    before = connection.settings_dict.copy()
    chosen = role or settings.DATABASE_ROLE
    url = embedded().database_url(urls.ROLES[chosen], database or before["NAME"])
    connection.close()
    connection.settings_dict.update(urls.django_database(url, chosen))
    try:
        with override_settings(DATABASE_ROLE=chosen):
            yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)
