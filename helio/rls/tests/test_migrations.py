"""Security can be taken back and given again, and nothing of it is lost on the way."""

from django.db import connection

from helio.rls.checks import catalogue_faults
from helio.testing import databases

SECURED = "SELECT count(*) FROM pg_policy"


# Each of them with everything that stands on it, on what the ones before have left.
APPS = ("ingestion", "portfolios", "accounts")


def test_migrations_go_back_and_forth(fresh_database):
    before = _policies()
    connection.close()
    for app in APPS:
        databases.manage("migrate", app, "zero", "--verbosity", "0", database=fresh_database)
        assert _applied(app, fresh_database) == 0
    databases.manage("migrate", "--verbosity", "0", database=fresh_database)
    assert _policies() == before
    assert catalogue_faults() == []


def _applied(app: str, database: str) -> int:
    with databases.connect("superuser", database) as owner:
        asked = "SELECT count(*) FROM django_migrations WHERE app = %s"
        return owner.execute(asked, [app]).fetchone()[0]


def _policies() -> int:
    with connection.cursor() as cursor:
        cursor.execute(SECURED)
        return cursor.fetchone()[0]
