"""One portfolio as known then: what it held, did and was worth on every day of its life."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from portfolios.figures.then.exact import ZERO, digits, money
from portfolios.figures.then.market import Close, Market
from portfolios.models import Portfolio
from portfolios.performance import daily
from portfolios.valuation.calendar import ValuationCalendar
from portfolios.valuation.replay import (
    ActivityRow,
    ListingRow,
    Replay,
    StateRow,
    replay,
)


@dataclass(frozen=True, slots=True)
class Span:
    """A holding between two events, by positions on the axis, both included. Cash has no cost."""

    listing_id: int
    start: int
    end: int
    units: Decimal
    average_cost: Decimal | None
    fifo_cost: Decimal | None
    average_realised: Decimal | None
    fifo_realised: Decimal | None

    @property
    def is_cash(self) -> bool:
        """True for a balance of a currency."""
        return self.average_cost is None


@dataclass(frozen=True, slots=True)
class Valued:
    """A holding on one day with its price, its value and that value in base currency."""

    span: Span
    close: Close | None
    value: Decimal | None
    base_value: Decimal | None


@dataclass(frozen=True, slots=True)
class BookDay:
    """A day of a portfolio's life in base currency, as the stored portfolio_day has it."""

    valued_on: date
    opening_value: Decimal
    net_asset_value: Decimal
    cash_value: Decimal
    inflow: Decimal
    outflow: Decimal
    management_fee: Decimal
    safekeeping_fee: Decimal
    dividend_income: Decimal
    average_realised: Decimal
    fifo_realised: Decimal
    average_unrealised: Decimal
    fifo_unrealised: Decimal
    return_net: float | None
    return_gross: float | None
    return_net_eod: float | None
    return_net_sod: float | None
    wealth_net: float
    wealth_gross: float
    max_drawdown: float
    return_count: int
    return_sum: float
    return_square_sum: float

    @property
    def day_pnl(self) -> Decimal:
        """Closing less opening value, flows taken out."""
        return self.net_asset_value - self.opening_value - self.inflow + self.outflow


CashListing = Callable[[str], int]


class Book:
    """A portfolio's ledger replayed; what it is worth is computed when it is asked for."""

    def __init__(
        self, portfolio: Portfolio, told: Replay, market: Market, currencies: dict[int, str]
    ) -> None:
        self.portfolio = portfolio
        self._market = market
        self._currencies = currencies
        newest = len(market.axis) - 1
        self.spans = [_span(row, market, newest) for row in map(StateRow._make, told.state_rows)]
        self._activity = {
            market.at[row.valued_on]: row for row in map(ActivityRow._make, told.activity_rows)
        }
        self._moved: dict[int, dict[int, tuple[Decimal, Decimal]]] = {}
        for row in map(ListingRow._make, told.listing_rows):
            day = self._moved.setdefault(market.at[row.valued_on], {})
            day[row.listing_id] = (row.traded_cash, row.dividend_income)
        self.start = market.at[told.first_on] if told.first_on else newest + 1
        self.end = market.at[told.last_on] if told.last_on else newest

    def activity(self, position: int) -> ActivityRow | None:
        """Flows, fees and income of a day; None where nothing happened."""
        return self._activity.get(position)

    def traded(self, position: int) -> dict[int, tuple[Decimal, Decimal]]:
        """Trading cash and income of each listing on a day, apart."""
        return self._moved.get(position, {})

    def moved(self, position: int) -> dict[int, Decimal]:
        """Trading cash and income of each listing on a day, together."""
        day = self.traded(position)
        return {listing: traded + income for listing, (traded, income) in day.items()}

    def listing_days(self) -> Iterator[tuple[int, int, Decimal, Decimal]]:
        """Day, listing, trading cash and income, of the whole life."""
        for position, day in self._moved.items():
            for listing, (traded, income) in day.items():
                yield position, listing, traded, income

    def all_moved(self) -> Iterator[tuple[int, int, Decimal]]:
        """Day, listing, and its trading cash and income, of the whole life."""
        for position, listing, traded, income in self.listing_days():
            yield position, listing, traded + income

    def held(self, position: int) -> Iterator[Valued]:
        """What is held on a day, valued."""
        for span in self.spans:
            if span.units and span.start <= position <= span.end:
                yield self._valued(span, position)

    def ever_held(self, position: int) -> list[Span]:
        """The state on a day of every listing that was held by then; cash left out."""
        return [s for s in self.spans if s.start <= position <= s.end and not s.is_cash]

    def valued(self, span: Span, position: int) -> Valued:
        """A span on a day, valued."""
        return self._valued(span, position)

    def _valued(self, span: Span, position: int) -> Valued:
        base = self.portfolio.base_currency
        if span.is_cash:
            currency = self._currencies[span.listing_id]
            close: Close | None = Close(Decimal(1), currency, self._market.axis[position])
            units = span.units
        else:
            close, units = self._market.close(span.listing_id, position), max(span.units, ZERO)
        if close is None:
            return Valued(span, None, None, None)
        crossed = self._market.base_rates(close.currency, base)[position]
        return Valued(
            span,
            close,
            money(units * close.price),
            None if crossed is None else money(units * close.price * crossed),
        )

    @cached_property
    def days(self) -> list[BookDay]:
        """Every day of the portfolio's life, in order."""
        with digits():
            return list(self._linked(*self._values(), *self._costs()))

    def day(self, position: int) -> BookDay | None:
        """The day at a position of the axis; None outside the portfolio's life."""
        if not self.start <= position <= self.end:
            return None
        return self.days[position - self.start]

    def amounts(self, position: int) -> tuple[Decimal, Decimal] | None:
        """Net asset value and result of a day alone, as ``day`` has them; None outside the life."""
        if not self.start <= position <= self.end:
            return None
        inflow, outflow, *_ = _booked(self._activity.get(position))
        with digits():
            closing = self._worth(position)
            opening = self._worth(position - 1) if position > self.start else ZERO
            return closing, closing - opening - inflow + outflow

    def _worth(self, position: int) -> Decimal:
        return sum((held.base_value or ZERO for held in self.held(position)), ZERO)

    def _values(self) -> tuple[Any, Any]:
        """Arrays of the value of securities and of cash on every day of the axis."""
        length = len(self._market.axis)
        securities = np.full(length, ZERO, dtype=object)
        cash = np.full(length, ZERO, dtype=object)
        base = self.portfolio.base_currency
        for span in self.spans:
            if not span.units or (span.units < 0 and not span.is_cash):
                continue
            if span.is_cash:
                worth = self._market.base_rates(self._currencies[span.listing_id], base)
            else:
                worth = self._market.unit_values(span.listing_id, base)
            reach = slice(span.start, span.end + 1)
            values = [ZERO if w is None else money(span.units * w) for w in worth[reach]]
            target = cash if span.is_cash else securities
            target[reach] += np.array(values, dtype=object)
        return securities, cash

    def _costs(self) -> tuple[Any, Any]:
        """Arrays of the remaining cost of securities on every day, average and FIFO."""
        average = np.full(len(self._market.axis), ZERO, dtype=object)
        fifo = average.copy()
        for span in self.spans:
            if span.units and not span.is_cash:
                reach = slice(span.start, span.end + 1)
                average[reach] += span.average_cost or ZERO
                fifo[reach] += span.fifo_cost or ZERO
        return average, fifo

    def _linked(
        self,
        securities: Sequence[Decimal],
        cash: Sequence[Decimal],
        average: Sequence[Decimal],
        fifo: Sequence[Decimal],
    ) -> Iterator[BookDay]:
        opening, net, gross, peak, deepest = ZERO, 1.0, 1.0, 1.0, 0.0
        count, total, squares = 0, 0.0, 0.0
        realised = (ZERO, ZERO)
        for position in range(self.start, self.end + 1):
            done = self._activity.get(position)
            inflow, outflow, fee, safekeeping, income = _booked(done)
            realised = (done.average_realised, done.fifo_realised) if done else realised
            closing = securities[position] + cash[position]
            flows = (opening, closing, inflow, outflow)
            earned = _float(daily.net_main(*flows))
            before_fee = _float(daily.gross_main(*flows, fee))
            if earned is not None:
                net *= 1.0 + earned
                count, total, squares = count + 1, total + earned, squares + earned * earned
            if before_fee is not None:
                gross *= 1.0 + before_fee
            peak = max(peak, net)
            deepest = min(deepest, net / peak - 1.0)
            yield BookDay(
                valued_on=self._market.axis[position],
                opening_value=opening,
                net_asset_value=closing,
                cash_value=cash[position],
                inflow=inflow,
                outflow=outflow,
                management_fee=fee,
                safekeeping_fee=safekeeping,
                dividend_income=income,
                average_realised=realised[0],
                fifo_realised=realised[1],
                average_unrealised=securities[position] - average[position],
                fifo_unrealised=securities[position] - fifo[position],
                return_net=earned,
                return_gross=before_fee,
                return_net_eod=_float(daily.net_end_of_day(*flows)),
                return_net_sod=_float(daily.net_start_of_day(*flows)),
                wealth_net=net,
                wealth_gross=gross,
                max_drawdown=deepest,
                return_count=count,
                return_sum=total,
                return_square_sum=squares,
            )
            opening = closing


def replayed(
    portfolio: Portfolio,
    ledger: pd.DataFrame,
    market: Market,
    calendar: ValuationCalendar,
    cash_listing: CashListing,
) -> Replay:
    """The replay of a ledger; the closes of its listings must have been loaded."""
    return replay(
        ledger.itertuples(index=False),
        base_currency=portfolio.base_currency,
        calendar=calendar,
        rates=market.fixings.rates,
        closes=market.transfer_closes(ledger["listing_id"][in_kind(ledger)]),
        cash_listing=cash_listing,
    )


def in_kind(ledger: pd.DataFrame) -> pd.Series:
    """Which events of a ledger are transfers in kind: what they are worth hangs on closes."""
    return ledger["kind"].isin(["TRANSFER_IN", "TRANSFER_OUT"])


def _span(row: Any, market: Market, newest: int) -> Span:
    return Span(
        listing_id=row.listing_id,
        start=market.at[row.from_on],
        end=newest if row.to_on is None else market.at[row.to_on],
        units=row.units,
        average_cost=row.average_cost,
        fifo_cost=row.fifo_cost,
        average_realised=row.average_realised,
        fifo_realised=row.fifo_realised,
    )


def _booked(done: Any) -> tuple[Decimal, ...]:
    """Flows, fees and income of a day's activity, zeros without any."""
    if done is None:
        return (ZERO,) * 5
    return (
        done.external_inflow,
        done.external_outflow,
        done.management_fee,
        done.safekeeping_fee,
        done.dividend_income,
    )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
