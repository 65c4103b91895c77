"""manage.py refresh: brings the figures up to the facts and says how long each step took."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from portfolios.models import Transaction
from portfolios.refresh import RefreshReport, mark_affected, refresh


class Command(BaseCommand):
    """Refresh now; with --all everything is valued again from the first event on."""

    help = "Bring all figures up to the facts (a worker does it every few minutes)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare --all."""
        parser.add_argument(
            "--all", action="store_true", help="value everything again, not only what changed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Refresh and print the outcome."""
        if options["all"]:
            mark_everything()
        report = refresh(cause="command")
        self.stdout.write(_sentence(report))
        for step, milliseconds in report.steps.items():
            self.stdout.write(f"  {step:<24}{milliseconds:>9,} ms")


def mark_everything() -> None:
    """Note that everything is to be valued again from the first event on."""
    days = Transaction.objects.order_by("effective_on").values_list("effective_on", flat=True)
    first = days.first()
    if first is not None:
        with transaction.atomic():
            mark_affected(from_on=first, batch_id=None, cause="full rebuild")


def _sentence(report: RefreshReport) -> str:
    if report.outcome == "refreshed":
        return f"Version {report.version} of the figures is out."
    if report.outcome == "coalesced":
        return "A refresh is under way; it will run once more with what was noted."
    return "Nothing new."
