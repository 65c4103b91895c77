"""Between then and now: what was known at a moment, some kinds of records already as known now."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property

import pandas as pd

from portfolios.figures.then.cut import Cut
from portfolios.figures.then.known import Known
from portfolios.figures.then.market import Market

Reference = tuple[str, str]


class Ledgers:
    """A portfolio's ledger as believed then and as believed now, each read once."""

    def __init__(self, then: Cut, now: datetime, portfolio_id: int) -> None:
        self._then = then.ledgers([portfolio_id])
        self._now = Cut(now).ledgers([portfolio_id])

    def with_now(self, references: frozenset[Reference] | None) -> pd.DataFrame:
        """The ledger of then with these records as of now; None: all of them."""
        if references is None:
            return self._now
        kept = self._then[[key not in references for key in _keys(self._then)]]
        taken = self._now[[key in references for key in _keys(self._now)]]
        return pd.concat([kept, taken], ignore_index=True) if len(taken) else kept


def _keys(ledger: pd.DataFrame) -> Iterable[Reference]:
    return zip(ledger["source"], ledger["source_reference"], strict=True)


class Markets:
    """Market data as believed at a cut and now, and between the two; each read once.

    They are of no portfolio: all of a firm can be told on the same.
    """

    def __init__(self, then: Cut, now: datetime) -> None:
        self.now = now
        self._then, self._now = then.known, Known(now)

    @cached_property
    def _axis(self) -> Sequence[date]:
        return Cut(self.now).axis

    @cached_property
    def of_then(self) -> Market:
        """Closes and fixings of then."""
        return Market(self._then, self._axis)

    @cached_property
    def closes_of_now(self) -> Market:
        """Closes of now at the fixings of then."""
        return Market(self._now, self._axis, self._then)

    @cached_property
    def of_now(self) -> Market:
        """Closes and fixings of now."""
        return Market(self._now, self._axis)


class Blend(Cut):
    """A knowledge cut of now whose ledger and market may be those of an earlier moment."""

    def __init__(self, now: datetime, ledger: pd.DataFrame, market: Market) -> None:
        super().__init__(now)
        self._ledger = ledger
        # Cached properties: what is set is what is read.
        self.__dict__.update(market=market, axis=market.axis)

    def ledgers(self, portfolio_ids: Iterable[int]) -> pd.DataFrame:
        """The ledger given, whatever portfolio is asked for: a blend is of one."""
        return self._ledger
