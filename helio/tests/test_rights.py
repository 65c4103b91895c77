"""Roles, schemas and rights after bootstrap, asked of the catalogue and tried as each role."""

from collections.abc import Callable

import psycopg
import pytest

from helio.database import bootstrap, rights
from helio.testing import databases

Connect = Callable[..., psycopg.Connection]
pytestmark = pytest.mark.usefixtures("fresh_database")


def test_nothing_is_missing_after_bootstrap(fresh_database: str) -> None:
    assert rights.missing_rights(databases.dsn("migrate", fresh_database)) == []


def test_a_bare_database_is_told_what_it_lacks_with_the_sql() -> None:
    missing = {
        m.sentence: m.remedy for m in rights.missing_rights(databases.dsn("migrate", "postgres"))
    }
    assert missing["The extension btree_gist is missing."] == "CREATE EXTENSION btree_gist;"
    assert "helio_web may make temporary tables in this database." in missing


def test_bootstrap_may_run_again(fresh_database: str) -> None:
    with psycopg.connect(databases.dsn("superuser", fresh_database), autocommit=True) as connection:
        bootstrap.make_roles(connection)
        bootstrap.make_schemas(connection)
    assert rights.missing_rights(databases.dsn("migrate", fresh_database)) == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "SELECT query FROM pg_stat_activity",
        "SELECT * FROM pg_stat_get_activity(NULL)",
        "SELECT lo_from_bytea(0, 'parked')",
        "SELECT pg_terminate_backend(pg_backend_pid())",
        "SELECT pg_cancel_backend(1)",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_xact_lock(1, 2)",
        "SET ROLE helio_owner",
        "TRUNCATE portfolio",
    ],
)
def test_web_is_refused(connect_as: Connect, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect_as("web").execute(statement)


def test_worker_cannot_become_an_owner(connect_as: Connect) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect_as("worker").execute("SET ROLE helio_owner")


def test_migrate_reads_nothing_before_it_becomes_an_owner(connect_as: Connect) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect_as("migrate").execute("SELECT FROM public.transaction")


def test_passwords_are_kept_as_scram(connect_as: Connect) -> None:
    rows = connect_as("superuser").execute(
        "SELECT rolname, rolpassword FROM pg_authid WHERE rolname = ANY (%s)",
        [list(bootstrap.LOGIN_ROLES)],
    )
    assert all(password.startswith("SCRAM-SHA-256$") for _, password in rows.fetchall())


def test_a_wrong_password_is_refused(fresh_database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(databases.dsn("web", fresh_database), password="guess")


def test_the_wrong_role_behind_an_address_is_named(fresh_database: str) -> None:
    wrong = rights.wrong_user(databases.dsn("worker", fresh_database), "helio_web")
    assert wrong is not None
    assert "helio_worker" in wrong.sentence


@pytest.mark.parametrize(("number", "warned"), [(180006, False), (180005, True), (170011, True)])
def test_releases_without_the_fixes_are_named(number: int, warned: bool) -> None:
    assert (rights.old_release(number) is not None) is warned


def test_the_administrators_script_holds_every_file() -> None:
    script = bootstrap.script('odd"name')
    assert '\\connect "odd""name"' in script
    assert all(f"\\password {role}" in script for role in bootstrap.LOGIN_ROLES)
    assert "REVOKE SELECT ON pg_catalog.pg_stat_activity" in script
