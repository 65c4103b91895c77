"""Measures the product and prints one JSON object a line."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from helio.bench.place import SIZES, bench_place


class Command(BaseCommand):
    """``bench --size S`` (1M position-days), M (10M) or L (30M)."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--size", choices=sorted(SIZES), default="S")
        parser.add_argument("--only", help="part of a benchmark's name: run just that")

    def handle(self, *args: Any, **options: Any) -> None:
        names = [
            name
            for name in settings.HELIO_BENCHMARKS
            if not options["only"] or options["only"] in name
        ]
        with bench_place(options["size"]) as place:
            for name in names:
                self.stderr.write(f"{name} …")
                for line in import_string(f"{name}.measure")(place):
                    self.stdout.write(line.as_json())
                    self.stdout.flush()
