#!/usr/bin/env python3
"""Django's command line; chooses the database role by command."""

import os
import sys

# Commands that write as the worker, change the schema, or need no database at all.
WORKER = {
    *("ingest", "refresh", "sources", "shadow", "demo", "audit"),
    *("mappings", "quality", "retention", "record_isolation"),
    *("createsuperuser", "changepassword", "clearsessions"),
}
MIGRATE = {
    *("migrate", "makemigrations", "showmigrations", "sqlmigrate", "squashmigrations"),
    *("optimizemigration", "bootstrap", "demo_people", "install_identity_key"),
    *("create_administrator", "demo_people"),
}
NO_DATABASE = {"collectstatic", "findstatic", "diffsettings", "help", "reset", "up", "version"}
OWN_SERVERS = {"bench", "prove"}


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in OWN_SERVERS:
        # Measured and attacked on servers of its own, never on the ones that serve.
        import helio.testing  # noqa: F401
    role = "worker" if command in WORKER else "migrate" if command in MIGRATE else "web"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helio.settings")
    os.environ.setdefault("HELIO_DATABASE_ROLE", role)
    os.environ.setdefault("HELIO_EMBEDDED", "find" if command in NO_DATABASE else "start")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
