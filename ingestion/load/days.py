"""A file that states whole days: what it lacks of an account and day is gone from then on."""

from collections.abc import Iterable

from ingestion.load.versions import believe
from ingestion.sqlfile import run


def replace_days(batch_id: int, file_ids: Iterable[int]) -> None:
    """Ends the lines that a newer statement of an account and day of these files lacks.

    Whatever the order of delivery: an older statement that comes later ends likewise. A file that
    still has open exceptions is not complete, and ends nothing until they are settled.
    """
    if run("load/sql/day/10_gone.sql", batch=batch_id, files=list(file_ids)):
        believe("holding", batch_id)
