"""``retention [--dry-run]``: lets raw bytes go whose time is over, and says which."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ingestion.ways.retention import expire


class Command(BaseCommand):
    help = "Lets go of raw bytes beyond each source's retention; every line and fact stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        files = expire(dry=options["dry_run"])
        for each in files:
            self.stdout.write(
                f"{each.source:<12} {each.name} ({each.size:,} bytes,"
                f" received {each.received_at:%Y-%m-%d})"
            )
        verb = "would go" if options["dry_run"] else "went"
        total = sum(each.size for each in files)
        self.stdout.write(f"{len(files)} files, {total:,} bytes {verb}.")
