"""Puts the web processes' signing key where only the database's verifier can read it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from helio.rls.identity import pads


class Command(BaseCommand):
    """Installs HELIO_IDENTITY_KEY in place of the key that was; docs/howto/rotate-the-key.md.

    With ``--keep-old`` the former key stays good beside it, until ``--end-old``. Installing the key
    that is installed changes nothing.
    """

    help = "Installs HELIO_IDENTITY_KEY, with which the web process signs who is asking."

    def add_arguments(self, parser: Any) -> None:
        way = parser.add_mutually_exclusive_group()
        way.add_argument(
            "--keep-old",
            action="store_true",
            help="Rotate without downtime: accept the former key beside the new one.",
        )
        way.add_argument(
            "--end-old",
            action="store_true",
            help="Every process has the new key: accept the former one no longer.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DATABASE_ROLE != "migrate":
            raise CommandError("Run this as the migration role (HELIO_DATABASE_ROLE=migrate).")
        inner, outer = pads(settings.IDENTITY_KEY.encode())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE helio_guard")
            cursor.execute("SELECT inner_pad = %s FROM security.signing_key WHERE id = 1", [inner])
            installed = cursor.fetchone() == (True,)
            if options["end_old"]:
                self._end_old(cursor, installed=installed)
                return
            if installed:
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

    def _end_old(self, cursor: Any, *, installed: bool) -> None:
        if not installed:
            raise CommandError("HELIO_IDENTITY_KEY is another key than the one installed last.")
        cursor.execute("DELETE FROM security.signing_key WHERE id = 2")
        self.stdout.write("The former identity key is good no longer.")
