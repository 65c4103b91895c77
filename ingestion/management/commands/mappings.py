"""Lists mappings, and applies what is approved."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ingestion.crosswalk import apply as applying
from ingestion.crosswalk import preview as rehearsing
from ingestion.crosswalk import unmapped
from ingestion.models import MappingProposal, UnmappedKey
from portfolios.refresh import refresh


class Command(BaseCommand):
    """``settle`` applies what two people agreed on and rehearses what waits for the second."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=("list", "settle", "unmapped"))

    def handle(self, *args: Any, **options: Any) -> None:
        {"list": self._list, "settle": self._settle, "unmapped": self._unmapped}[options["what"]]()

    def _list(self) -> None:
        for one in MappingProposal.objects.select_related("listing", "issuer", "instrument"):
            self.stdout.write(
                f"{one.pk}  {one.state}  {one.action} {one.code}: {one.target}"
                + (f"  ({one.problem})" if one.problem else "")
            )

    def _settle(self) -> None:
        for number in applying.waiting():
            done = applying.apply(number)
            if done is None:
                problem = MappingProposal.objects.get(pk=number).problem
                self.stdout.write(f"mapping {number}: not applied. {problem}")
            else:
                self.stdout.write(
                    f"mapping {number}: {done.released} records took effect,"
                    f" {done.withdrawn} lost it (batch {done.batch.pk})"
                )
        refresh(cause="mappings")
        for number in rehearsing.waiting():
            seen = rehearsing.preview(number)
            if seen:
                self.stdout.write(f"mapping {number}, if approved: {seen.sentence}")

    def _unmapped(self) -> None:
        unmapped.count()
        for key in UnmappedKey.objects.all():
            value = f"{key.value_at_stake:,.2f} {key.currency}" if key.value_at_stake else "n/a"
            self.stdout.write(f"{key}  {key.records} records  {value}  {key.sentence}")
