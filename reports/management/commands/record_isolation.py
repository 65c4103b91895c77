"""Records the result of `make prove` where access proofs quote it."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helio.rls import isolation


class Command(BaseCommand):
    """``record_isolation RESULT.json``, as the worker, on the database that serves."""

    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("result", type=Path, help="written by prove --result")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = json.loads(options["result"].read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{options['result']} holds no result of a run: {error}") from error
        if told["code_digest"] != isolation.code_digest():
            raise CommandError("This result is of other code than is installed here.")
        isolation.record_run(
            reads_compared=told["reads_compared"],
            foreign_rows=told["foreign_rows"],
            # An answer that never came is a row that was not seen.
            missing_rows=told["missing_rows"] + told["errors"],
            seconds=told["seconds"],
            rule_digest=told["rule_digest"],
        )
        self.stdout.write(f"Recorded: {told['reads_compared']:,} reads compared.")
