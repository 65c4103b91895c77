"""``quality run [--all]``: runs the checks of data quality and says what they found."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ingestion.quality.run import open_findings, run_checks


class Command(BaseCommand):
    help = "Runs the checks of data quality; a worker does it after each load and refresh."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        run = actions.add_parser("run", help="look at what came since the last run")
        run.add_argument("--all", action="store_true", help="look at everything again")

    def handle(self, *args: Any, **options: Any) -> None:
        run = run_checks(cause="command", everything=options["all"])
        if run is None:
            self.stdout.write("Nothing new to check, or another run is at it.")
            return
        took = sum(run.steps.values()) / 1000
        self.stdout.write(f"Checked in {took:.1f} s: {run.raised} raised, {run.closed} closed.")
        for name, milliseconds in run.steps.items():
            self.stdout.write(f"  {name:<28}{milliseconds:>7,} ms")
        for name, sentence in run.problems.items():
            self.stdout.write(f"  {name} FAILED: {sentence}")
        waiting = ", ".join(f"{count} {name}" for name, count in open_findings().items())
        self.stdout.write(f"Waiting for somebody: {waiting}.")
