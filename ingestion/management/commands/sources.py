"""``sources load PATH``: creates or updates source definitions, and says what changed."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ingestion.definition.section import BadDefinition
from ingestion.models import Source
from ingestion.pipeline.definitions import load_definitions


class Command(BaseCommand):
    help = "Creates or updates source definitions from a TOML file or a folder of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        load = actions.add_parser("load", help="create or update definitions; says what changed")
        load.add_argument("path", type=Path, help="a TOML file or a folder of them")
        actions.add_parser("list", help="the sources and how fresh their data is")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "load":
            self._load(options["path"])
        else:
            self._list()

    def _load(self, path: Path) -> None:
        try:
            for sentence in load_definitions(path, by="command"):
                self.stdout.write(sentence)
        except BadDefinition as error:
            raise CommandError("\n".join(error.sentences)) from error

    def _list(self) -> None:
        for source in Source.objects.all():
            newest = source.newest_input_at
            arrived = f"{newest:%Y-%m-%d %H:%M} UTC" if newest else "nothing yet"
            self.stdout.write(f"{source.name:<12} {source.title:<40} newest input {arrived}")
