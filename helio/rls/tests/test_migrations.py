"""Security can be taken back and given again, and nothing of it is lost on the way."""

import pytest
from django.apps import apps
from django.db import connection

from helio.rls.checks import catalogue_faults
from helio.testing import databases

SECURED = "SELECT count(*) FROM pg_policy"


@pytest.mark.parametrize("app", ["accounts", "ingestion", "portfolios"])
def test_migrations_go_back_and_forth(fresh_database, app):
    assert apps.is_installed(apps.get_app_config(app).name)
    before = _policies()
    connection.close()
    databases.manage("migrate", app, "zero", "--verbosity", "0", database=fresh_database)
    databases.manage("migrate", "--verbosity", "0", database=fresh_database)
    assert _policies() == before
    assert catalogue_faults() == []


def _policies() -> int:
    with connection.cursor() as cursor:
        cursor.execute(SECURED)
        return cursor.fetchone()[0]
