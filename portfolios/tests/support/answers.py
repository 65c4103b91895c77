"""The case's expected answers as frames: amounts Decimal, days dates, ratios floats."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pandas as pd
from django.conf import settings

ALPHA = Path(settings.BASE_DIR, "ingestion", "fixtures", "alpha")

REFERENCE_EXCHANGE = "XLON"
DAY_COLUMNS = (
    "valuation_date",
    "effective_day",
    "settlement_day",
    "period_end",
    "last_valuation_day",
    "valued_on",
    "first_valued_on",
    "drawdown_trough_day",
)


@cache
def read(name: str) -> pd.DataFrame:
    """The expected file as it is written: text, days as dates, empty as None."""
    frame = pd.read_csv(ALPHA / "expected" / name, dtype=str, keep_default_na=False)
    frame = frame.astype(object).where(frame != "", None)
    for column in frame.columns.intersection(list(DAY_COLUMNS)):
        frame[column] = frame[column].map(_day)
    return frame


def decimals(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """A copy with the columns as Decimal, empty as None."""
    copy = frame.copy()
    for column in columns:
        copy[column] = [None if text is None else Decimal(text) for text in copy[column]]
    return copy


def floats(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """A copy with the columns as floats, empty as None."""
    copy = frame.copy()
    for column in columns:
        copy[column] = pd.Series(
            [None if text is None else float(text) for text in copy[column]],
            index=copy.index,
            dtype=object,
        )
    return copy


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def ledger() -> pd.DataFrame:
    """The expected unified ledger in the columns of Transaction."""
    amounts = {
        "units": "units",
        "unit_price": "unit_price",
        "gross_amount": "gross_amount",
        "charges": "charges",
        "tax_withheld": "tax_withheld",
        "cash_effect": "cash_effect",
        "second_cash_effect": "second_cash_effect",
        "split_new": "split_new",
        "split_old": "split_old",
    }
    raw = decimals(read("ledger.csv.gz"), amounts)
    frame = raw.rename(
        columns={
            "event_kind": "kind",
            "effective_day": "effective_on",
            "settlement_day": "settles_on",
            "listing_key": "listing_id",
        }
    )
    frame["known_from"] = frame["known_from"].map(datetime.fromisoformat)
    # The case's ledger does not carry the time of execution; its capture follows it.
    frame["executed_at"] = frame["known_from"]
    frame["source"] = "blotter"
    return frame
