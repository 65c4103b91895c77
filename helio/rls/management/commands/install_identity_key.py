"""Puts the web processes' signing key where only the database's verifier can read it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from helio.rls.identity import pads


class Command(BaseCommand):
    """Installs HELIO_IDENTITY_KEY; with --keep-old the former key is good until the next run."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--keep-old",
            action="store_true",
            help="Rotate without downtime: accept the former key beside the new one.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DATABASE_ROLE != "migrate":
            raise CommandError("Run this as the migration role (HELIO_DATABASE_ROLE=migrate).")
        inner, outer = pads(settings.IDENTITY_KEY.encode())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE helio_guard")
            cursor.execute("SELECT inner_pad = %s FROM security.signing_key WHERE id = 1", [inner])
            if cursor.fetchone() == (True,):
                return
            cursor.execute("DELETE FROM security.signing_key WHERE id = 2")
            if options["keep_old"]:
                cursor.execute("UPDATE security.signing_key SET id = 2 WHERE id = 1")
            cursor.execute("DELETE FROM security.signing_key WHERE id = 1")
            cursor.execute(
                "INSERT INTO security.signing_key (id, inner_pad, outer_pad) VALUES (1, %s, %s)",
                [inner, outer],
            )
        self.stdout.write("The identity key is installed.")
