"""Checks of files and records: what could not take effect, came twice, or never came."""

from typing import Final

import pandas as pd

from ingestion.quality import shapes
from ingestion.quality.check import Check, Looks, sql_check
from ingestion.quality.frames import FINDINGS, frame
from ingestion.quality.scope import Scope


def drift(scope: Scope) -> pd.DataFrame:
    """Files whose columns are not those of their kind's file before."""
    shapes.note_new()
    return frame("140_schema_drift.sql", FINDINGS, scope.parameters)


CHECKS: Final[tuple[Check, ...]] = (
    sql_check("110_exceptions.sql", (), Looks.AT_NEW_RECORDS),
    sql_check("120_repeated_records.sql", ("DUPLICATE_RECORD",), Looks.AT_NEW_RECORDS),
    sql_check("130_sequence_gaps.sql", ("SEQUENCE_GAP",), Looks.EVERYWHERE),
    Check("drift", ("SCHEMA_DRIFT",), Looks.EVERYWHERE, drift),
)
