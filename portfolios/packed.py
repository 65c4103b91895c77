"""Whole columns in one value: how the long ones travel, and how they are read.

A daily history as rows takes longer to send and to read than to find. A statement that joins a
column's values into one, in the order of its days, is answered in half the time. None is NaN in a
packed column of floats: no figure is ever NaN.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import numpy as np

# What PostgreSQL counts its dates from (date_send).
_EPOCH: Final = np.datetime64("2000-01-01", "D")


def dates(packed: bytes | None) -> list[date]:
    """The dates of ``string_agg(date_send(…))``; none of an empty column."""
    days: list[date] = (_EPOCH + np.frombuffer(packed or b"", ">i4").astype("m8[D]")).tolist()
    return days


def floats(packed: bytes | None) -> list[float | None]:
    """The values of ``string_agg(float8send(…))``, None for NaN; none of an empty column."""
    values = np.frombuffer(packed or b"", ">f8")
    found: list[float | None] = values.tolist()
    for place in np.flatnonzero(np.isnan(values)):
        found[place] = None
    return found


def decimals(packed: str | None) -> list[Decimal]:
    """The numbers of ``string_agg(…::text, ' ')``; none of an empty column."""
    return [Decimal(text) for text in (packed or "").split()]


Reader = Callable[[Any], list[Any]]

# The packed columns of each statement; its rows are asked for in binary.
COLUMNS: Final[Mapping[str, Mapping[str, Reader]]] = {
    "figures/valuation_day": {"days": dates},
    "figures/history": {
        "days": dates,
        "return_net": floats,
        "return_net_eod": floats,
        "return_net_sod": floats,
        "wealth_net": floats,
        "wealth_gross": floats,
        "net_asset_value": decimals,
        "benchmark_days": dates,
        "benchmark_return": floats,
        "benchmark_wealth": floats,
    },
}
