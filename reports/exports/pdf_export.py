"""The dataset as PDF/A-3 with its CSV inside."""

import datetime as dt
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from helio import numbers
from helio.columns import Column, Kind
from reports.exports import csv_export
from reports.exports.dataset import Dataset
from reports.exports.paper.glyphs import FONTS, drawable

PAPER: Final = Path(__file__).parent / "paper"
# A page set takes about 0.1 MB of memory a row (245 MB at 2,000): paper shows so many, the CSV all.
PRINTED_ROWS: Final = 1_000
SECONDS: Final = 60

# Fewest and most decimals of a printed column, by kind.
PLACES: Final = {
    Kind.MONEY: (2, 2),
    Kind.UNITS: (0, 4),
    Kind.RATE: (2, 4),
    Kind.RATIO: (2, 2),
    Kind.COUNT: (0, 0),
}


class TypesettingError(RuntimeError):
    """The PDF could not be made; the message is the typesetter's."""


def render(dataset: Dataset) -> bytes:
    """The report on paper, at most ``PRINTED_ROWS`` rows of it, all rows in the CSV attached."""
    made = dt.datetime.fromisoformat(dataset.version_at)
    with tempfile.TemporaryDirectory(prefix="helio-paper-") as folder:
        shutil.copy(PAPER / "report.typ", folder)
        Path(folder, "report.csv").write_bytes(csv_export.render(dataset))
        Path(folder, "report.json").write_text(json.dumps(page(dataset)), encoding="utf-8")
        ended = subprocess.run(
            [sys.executable, "-I", PAPER / "typeset.py", folder, FONTS, str(int(made.timestamp()))],
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    if ended.returncode:
        raise TypesettingError(ended.stderr.decode(errors="replace")[-2_000:])
    return ended.stdout


def page(dataset: Dataset) -> dict[str, object]:
    """What the template shows: strings and widths only."""
    shown = [(i, dataset.columns[i]) for i in dataset.printed]
    rows = dataset.rows[:PRINTED_ROWS]
    printers = [(i, _printer(column, [row[i] for row in rows])) for i, column in shown]
    left_out = len(dataset.rows) - len(rows)
    return {
        "title": drawable(dataset.title),
        "subtitle": drawable(dataset.subtitle),
        "provenance": drawable(provenance(dataset)),
        "footer": f"Helio · version {dataset.version} · as of {dataset.as_of}",
        "headings": [column.heading for _, column in shown],
        "widths": [column.width for _, column in shown],
        "numeric": [column.kind.is_number for _, column in shown],
        "rows": [[drawable(print_cell(row[i])) for i, print_cell in printers] for row in rows],
        "empty": "No rows: nothing of this kind happened in the portfolios and days chosen.",
        "note": f"{left_out:,} more rows are in the attached report.csv." if left_out else "",
        "totals": list(dataset.control_totals().items()),
        "terms": terms(dataset),
        "count": f"{len(dataset.rows):,}",
    }


def terms(dataset: Dataset) -> list[tuple[str, str]]:
    """Heading and meaning of the columns on paper that are numbers; the others say it themselves.

    The attached file has more columns; the export's manifest describes them all.
    """
    meanings = {one.name: f"{one.definition} {one.formula}".strip() for one in dataset.described}
    shown = (dataset.columns[i] for i in dataset.printed)
    return [
        (drawable(column.heading), drawable(meanings[column.name]))
        for column in shown
        if column.kind.is_number and column.name in meanings
    ]


def provenance(dataset: Dataset) -> str:
    """One sentence on which state of the figures this is and how old its sources are."""
    made = dt.datetime.fromisoformat(dataset.version_at)
    sources = "; ".join(dataset.sources) or "none recorded"
    return (
        f"Version {dataset.version}, computed {made:%Y-%m-%d %H:%M} UTC. Newest input: {sources}. "
        "All rows and columns at full precision: report.csv, attached to this file."
    )


def _printer(column: Column, cells: Sequence[str]) -> Callable[[str], str]:
    """How the cells of a column are printed: the same decimals all the way down."""
    if not column.kind.is_number:
        return lambda text: text or numbers.DASH
    if column.kind is Kind.SHARE:
        return lambda text: numbers.percent(Decimal(text)) if text else numbers.DASH
    values = [Decimal(text) for text in cells if text]
    least, most = PLACES[column.kind]
    places = max(least, numbers.places_needed(list(values), most))
    return lambda text: numbers.grouped(Decimal(text), places) if text else numbers.DASH
