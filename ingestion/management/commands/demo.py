"""``demo``: loads the alpha case through the ordinary pipeline, with progress."""

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand

from ingestion.management.commands.ingest import COUNTS
from ingestion.models import Source
from ingestion.pipeline.definitions import SHIPPED, definition_of, load_definitions
from ingestion.pipeline.gather import gather
from ingestion.pipeline.run import ingest

ALPHA = Path(__file__).parent.parent.parent / "fixtures" / "alpha"


class Command(BaseCommand):
    help = "Loads the demo's synthetic files through the pipeline; again, it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--path", type=Path, default=ALPHA, help="another case's folder")

    def handle(self, *args: Any, **options: Any) -> None:
        began = monotonic()
        load_definitions(SHIPPED, by="demo")
        sources = list(Source.objects.all())
        definitions = [definition_of(source) for source in sources]
        found: dict[str, list[Any]] = {}
        for folder in ("crosswalk", "sources"):
            for name, deliveries in gather(
                options["path"] / folder, definitions, by="demo"
            ).items():
                found.setdefault(name, []).extend(deliveries)
        for step, source in enumerate(sources, 1):
            self._take(f"[{step}/{len(sources)}]", source, found.get(source.name, []))
        self.stdout.write(f"Demo data loaded in {monotonic() - began:.1f} s.")

    def _take(self, step: str, source: Source, deliveries: list[Any]) -> None:
        began = monotonic()
        batch = ingest(source, deliveries, by="demo")
        if batch is None:
            self.stdout.write(f"{step} {source.title}: nothing to take")
            return
        counts = ", ".join(
            f"{getattr(batch, name)} {name}" for name in COUNTS if getattr(batch, name)
        )
        self.stdout.write(
            f"{step} {source.title}: {batch.files_received} files, {counts}"
            f" ({monotonic() - began:.1f} s)"
        )
        self.stdout.flush()
