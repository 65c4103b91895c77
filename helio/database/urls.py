"""A database address and a role, as Django's connection settings."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

VARIABLES = {
    "web": "DATABASE_URL",
    "worker": "DATABASE_WORKER_URL",
    "migrate": "DATABASE_MIGRATE_URL",
}
ROLES = {"web": "helio_web", "worker": "helio_worker", "migrate": "helio_migrate"}
# Uses of a statement on a connection that stays before it is planned for good.
PREPARE_AFTER = 5


def django_database(url: str, role: str, pool: int = 0) -> dict[str, Any]:
    """One entry of ``DATABASES`` for that role.

    Parameters are bound by the server: bound by the client, an injected value could carry a second
    statement. Migrations work as the owner of the tables, and are the only ones to do so.
    """
    parts: dict[str, Any] = dict(conninfo_to_dict(url))
    options: dict[str, Any] = {
        "application_name": f"helio {role}",
        "server_side_binding": role != "migrate",
    }
    if role == "migrate":
        options["options"] = "-c role=helio_owner"
    if pool and role == "web":
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
        # Not behind a pooler, which gives each transaction another server connection.
        options["prepare_threshold"] = PREPARE_AFTER
    named = {key: parts.pop(key, "") for key in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": named["dbname"],
        "USER": named["user"],
        "PASSWORD": named["password"],
        "HOST": named["host"],
        "PORT": str(named["port"]),
        "OPTIONS": parts | options,
        "CONN_HEALTH_CHECKS": True,
    }
