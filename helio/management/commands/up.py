"""`manage.py up`: the whole system in the foreground."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helio.embedded import HomeUnusable, StartFailed
from helio.up import stopping
from helio.up.runner import CannotRun, Runner


class Command(BaseCommand):
    """Runs everything in the foreground and leaves nothing behind."""

    help = "Runs the whole system in the foreground; Ctrl-C stops it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--under-make", action="store_true", help="End when the make that runs this ends."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        make = stopping.Make() if options["under_make"] else None
        stopping.on_signals()
        try:
            Runner(make).run()
        except stopping.Stopped:
            return
        except (CannotRun, HomeUnusable, StartFailed) as error:
            raise CommandError(str(error)) from error
