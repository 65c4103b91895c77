"""The period and risk figures of one portfolio from its daily history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portfolios.performance import risk
from portfolios.performance.money_weighted import money_weighted_return
from portfolios.performance.periods import PERIODS, WealthIndex

FULL_MONTHS = 36


@dataclass(frozen=True)
class History:
    """Daily figures of a portfolio since inception, one entry per valuation day up to an as-of.

    Amounts are in base currency, returns fractions, wealth starts at 1 before the first day.
    """

    days: Sequence[date]
    returns: Sequence[float]
    wealth_net: Sequence[float]
    wealth_gross: Sequence[float]
    wealth_benchmark: Sequence[float]
    benchmark_returns: Sequence[float | None]
    net_asset_values: Sequence[Decimal]
    net_flows: Sequence[Decimal]


@dataclass(frozen=True)
class PeriodReturns:
    """Returns of one period; None where the convention leaves it empty."""

    key: str
    label: str
    net: float | None
    gross: float | None
    benchmark: float | None

    @property
    def active(self) -> float | None:
        """Net return less the benchmark's, arithmetic."""
        if self.net is None or self.benchmark is None:
            return None
        return self.net - self.benchmark


def period_returns(history: History, as_of: date) -> list[PeriodReturns]:
    """Net, gross and benchmark return of every named period and since inception."""
    net = WealthIndex(history.days, history.wealth_net)
    gross = WealthIndex(history.days, history.wealth_gross)
    index = WealthIndex(history.days, history.wealth_benchmark)
    rows = [
        PeriodReturns(p.key, p.label, *(w.period(p, as_of) for w in (net, gross, index)))
        for p in PERIODS
    ]
    rows.append(
        PeriodReturns(
            "inception", "Since inception", *(w.inception(as_of) for w in (net, gross, index))
        )
    )
    rows.append(
        PeriodReturns(
            "inception_annualised",
            "Since inception a year",
            *(w.annualised(as_of) for w in (net, gross, index)),
        )
    )
    return rows


@dataclass(frozen=True)
class RiskFigures:
    """Risk since inception (finance.md § 6); None where a figure does not apply."""

    volatility: float | None
    monthly_volatility: float | None
    monthly_volatility_months: int
    sharpe_ratio: float | None
    sortino_ratio: float | None
    maximum_drawdown: float
    drawdown_peak_on: date | None
    drawdown_trough_on: date | None
    drawdown_recovered_on: date | None
    value_at_risk: float | None
    tracking_error: float | None
    information_ratio: float | None
    beta: float | None
    up_capture: float | None
    down_capture: float | None
    money_weighted_return: float | None


def risk_figures(
    history: History, calendar: Sequence[date], months: int = FULL_MONTHS
) -> RiskFigures:
    """All risk figures of a history.

    ``calendar`` are the firm's valuation days, one past the history's end where the exchange has
    one, so that a last month is known to be full. ``months`` is how many the monthly one takes.
    """
    drawdown = risk.maximum_drawdown(history.days, history.wealth_net)
    full = risk.full_months(history.days, history.wealth_net, calendar)
    compared = [
        (mine, index)
        for mine, index in zip(history.returns, history.benchmark_returns, strict=True)
        if index is not None
    ]
    mine, index = [pair[0] for pair in compared], [pair[1] for pair in compared]
    # Without an index on some day its wealth stands still and no month of it can be compared.
    index_months = (
        risk.full_months(history.days, history.wealth_benchmark, calendar)
        if len(compared) == len(history.days)
        else []
    )
    captured = risk.capture(full if index_months else [], index_months)
    return RiskFigures(
        volatility=risk.volatility(history.returns),
        monthly_volatility=risk.monthly_volatility(full, months),
        monthly_volatility_months=months,
        sharpe_ratio=risk.sharpe_ratio(history.returns),
        sortino_ratio=risk.sortino_ratio(history.returns),
        maximum_drawdown=drawdown.depth,
        drawdown_peak_on=drawdown.peak_on,
        drawdown_trough_on=drawdown.trough_on,
        drawdown_recovered_on=drawdown.recovered_on,
        value_at_risk=risk.value_at_risk(history.returns),
        tracking_error=risk.tracking_error(mine, index),
        information_ratio=risk.information_ratio(mine, index),
        beta=risk.beta(mine, index),
        up_capture=captured.up,
        down_capture=captured.down,
        money_weighted_return=_money_weighted(history),
    )


def _money_weighted(history: History) -> float | None:
    if not history.days:
        return None
    flows = zip(history.days, history.net_flows, strict=True)
    return money_weighted_return(flows, history.days[-1], history.net_asset_values[-1])
