"""Enters the result of a proof of isolation, which access proofs then quote."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from helio.rls import isolation


class Command(BaseCommand):
    """``record_proof RESULT`` takes the file that ``prove --result`` wrote; as the worker role."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("result", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DATABASE_ROLE != "worker":
            raise CommandError("Run this as the worker role (HELIO_DATABASE_ROLE=worker).")
        told = json.loads(options["result"].read_text(encoding="utf-8"))
        if told["code_digest"] != isolation.code_digest():
            raise CommandError("This result is of other code than is installed here.")
        if told["errors"]:
            raise CommandError("This run met errors besides rows: it proves nothing.")
        isolation.record_run(
            reads_compared=told["reads_compared"],
            foreign_rows=told["foreign_rows"],
            missing_rows=told["missing_rows"],
            seconds=told["seconds"],
            rule_digest=told["rule_digest"],
        )
        outcome = "passed" if told["passed"] else "FAILED"
        self.stdout.write(f"Recorded: {told['reads_compared']:,} reads, {outcome}.")
