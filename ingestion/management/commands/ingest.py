"""``ingest [SOURCE …] [--path FILE_OR_FOLDER] [--wait] [--json]``: files in, batches out.

It exits with 1 when a file was rejected whole; what could be taken is taken all the same.
"""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ingestion.landing.delivery import Delivery
from ingestion.models import Batch, Source, SourceFile
from ingestion.pipeline.definitions import definition_of
from ingestion.pipeline.follow import ask_for_refresh
from ingestion.pipeline.gather import NothingToTake, gather
from ingestion.pipeline.run import ingest
from ingestion.ways import due
from ingestion.ways.folder.inbox import Inbox
from ingestion.ways.run import perform
from portfolios.refresh import refresh

COUNTS = ("received", "loaded", "superseded", "duplicate", "quarantined", "rejected")


class Command(BaseCommand):
    help = (
        "Fetches, takes what lies in the inbox, or the given files; prints the batches' counts. "
        "Exits with 1 when a file was rejected whole."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", nargs="*", help="names of sources; all when left out")
        parser.add_argument("--path", type=Path, help="a file or folder to take instead")
        parser.add_argument(
            "--wait",
            action="store_true",
            help="wait until dropped files are whole and the figures are refreshed",
        )
        parser.add_argument("--json", action="store_true", help="JSON instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        sources = self._sources(options["source"])
        batches = (
            self._from_path(sources, options["path"])
            if options["path"]
            else self._fetched(sources) + self._from_inbox(sources, options["wait"])
        )
        if options["wait"] and batches:
            refresh(cause="ingest command")
        else:
            ask_for_refresh(batches)
        rows = [row(batch) for batch in batches]
        self.stdout.write(json.dumps(rows) if options["json"] else render(rows))
        lost = refused(batches)
        for name, sentence in lost:
            self.stderr.write(f"{name} was rejected whole: {sentence}")
        if lost:
            # A schedule looks at the exit code, not at what was printed.
            raise CommandError(f"{len(lost)} of {_files(batches)} rejected whole.")

    def _sources(self, names: list[str]) -> list[Source]:
        known = {source.name: source for source in Source.objects.all()}
        if not known:
            raise CommandError("No source is defined yet; run: manage.py sources load PATH")
        unknown = sorted(set(names) - known.keys())
        if unknown:
            raise CommandError(f"Unknown: {', '.join(unknown)}; known: {', '.join(known)}.")
        return [source for name, source in known.items() if not names or name in names]

    def _from_path(self, sources: list[Source], path: Path) -> list[Batch]:
        definitions = [definition_of(source) for source in sources]
        try:
            found = gather(path, definitions, by="command")
        except NothingToTake as error:
            raise CommandError(str(error)) from error
        return self._ingest(sources, found)

    def _fetched(self, sources: list[Source]) -> list[Batch]:
        """What sources with a way of fetching bring; a failure is told, and stops no other."""
        batches = []
        for source in sources:
            if source.way == "folder":
                continue
            run = due.begin_now(source, cause="command", worker="command")
            if run is None:
                self.stderr.write(f"{source.name}: is being fetched at this moment.")
                continue
            batch = perform(run)
            batches += [batch] if batch else []
            if batch is None:
                self.stderr.write(f"{source.name}: {run.sentence}")
        return batches

    def _from_inbox(self, sources: list[Source], wait: bool) -> list[Batch]:
        inbox = Inbox(settings.HELIO_HOME)
        taken = (inbox.take(source, by="command", wait=wait) for source in sources)
        return [batch for batch in taken if batch is not None]

    def _ingest(self, sources: list[Source], found: dict[str, list[Delivery]]) -> list[Batch]:
        taken = (ingest(source, found.get(source.name, []), by="command") for source in sources)
        return [batch for batch in taken if batch is not None]


def refused(batches: list[Batch]) -> list[tuple[str, str]]:
    """Files of the batches that were not taken at all, and why: no count tells of them."""
    files = SourceFile.objects.filter(batch__in=batches, status=SourceFile.Status.REJECTED)
    return list(files.order_by("pk").values_list("name", "sentence"))


def _files(batches: list[Batch]) -> str:
    count = sum(batch.files_received for batch in batches)
    return "1 file was" if count == 1 else f"{count} files were"


def row(batch: Batch) -> dict[str, Any]:
    """A batch as the command prints it."""
    return {
        "batch": batch.pk,
        "source": batch.source.name,
        "state": batch.state,
        "files": batch.files_received,
        **{name: getattr(batch, name) for name in COUNTS},
        "released": batch.released,
    }


def render(rows: list[dict[str, Any]]) -> str:
    """The batches as a table for a terminal."""
    if not rows:
        return "Nothing to take."
    names = list(rows[0])
    widths = [max(len(name), *(len(str(r[name])) for r in rows)) for name in names]
    lines = [names, *([str(r[name]) for name in names] for r in rows)]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
