"""Proves isolation: many people read everything while access changes and servers die."""

import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helio.rls import isolation
from helio.testing import databases
from reports.isolation.run import Size, prove

# Each asks for every address of the site at least once: two of every role.
SESSIONS = 12


class Command(BaseCommand):
    """``prove --reads 1000000 --people 200``; on servers and a database of its own."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--reads", type=int, default=10_000, help="reads to compare")
        parser.add_argument("--people", type=int, default=200)
        parser.add_argument("--seed", type=int, default=int(time.time()))
        parser.add_argument("--result", type=Path, help="file for record_isolation (JSON)")

    def handle(self, *args: Any, **options: Any) -> None:
        database = databases.with_case(databases.migrate_template())
        size = Size(options["reads"], options["people"], min(options["people"], SESSIONS))
        started = time.monotonic()
        self.stderr.write(f"seed {options['seed']} …")
        with databases.django_connected_to(database=database):
            tally = prove(database, size, options["seed"])
        with databases.django_connected_to(database=database, role="worker"):
            rule_digest = isolation.rule().digest
        result = tally.as_dict() | {
            "seconds": round(time.monotonic() - started, 1),
            "seed": options["seed"],
            "people": options["people"],
            "rule_digest": rule_digest,
            "code_digest": isolation.code_digest(),
        }
        self.stdout.write(json.dumps(result, indent=2))
        if options["result"]:
            options["result"].write_text(json.dumps(result), encoding="utf-8")
        if not tally.passed:
            raise CommandError("Isolation is NOT proven: see the rows above.")
