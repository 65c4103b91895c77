"""Probes: alive without a database, ready with one version, and nothing secret in metrics."""

import psycopg
import pytest
from django.db import DatabaseError
from django.test import Client

from helio import health
from helio.testing import databases

VERSION = """
INSERT INTO version (created_at, as_of, cause, batch_ids, source_ages, steps,
                     changed_portfolios, duration_ms)
VALUES (now(), current_date, 'test', '{}', '{}', '{}', '{}', 1)
"""
pytestmark = pytest.mark.usefixtures("fresh_database")


def test_livez_asks_no_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "readiness", lambda: pytest.fail("asked"))
    assert client.get("/livez").content == b"alive\n"


def test_readyz_tells_the_newest_version(client: Client, fresh_database: str) -> None:
    assert client.get("/readyz").json() == {"ready": True, "version": 0, "fault": ""}
    with psycopg.connect(databases.dsn("superuser", fresh_database)) as connection:
        connection.execute(VERSION)
    assert client.get("/readyz").json()["version"] == 1


def test_readyz_names_missing_migrations(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "pending_migrations", lambda: 3)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "3 migrations" in response.json()["fault"]


def test_readyz_survives_a_database_that_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> int:
        raise DatabaseError("connection refused by 10.0.0.1 for helio_web")

    monkeypatch.setattr(health, "pending_migrations", away)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "10.0.0.1" not in response.content.decode()


def test_metrics_are_prometheus_text(client: Client) -> None:
    body = client.get("/metrics").content.decode()
    assert "# TYPE helio_head_version gauge" in body
    assert "process_resident_memory_bytes" in body


def test_probes_are_not_written_to(client: Client) -> None:
    assert client.post("/livez").status_code == 405


def test_pages_carry_the_security_headers(client: Client) -> None:
    headers = client.get("/livez").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
