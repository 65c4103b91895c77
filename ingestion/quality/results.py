"""Checks of results: the bridge, contributions, exposures, ranges, and what was shown before."""

from typing import Final

import pandas as pd
from django.db import connection

from ingestion.quality.check import Check, Looks, sql_check
from ingestion.quality.frames import FINDINGS, frame
from ingestion.quality.scope import Scope
from ingestion.quality.statements import execute
from portfolios.periods.freeze import note_restatements


def restated(scope: Scope) -> pd.DataFrame:
    """Month ends shown before whose value is another now; new ones are noted as shown."""
    with connection.cursor() as cursor:
        if scope.as_of is not None:
            execute(cursor, "540_published.sql", scope.parameters)
    return frame("541_restated.sql", FINDINGS, scope.parameters)


def restated_after_close(scope: Scope) -> pd.DataFrame:
    """Portfolios whose figures of a closed month are others now than when it was closed."""
    note_restatements(scope.results_from)
    return frame("545_closed.sql", FINDINGS, scope.parameters)


CHECKS: Final[tuple[Check, ...]] = (
    sql_check(
        "510_results.sql",
        ("BRIDGE_OPEN", "CONTRIBUTION_GAP", "RETURN_OUT_OF_RANGE"),
        Looks.AT_RESULTS,
    ),
    sql_check("520_exposures.sql", ("EXPOSURE_GAP",), Looks.AT_RESULTS),
    sql_check("530_negative_quantity.sql", ("NEGATIVE_QUANTITY",), Looks.AT_RESULTS),
    sql_check("550_no_figures.sql", ("NO_FIGURES",), Looks.EVERYWHERE),
    sql_check("560_unpriced.sql", ("HOLDING_UNPRICED",), Looks.EVERYWHERE),
    Check("closed", ("PERIOD_RESTATED",), Looks.EVERYWHERE, restated_after_close),
    Check("restated", ("FIGURE_RESTATED",), Looks.AT_RESULTS, restated),
)
