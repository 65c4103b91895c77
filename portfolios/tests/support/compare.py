"""Row by row comparison of computed frames with the expected ones, within finance.md § 12."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

CENT = Decimal("0.01")
TWO_CENTS = Decimal("0.02")
RATIO = 1e-8
EXACT = 0
SHOWN = 10


def assert_rows(
    computed: pd.DataFrame,
    expected: pd.DataFrame,
    *,
    keys: Sequence[str],
    tolerances: Mapping[str, Any],
) -> int:
    """Compare every row and column named; returns the number of rows compared.

    The rows must be the same set; empty and zero are different.
    """
    mine = {tuple(row[k] for k in keys): row for row in computed.to_dict("records")}
    theirs = {tuple(row[k] for k in keys): row for row in expected.to_dict("records")}
    assert len(mine) == len(computed), "computed rows are not unique"
    missing, extra = theirs.keys() - mine.keys(), mine.keys() - theirs.keys()
    assert not missing, f"{len(missing)} rows are missing, e.g. {sorted(missing)[:SHOWN]}"
    assert not extra, f"{len(extra)} rows too many, e.g. {sorted(extra)[:SHOWN]}"
    wrong = [
        f"{key} {column}: {mine[key][column]} instead of {row[column]}"
        for key, row in theirs.items()
        for column, tolerance in tolerances.items()
        if not _agree(mine[key][column], row[column], tolerance)
    ]
    assert not wrong, f"{len(wrong)} cells differ:\n" + "\n".join(wrong[:SHOWN])
    return len(theirs)


def _agree(mine: Any, theirs: Any, tolerance: Any) -> bool:
    mine = None if mine is None or pd.isna(mine) else mine
    if mine is None or theirs is None:
        return mine is None and theirs is None
    if isinstance(theirs, Decimal):
        return abs(Decimal(mine) - theirs) <= tolerance
    if isinstance(theirs, float):
        return abs(float(mine) - theirs) <= tolerance
    return bool(mine == theirs)
