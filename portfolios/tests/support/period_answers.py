"""Period returns, summary, Modified Dietz and profit of a history, in the expected columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portfolios.performance import figures
from portfolios.performance.calendar_table import month_table
from portfolios.valuation.calendar import sessions

CASE_MONTHS = 24
NAMES = {
    "month": "month",
    "quarter": "quarter",
    "year": "year",
    "twelve_months": "twelve_months",
    "inception": "inception",
}


@dataclass(frozen=True)
class Daily:
    """A history and what the expected files need beside it, all by valuation day."""

    history: figures.History
    wealth_eod: Sequence[float]
    wealth_sod: Sequence[float]

    def until(self, last: int) -> figures.History:
        """The history of the first ``last`` days."""
        return figures.History(
            **{
                name: getattr(self.history, name)[:last]
                for name in figures.History.__dataclass_fields__
            }
        )


def month_ends(days: Sequence[date]) -> list[date]:
    """Calendar month ends from the first day's month to the last day's."""
    ends, month = [], days[0].replace(day=1)
    while month <= days[-1]:
        month = (month + timedelta(days=31)).replace(day=1)
        ends.append(month - timedelta(days=1))
    return ends


def returns_by_period(portfolio: str, series: Daily) -> list[dict[str, Any]]:
    """Rows of returns_by_period.csv of one portfolio."""
    days = series.history.days
    rows = []
    for end in month_ends(days):
        count = sum(day <= end for day in days)
        last = days[count - 1]
        row: dict[str, Any] = {
            "portfolio_id": portfolio,
            "period_end": end,
            "last_valuation_day": last,
            "net_asset_value": series.history.net_asset_values[count - 1],
        }
        for period in figures.period_returns(series.until(count), end):
            if period.key in NAMES:
                row[f"net_{period.key}"] = period.net
                row[f"grossfee_{period.key}"] = period.gross
            elif period.key == "inception_annualised":
                row["net_inception_ann"] = period.net
        rows.append(row)
    return rows


def modified_dietz(portfolio: str, series: Daily) -> list[dict[str, Any]]:
    """Rows of modified_dietz.csv of one portfolio: every month but the first, partial one."""
    days = series.history.days
    after = sessions("XLON", days[0], days[-1] + timedelta(days=14))
    months = month_table(series.history, after)
    return [
        {
            "portfolio_id": portfolio,
            "period_end": end,
            "days_in_month": end.day,
            "opening_value": month.opening_value,
            "closing_value": month.closing_value,
            "net_external_flow": month.net_flow,
            "modified_dietz_return": month.modified_dietz,
            "time_weighted_return": month.net,
        }
        for end, month in zip(month_ends(days)[1:], months[1:], strict=True)
    ]


def summary(portfolio: str, series: Daily) -> dict[str, Any]:
    """The returns and risk of portfolio_summary.csv of one portfolio, on its last day."""
    history = series.history
    last = history.days[-1]
    after = sessions("XLON", history.days[0], last + timedelta(days=14))
    risk = figures.risk_figures(history, after, CASE_MONTHS)
    row: dict[str, Any] = {
        "portfolio_id": portfolio,
        "valued_on": last,
        "first_valued_on": history.days[0],
        "valuation_days": Decimal(len(history.days)),
        "net_asset_value": history.net_asset_values[-1],
        "inception_eod": series.wealth_eod[-1] - 1,
        "inception_sod": series.wealth_sod[-1] - 1,
        "volatility_ann": risk.volatility,
        "volatility_monthly24_ann": risk.monthly_volatility,
        "sharpe_ratio": risk.sharpe_ratio,
        "maximum_drawdown": risk.maximum_drawdown,
        "drawdown_trough_day": risk.drawdown_trough_on,
        "money_weighted_return": risk.money_weighted_return,
        "tracking_error_ann": risk.tracking_error,
        "information_ratio_ann": risk.information_ratio,
        "beta_to_benchmark": risk.beta,
        "value_at_risk_95": risk.value_at_risk,
        "net_external_flow": sum(history.net_flows, Decimal(0)),
    }
    for period in figures.period_returns(history, last):
        row[f"net_{period.key}"] = period.net
        row[f"grossfee_{period.key}"] = period.gross
        if period.key == "inception" and period.net is not None and period.benchmark is not None:
            row["benchmark_inception"] = period.benchmark
            row["excess_arithmetic"] = period.active
            row["excess_geometric"] = (1 + period.net) / (1 + period.benchmark) - 1
    row["net_inception_ann"] = row["net_inception_annualised"]
    return row
