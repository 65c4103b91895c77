"""What a check is: a name, the codes it raises, where it looks, and how it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import pandas as pd

from ingestion.quality.frames import FINDINGS, frame
from ingestion.quality.scope import Scope

Find = Callable[[Scope], pd.DataFrame]


class Looks(Enum):
    """Where an ordinary run of a check looks, hence where it may close its findings."""

    EVERYWHERE = "everywhere"
    AT_NEW_RECORDS = "at new records: what they tell never ceases to be true"
    AT_PORTFOLIOS = "at portfolios that records came for"
    AT_STATEMENTS = "at those portfolios, from the first touched statement on"
    AT_LISTINGS = "at listings that prices came for, from the first touched day on"
    AT_RESULTS = "at portfolios that were valued again, from the first open day on"


@dataclass(frozen=True)
class Check:
    """One check; ``codes`` are those it may close (a check of exceptions closes none)."""

    name: str
    codes: tuple[str, ...]
    looks: Looks
    find: Find


def sql_check(path: str, codes: tuple[str, ...], looks: Looks) -> Check:
    """A check that is one SQL file."""

    def find(scope: Scope) -> pd.DataFrame:
        return frame(path, FINDINGS, scope.parameters)

    return Check(path.removesuffix(".sql"), codes, looks, find)
