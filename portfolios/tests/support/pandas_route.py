"""Positions and portfolio days by pandas: a second road to what SQL computes in the product."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd

from portfolios.performance import daily
from portfolios.performance.figures import History
from portfolios.tests.support import answers, frames, vendor
from portfolios.tests.support.period_answers import Daily
from portfolios.valuation.calendar import ValuationCalendar, session_before, sessions
from portfolios.valuation.cost import ZERO
from portfolios.valuation.market import Series
from portfolios.valuation.replay import Replay, replay

CASH = "CASH:"


@cache
def calendar() -> ValuationCalendar:
    """The case's valuation days."""
    return ValuationCalendar(
        sessions(answers.REFERENCE_EXCHANGE, date(2023, 12, 1), date(2025, 12, 31))
    )


@cache
def base_currencies() -> dict[str, str]:
    """Base currency by portfolio."""
    summary = answers.read("portfolio_summary.csv")
    return dict(zip(summary["portfolio_id"], summary["base_currency"], strict=True))


@cache
def replays() -> dict[str, Replay]:
    """The replay of every portfolio of the case."""
    return {
        str(portfolio): replay(
            book.itertuples(index=False),
            base_currency=base_currencies()[str(portfolio)],
            calendar=calendar(),
            rates=vendor.rates(),
            closes=vendor.closes(),
            cash_listing=lambda currency: CASH + currency,
        )
        for portfolio, book in answers.ledger().groupby("portfolio_id", sort=True)
    }


def positions(portfolio: str) -> pd.DataFrame:
    """Every holding on every valuation day of a portfolio, valued."""
    days = calendar().days
    rows = []
    for state in frames.states(replays()[portfolio]).itertuples(index=False):
        if not state.units:
            continue
        until = state.to_on or days[-1]
        rows += [_position(portfolio, state, day) for day in days if state.from_on <= day <= until]
    return pd.DataFrame(rows)


def _position(portfolio: str, state: Any, day: date) -> dict[str, Any]:
    listing = state.listing_id
    if listing.startswith(CASH):
        price, currency = Decimal(1), listing.removeprefix(CASH)
    else:
        close = vendor.closes().last(listing, day)
        assert close is not None, f"{listing} has no price on {day}"
        price, currency = close.value, vendor.closes().currencies[listing]
    rate = vendor.rates().rate(currency, base_currencies()[portfolio], day)
    value = state.units * price
    return {
        "portfolio_id": portfolio,
        "valuation_date": day,
        "holding": listing,
        "units_held": state.units,
        "unit_price": price,
        "price_currency": currency,
        "value_price_currency": value,
        "base_rate": rate,
        "base_value": value * rate,
        "average_cost_base": state.average_cost,
        "fifo_cost_base": state.fifo_cost,
    }


@cache
def portfolio_days(portfolio: str) -> pd.DataFrame:
    """Values, flows, profit and returns of every day of a portfolio's life."""
    result = replays()[portfolio]
    held = positions(portfolio)
    is_cash = held["holding"].str.startswith(CASH)
    sums = pd.DataFrame(
        {
            "securities_value": held[~is_cash].groupby("valuation_date")["base_value"].sum(),
            "cash_value": held[is_cash].groupby("valuation_date")["base_value"].sum(),
            "average_cost": held.groupby("valuation_date")["average_cost_base"].sum(),
            "fifo_cost": held.groupby("valuation_date")["fifo_cost_base"].sum(),
        },
        dtype=object,
    )
    life = [
        day
        for day in calendar().days
        if result.first_on <= day <= (result.last_on or calendar().days[-1])
    ]
    activity = frames.activity(result).set_index("valued_on").reindex(life)
    for column in ("average_realised", "fifo_realised"):
        activity[column] = activity[column].ffill()
    frame = sums.reindex(life).join(activity)
    frame = frame.astype(object).where(frame.notna(), ZERO)
    return _returns(frame)


def _returns(frame: pd.DataFrame) -> pd.DataFrame:
    opening, rows = ZERO, []
    for day, row in frame.iterrows():
        closing = row.securities_value + row.cash_value
        flows = (opening, closing, row.external_inflow, row.external_outflow)
        rows.append(
            {
                "valuation_date": day,
                **row,
                "net_asset_value": closing,
                "day_pnl": closing - opening - row.external_inflow + row.external_outflow,
                "return_net": daily.net_main(*flows),
                "return_gross": daily.gross_main(*flows, row.management_fee),
                "return_net_eod": daily.net_end_of_day(*flows),
                "return_net_sod": daily.net_start_of_day(*flows),
                "average_unrealised": row.securities_value - row.average_cost,
                "fifo_unrealised": row.securities_value - row.fifo_cost,
            }
        )
        opening = closing
    return pd.DataFrame(rows).set_index("valuation_date")


@cache
def benchmark_returns(portfolio: str) -> list[Decimal]:
    """Return of the index in base currency on every day of a portfolio's life."""
    levels = Series(vendor.index_levels().items())
    base = base_currencies()[portfolio]

    def level(on: date) -> Decimal:
        observation = levels.last(on)
        assert observation is not None
        return observation.value * vendor.rates().rate("USD", base, on)

    days = list(portfolio_days(portfolio).index)
    before = [session_before(answers.REFERENCE_EXCHANGE, days[0]), *days[:-1]]
    return [level(day) / level(opening) - 1 for day, opening in zip(days, before, strict=True)]


@cache
def series(portfolio: str) -> Daily:
    """The daily history of a portfolio as the period and risk figures take it."""
    frame = portfolio_days(portfolio)
    index = [float(r) for r in benchmark_returns(portfolio)]

    def wealth(column: str) -> list[float]:
        return daily.wealth(float(r) for r in frame[column])

    history = History(
        days=list(frame.index),
        returns=[float(r) for r in frame["return_net"]],
        wealth_net=wealth("return_net"),
        wealth_gross=wealth("return_gross"),
        wealth_benchmark=daily.wealth(index),
        benchmark_returns=index,
        net_asset_values=list(frame["net_asset_value"]),
        net_flows=list(frame["external_inflow"] - frame["external_outflow"]),
    )
    return Daily(
        history=history,
        wealth_eod=wealth("return_net_eod"),
        wealth_sod=wealth("return_net_sod"),
    )
