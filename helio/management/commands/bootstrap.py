"""`manage.py bootstrap`: from a server to a database that Helio can serve."""

from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from helio.database import bootstrap, rights, urls


class Command(BaseCommand):
    """Checks rights, migrates, installs the signing key."""

    help = (
        "Checks the rights of Helio's roles, applies migrations and installs the identity key."
        " --sql prints what an administrator runs first on a server of your own;"
        " --admin-url runs it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sql", action="store_true", help="Print the set-up SQL and stop.")
        parser.add_argument(
            "--admin-url",
            metavar="URL",
            help="Address of a superuser (any database): makes roles, database and rights first.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sql"]:
            self.stdout.write(bootstrap.script(settings.DATABASES["default"]["NAME"]))
            return
        if options["admin_url"]:
            set_up(options["admin_url"])
        if settings.EMBEDDED is None:
            refuse_missing_rights()
        if "django_migrations" not in connection.introspection.table_names():
            self.stdout.write("Creating the tables …")
        call_command("migrate", verbosity=0)
        call_command("install_identity_key", stdout=self.stdout)


def set_up(admin_url: str) -> None:
    """Makes roles with the passwords of the configured addresses, the database and its rights."""
    database = settings.DATABASES["default"]["NAME"]
    with psycopg.connect(admin_url, autocommit=True) as admin:
        bootstrap.make_roles(admin)
        for role, url in settings.DATABASE_URLS.items():
            password = psycopg.conninfo.conninfo_to_dict(url).get("password") if url else None
            if password:
                bootstrap.set_password(admin, urls.ROLES[role], str(password))
        bootstrap.make_database(admin, database)
    with psycopg.connect(admin_url, dbname=database, autocommit=True) as admin:
        bootstrap.make_schemas(admin)


def refuse_missing_rights() -> None:
    """Raises CommandError with a sentence and its SQL for each right that is missing."""
    missing = rights.missing_rights(settings.DATABASE_URLS["migrate"])
    for role, url in settings.DATABASE_URLS.items():
        wrong = rights.wrong_user(url, urls.ROLES[role]) if url else None
        missing += [wrong] if wrong else []
    if missing:
        raise CommandError("\n".join(["The database is not ready for Helio.", *map(str, missing)]))
