"""The dataset as CSV."""

from helio import csv_file
from reports.exports.dataset import Dataset


def render(dataset: Dataset, profile: csv_file.Profile = csv_file.PLAIN) -> bytes:
    """All columns and rows at full precision."""
    return csv_file.write(
        [column.name for column in dataset.columns],
        dataset.rows,
        [column.kind.is_number for column in dataset.columns],
        profile,
    )
