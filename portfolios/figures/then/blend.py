"""Between then and now: what was known at a moment, some kinds of records already as known now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property

import pandas as pd

from portfolios.figures.then.book import CashListing, in_kind, replayed
from portfolios.figures.then.cut import Cut
from portfolios.figures.then.known import Known
from portfolios.figures.then.market import Fixings, Market
from portfolios.models import Portfolio
from portfolios.valuation.calendar import ValuationCalendar
from portfolios.valuation.market import Rates
from portfolios.valuation.replay import Replay

Reference = tuple[str, str]


class Ledgers:
    """A portfolio's ledger as believed then and as believed now, each read and replayed once.

    Raises TooMuch.
    """

    def __init__(self, then: Cut, now: datetime, portfolio: Portfolio) -> None:
        self.portfolio = portfolio
        then.stay_small([portfolio.pk])
        self._then = then.ledgers([portfolio.pk])
        ledger = Cut(now).ledgers([portfolio.pk])
        self._now = self._then if ledger.equals(self._then) else ledger
        self._replays: list[tuple[pd.DataFrame, Rates, Replay]] = []

    def with_now(self, references: frozenset[Reference] | None) -> pd.DataFrame:
        """The ledger of then with these records as of now; None: all of them."""
        if references is None:
            return self._now
        if not references:
            return self._then
        kept = self._then[[key not in references for key in _keys(self._then)]]
        taken = self._now[[key in references for key in _keys(self._now)]]
        return pd.concat([kept, taken], ignore_index=True) if len(taken) else kept

    def replayed(
        self, ledger: pd.DataFrame, market: Market, calendar: ValuationCalendar, cash: CashListing
    ) -> Replay:
        """The replay of one of the ledgers; closes alone change none but of transfers in kind."""
        rates = market.fixings.rates
        for known, by, told in self._replays:
            if known is ledger and by is rates:
                return told
        told = replayed(self.portfolio, ledger, market, calendar, cash)
        if not in_kind(ledger).any():
            self._replays.append((ledger, rates, told))
        return told


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
        return Market(self._now, self._axis, self.of_then.fixings)

    @cached_property
    def of_now(self) -> Market:
        """Closes and fixings of now."""
        at_then, fixings = self.closes_of_now, Fixings(self._now)
        if fixings.rows == at_then.fixings.rows:
            return at_then
        return Market(self._now, self._axis, fixings, at_then.closes)

    @cached_property
    def cash(self) -> Mapping[str, int]:
        """The cash listing of each currency."""
        return Cut(self.now).cash


class Blend(Cut):
    """A portfolio as a knowledge cut of now whose ledger and market may be of an earlier moment."""

    def __init__(
        self, markets: Markets, market: Market, ledgers: Ledgers, ledger: pd.DataFrame
    ) -> None:
        super().__init__(markets.now, most_records=None)
        self._ledgers, self._ledger = ledgers, ledger
        # Cached properties: what is set is what is read.
        self.__dict__.update(
            market=market,
            axis=market.axis,
            cash=markets.cash,
            portfolios={ledgers.portfolio.pk: ledgers.portfolio},
        )

    def ledgers(self, portfolio_ids: Iterable[int]) -> pd.DataFrame:
        """The ledger given, whatever portfolio is asked for: a blend is of one."""
        return self._ledger

    def replayed(
        self, portfolio: Portfolio, ledger: pd.DataFrame, calendar: ValuationCalendar
    ) -> Replay:
        """The replay of the ledger given, done once for all blends that share it."""
        return self._ledgers.replayed(self._ledger, self.market, calendar, self.cash_listing)
