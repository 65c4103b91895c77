"""Keeps what a check found: new findings, changed ones, closed ones, and their history."""

import json
from typing import Any, Final

import pandas as pd
from django.db import connection

from ingestion.quality.check import Check, Looks
from ingestion.quality.codes import CODES
from ingestion.quality.frames import COLUMNS
from ingestion.quality.scope import Scope
from ingestion.quality.statements import execute

COPY: Final = f"COPY seen ({', '.join(COLUMNS)}) FROM STDIN"


def keep(check: Check, found: pd.DataFrame, scope: Scope) -> tuple[int, int]:
    """How many findings were raised and how many closed. In the check's own transaction."""
    parameters = {
        "batch": scope.batch_to,
        "version": scope.version_to,
        "codes": list(CODES),
        "severities": [one.severity.value for one in CODES.values()],
        **_closable(check, scope),
    }
    with connection.cursor() as cursor:
        execute(cursor, "900_seen.sql", {})
        with cursor.copy(COPY) as copy:
            for row in found.to_dict("records"):
                copy.write_row([_cell(row[name]) for name in COLUMNS])
        execute(cursor, "910_verdict.sql", parameters)
        cursor.execute("ANALYZE verdict")
        execute(cursor, "920_change.sql", parameters)
        execute(cursor, "930_raise.sql", parameters)
        raised = max(cursor.rowcount, 0)
        execute(cursor, "940_history.sql", {})
        cursor.execute("SELECT count(*) FROM verdict WHERE true_before AND NOT found")
        closed = cursor.fetchone()[0]
        cursor.execute("DROP TABLE seen, verdict")
    return raised, closed


def _closable(check: Check, scope: Scope) -> dict[str, Any]:
    """Where a finding that is not found any more is closed: where the check looked."""
    whole: dict[str, Any] = {
        "gone_codes": list(check.codes),
        "portfolios": None,
        "listings": None,
        "days_from": None,
    }
    if scope.everything or check.looks is Looks.EVERYWHERE:
        return whole
    match check.looks:
        case Looks.AT_NEW_RECORDS:
            return whole | {"gone_codes": []}
        case Looks.AT_PORTFOLIOS:
            return whole | {"portfolios": scope.portfolios}
        case Looks.AT_STATEMENTS:
            return whole | {"portfolios": scope.portfolios, "days_from": scope.custody_from}
        case Looks.AT_LISTINGS:
            return whole | {"listings": scope.listings, "days_from": scope.prices_from}
        case Looks.AT_RESULTS:
            return whole | {"portfolios": scope.valued, "days_from": scope.results_from}
    raise AssertionError(check.looks)


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(value, default=str)
    return None if value is None or value is pd.NaT else value
