"""``manage.py audit verify``: walks the chain and says by its exit code whether it is intact."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from helio.audit import actions, chain


class Command(BaseCommand):
    help = "Verifies the audit chain; exit code 0 when it is intact, 1 when it is not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["verify"])
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            found = chain.verify()
            actions.record_verification(found, by=None)
        if options["json"]:
            self.stdout.write(json.dumps({**found.__dict__, "intact": found.intact}))
        elif found.intact:
            self.stdout.write(
                f"The audit chain is intact: {found.events} events, head {found.head}; "
                + (
                    f"it passes through the {found.heads} heads shipped."
                    if found.heads
                    else "no shipped heads were here to compare it with."
                )
            )
        else:
            self.stderr.write(
                f"The audit chain is broken: {found.problem} "
                f"The {found.events} events before it are intact."
            )
        if not found.intact:
            raise SystemExit(1)
