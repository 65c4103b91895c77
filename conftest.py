"""Fixtures for all tests: databases that are copied, not rebuilt, and the roles that serve.

| fixture          | scope    | Django's connection goes to                                        |
| ---------------- | -------- | ------------------------------------------------------------------ |
| `db`             | function | an empty migrated database as helio_web, rolled back               |
| `fresh_database` | module   | a copy of the migrated database, really committed to               |
| `alpha`          | module   | a copy of the database with the alpha case loaded, committed to    |
| `as_worker`      | function | the same database, as helio_worker                                 |
| `connect_as`     | function | (raw psycopg) the same database, as any role                       |
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from helio.testing import databases, hashing, order


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Signing in costs tests what it should not cost a guesser: little."""
    with override_settings(PASSWORD_HASHERS=hashing.HASHERS):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker, migrated: str) -> Iterator[None]:
    """Replaces pytest-django's: no TRUNCATE, no superuser, nothing created by Django."""
    database = databases.copy(migrated, "rollback")
    with django_db_blocker.unblock(), databases.django_connected_to(database=database):
        yield


@pytest.fixture(scope="session")
def migrated() -> str:
    """Name of the template with every migration applied."""
    return databases.migrate_template()


@pytest.fixture(scope="session")
def alpha_database(migrated: str) -> str:
    """Name of the template with the alpha case loaded through the ordinary pipeline."""
    return databases.with_case(migrated)


@pytest.fixture(scope="module")
def fresh_database(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, migrated: str
) -> Iterator[str]:
    """Name of a migrated database of this module's own; what is committed stays for the module."""
    with django_db_blocker.unblock(), databases.own_copy(migrated) as database:
        yield database


@pytest.fixture(scope="module")
def alpha(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, alpha_database: str
) -> Iterator[str]:
    """Name of this module's own database with the alpha case in it."""
    with django_db_blocker.unblock(), databases.own_copy(alpha_database) as database:
        yield database


@pytest.fixture
def as_worker() -> Iterator[None]:
    """Django's connection works as helio_worker; together with `fresh_database` or `alpha`."""
    with databases.django_connected_to(role="worker"):
        yield


@pytest.fixture
def connect_as() -> Iterator[Callable[..., psycopg.Connection]]:
    """A maker of psycopg connections to the current database: ``connect_as("web")``.

    Roles: web, worker, migrate, audit, backup; owner, rollup, gate, guard; superuser.
    """
    with ExitStack() as stack:

        def connect(role: str, **options: Any) -> psycopg.Connection:
            database = connection.settings_dict["NAME"]
            return stack.enter_context(databases.connect(role, database, **options))

        yield connect


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with long files, and refuses tests that would make Django TRUNCATE.

    The web role rightly cannot.
    """
    order.longest_first(items)
    for item in items:
        for marker in item.iter_markers("django_db"):
            if marker.kwargs.get("transaction") or (marker.args and marker.args[0]):
                raise pytest.UsageError(
                    f"{item.nodeid} asks for transaction=True: use the fixture fresh_database."
                )


def pytest_collection_finish() -> None:
    """Spares the garbage collector what importing and collecting made."""
    order.spare_what_stays()
