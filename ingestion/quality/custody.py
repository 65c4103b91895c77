"""Checks against the custodian: both books by settlement date, corrections, unbooked splits."""

from typing import Final

import pandas as pd
from django.db import connection

from ingestion.quality.check import Check, Looks, sql_check
from ingestion.quality.frames import FINDINGS, frame
from ingestion.quality.scope import Scope
from ingestion.quality.statements import execute


def breaks(scope: Scope) -> pd.DataFrame:
    """Both books compared and kept for the page; where they differ, a finding."""
    with connection.cursor() as cursor:
        execute(cursor, "418_statements.sql", scope.parameters)
        execute(cursor, "419_statement_days.sql", scope.parameters)
        # Without these the server compares every entry with every statement.
        cursor.execute("CREATE INDEX ON statement (portfolio_id, as_at)")
        cursor.execute("CREATE INDEX ON statement (portfolio_id, known_at, place)")
        cursor.execute("ANALYZE held, statement")
        execute(cursor, "420_reconcile.sql", scope.parameters)
        cursor.execute("ANALYZE compared")
        execute(cursor, "421_reconciliation_day.sql", scope.parameters)
        execute(cursor, "422_reconciliation_line.sql", scope.parameters)
    return frame("430_breaks.sql", FINDINGS, scope.parameters)


CHECKS: Final[tuple[Check, ...]] = (
    sql_check("410_adjustments.sql", ("CUSTODIAN_ADJUSTMENT",), Looks.AT_PORTFOLIOS),
    Check("breaks", ("BREAK_POSITION", "BREAK_CASH"), Looks.AT_STATEMENTS, breaks),
    sql_check("440_actions_not_booked.sql", ("ACTION_NOT_BOOKED",), Looks.EVERYWHERE),
)
