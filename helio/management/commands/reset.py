"""`manage.py reset`: throws the embedded data away, after asking."""

import shutil
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from helio.embedded.home import Home
from helio.embedded.locks import is_held


class Command(BaseCommand):
    """Deletes HELIO_HOME when nobody uses it and somebody says yes."""

    help = "Throws the embedded database, its secrets and its logs away, after asking."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.EMBEDDED is None:
            raise CommandError("Databases of your own are configured: Helio never deletes those.")
        home = Home(settings.HELIO_HOME)
        if is_held(home.lock("run")) or is_held(home.lock("keeper")):
            raise CommandError(f"Helio is running in {home.folder}: stop it first.")
        if not options["yes"] and not agreed(f"Delete everything in {home.folder}? [y/N] "):
            self.stdout.write("Nothing was deleted.")
            return
        shutil.rmtree(home.folder)
        self.stdout.write(f"Deleted {home.folder}.")


def agreed(question: str) -> bool:
    """True when the person at the keyboard says yes."""
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        return False
