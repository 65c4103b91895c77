"""``shadow compare LEGACY_FILE … [--json]``: a legacy report beside our figures."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from ingestion.shadow.compare import Break, Ours, compare
from ingestion.shadow.explain import Explainer
from ingestion.shadow.layout import MACROBOOK, read_layout
from ingestion.shadow.legacy import NoLegacyReport, read_cells
from portfolios.figures import queries

COLUMNS = ("portfolio", "fund", "month", "sheet", "legacy", "ours", "explanation")


class Command(BaseCommand):
    help = "Compares a legacy report with our figures and prints the cells that disagree."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["compare"])
        parser.add_argument("files", nargs="+", type=Path, metavar="LEGACY_FILE")
        parser.add_argument(
            "--layout", type=Path, default=MACROBOOK, help="the report's layout, a TOML file"
        )
        parser.add_argument("--json", action="store_true", help="JSON instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        layout = read_layout(options["layout"])
        try:
            cells = [cell for path in options["files"] for cell in read_cells(path, layout)]
        except NoLegacyReport as refused:
            raise CommandError(str(refused)) from None
        ours = Ours(queries.Cut(timezone.now(), most_records=None))
        found = compare(cells, layout, ours)
        explainer = Explainer(ours)
        rows = [row(one, explainer.reason(one)) for one in found.breaks]
        if options["json"]:
            self.stdout.write(json.dumps({"agreed": found.agreed, "breaks": rows}))
        else:
            self.stdout.write(render(rows))
            self.stdout.write(
                f"{len(rows)} of {len(rows) + found.agreed} cells disagree; "
                f"{found.agreed} agree within the report's rounding."
            )


def row(found: Break, reason: str) -> dict[str, str]:
    """A break as the table and the JSON show it; our figure rounded as the report rounds."""
    cell = found.cell
    ours = "" if found.figure is None else str(cell.sheet.shown(found.figure))
    return {
        "portfolio": found.portfolio.code if found.portfolio else "",
        "fund": cell.fund,
        "month": found.month_end.isoformat(),
        "sheet": cell.sheet.name,
        "legacy": cell.text,
        "ours": ours,
        "explanation": reason,
    }


def render(rows: list[dict[str, str]]) -> str:
    """The breaks as a table."""
    table = [dict(zip(COLUMNS, COLUMNS, strict=True)), *rows]
    widths = {name: max(len(one[name]) for one in table) for name in COLUMNS}
    return "\n".join(
        "  ".join(one[name].ljust(widths[name]) for name in COLUMNS).rstrip() for one in table
    )
