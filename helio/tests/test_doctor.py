"""The doctor calls a sound installation sound, and finds what was broken by hand."""

import psycopg
import pytest
from django.conf import settings

from helio import doctor
from helio.testing import databases
from helio.tests.test_health import VERSION


def examine(database: str, monkeypatch: pytest.MonkeyPatch) -> list[doctor.Finding]:
    addresses = {role: databases.dsn(role, database) for role in ("web", "worker", "migrate")}
    monkeypatch.setattr(settings, "DATABASE_URLS", addresses)
    return list(doctor.findings())


def faults(findings: list[doctor.Finding]) -> list[str]:
    return [finding.sentence for finding in findings if finding.level == doctor.FAULT]


def as_superuser(database: str, statement: str) -> None:
    with psycopg.connect(databases.dsn("superuser", database)) as connection:
        connection.execute(statement)


def test_a_sound_installation_has_no_fault(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_superuser(fresh_database, VERSION)
    assert faults(examine(fresh_database, monkeypatch)) == []


@pytest.mark.parametrize(
    ("breakage", "repair", "named"),
    [
        ("ALTER ROLE helio_web BYPASSRLS", "ALTER ROLE helio_web NOBYPASSRLS", "BYPASSRLS"),
        ("GRANT helio_gate TO helio_web", "REVOKE helio_gate FROM helio_web", "helio_gate"),
        (
            "ALTER TABLE transaction NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE transaction FORCE ROW LEVEL SECURITY",
            "transaction",
        ),
        (
            "GRANT TEMPORARY ON DATABASE {0} TO helio_web",
            "REVOKE TEMPORARY ON DATABASE {0} FROM helio_web",
            "temporary tables",
        ),
    ],
)
def test_what_was_broken_by_hand_is_named(
    fresh_database: str,
    monkeypatch: pytest.MonkeyPatch,
    breakage: str,
    repair: str,
    named: str,
) -> None:
    as_superuser(fresh_database, breakage.format(fresh_database))
    try:
        found = faults(examine(fresh_database, monkeypatch))
    finally:
        as_superuser(fresh_database, repair.format(fresh_database))
    assert any(named in sentence for sentence in found), found
