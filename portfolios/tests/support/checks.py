"""Each expected file against computed rows, in the tolerances of finance.md § 12; every row."""

from typing import Any, Final

import pandas as pd

from portfolios.tests.support import answers, period_answers
from portfolios.tests.support.compare import CENT, EXACT, RATIO, TWO_CENTS, assert_rows
from portfolios.tests.support.period_answers import Daily

PORTFOLIOS: Final = [f"HA-{number:02}" for number in range(1, 17)]
NAV: Final = "net_asset_value"
# Roots and sums over hundreds of days of amounts that the answers round to the cent.
BENCHMARK_RATIO: Final = 1e-10
INTERNAL_RATE: Final = 1e-6

POSITION: Final[dict[str, Any]] = {
    "units_held": EXACT,
    "unit_price": EXACT,
    "price_currency": EXACT,
    "value_price_currency": CENT,
    "base_rate": RATIO,
    "base_value": CENT,
    "average_cost_base": CENT,
    "fifo_cost_base": CENT,
}
AMOUNTS: Final = [
    NAV,
    "securities_value",
    "cash_value",
    "external_inflow",
    "external_outflow",
    "management_fee",
    "safekeeping_fee",
    "dividend_income",
    "day_pnl",
    "average_realised",
    "fifo_realised",
    "average_unrealised",
    "fifo_unrealised",
]
RETURNS: Final = ["return_net", "return_gross", "return_net_eod", "return_net_sod"]
PERIODS: Final = ["month", "quarter", "year", "twelve_months", "inception"]
PERIOD_RETURNS: Final = [
    *(f"net_{name}" for name in PERIODS),
    "net_inception_ann",
    *(f"grossfee_{name}" for name in PERIODS),
]
SUMMARY_RATIOS: Final = [
    *(f"net_{name}" for name in PERIODS),
    "net_inception_ann",
    "grossfee_year",
    "grossfee_inception",
    "inception_eod",
    "inception_sod",
    "volatility_ann",
    "volatility_monthly24_ann",
    "sharpe_ratio",
    "maximum_drawdown",
    "benchmark_inception",
    "excess_arithmetic",
    "excess_geometric",
    "tracking_error_ann",
    "information_ratio_ann",
    "beta_to_benchmark",
    "value_at_risk_95",
]
DIETZ_AMOUNTS: Final = ["days_in_month", "opening_value", "closing_value", "net_external_flow"]
DIETZ_RATIOS: Final = ["modified_dietz_return", "time_weighted_return"]
PROFITS: Final = ["average_realised", "fifo_realised", "average_unrealised", "fifo_unrealised"]
TOTALS: Final = [
    "total_profit",
    *PROFITS,
    "dividends_after_tax",
    "all_fees",
    "cash_fx_and_rest",
]


def _expected(name: str, code: str | None = None) -> pd.DataFrame:
    frame = answers.read(name)
    return frame if code is None else frame[frame["portfolio_id"] == code]


def holdings(computed: pd.DataFrame, code: str) -> int:
    """holdings_daily.csv.gz of a portfolio."""
    numbers = [name for name in POSITION if name != "price_currency"]
    return assert_rows(
        computed,
        answers.decimals(_expected("holdings_daily.csv.gz", code), numbers),
        keys=["valuation_date", "holding"],
        tolerances=POSITION,
    )


def portfolio_days(computed: pd.DataFrame, code: str) -> int:
    """portfolio_daily.csv.gz of a portfolio."""
    expected = answers.decimals(_expected("portfolio_daily.csv.gz", code), AMOUNTS)
    return assert_rows(
        computed,
        answers.floats(expected, RETURNS),
        keys=["valuation_date"],
        tolerances=dict.fromkeys(AMOUNTS, CENT) | dict.fromkeys(RETURNS, RATIO),
    )


def benchmark(computed: pd.DataFrame, code: str) -> int:
    """benchmark_returns.csv.gz of a portfolio."""
    return assert_rows(
        computed,
        answers.floats(_expected("benchmark_returns.csv.gz", code), ["index_return_base"]),
        keys=["valuation_date"],
        tolerances={"index_return_base": BENCHMARK_RATIO},
    )


def periods(series: Daily, code: str) -> int:
    """returns_by_period.csv of a portfolio."""
    expected = answers.decimals(_expected("returns_by_period.csv", code), [NAV])
    return assert_rows(
        pd.DataFrame(period_answers.returns_by_period(code, series)),
        answers.floats(expected, PERIOD_RETURNS),
        keys=["period_end"],
        tolerances={"last_valuation_day": EXACT, NAV: CENT} | dict.fromkeys(PERIOD_RETURNS, RATIO),
    )


def summary(series: Daily, code: str) -> int:
    """The returns and risk of portfolio_summary.csv of a portfolio."""
    amounts = [NAV, "valuation_days", "net_external_flow"]
    expected = answers.decimals(_expected("portfolio_summary.csv", code), amounts)
    return assert_rows(
        pd.DataFrame([period_answers.summary(code, series)]),
        answers.floats(expected, [*SUMMARY_RATIOS, "money_weighted_return"]),
        keys=["portfolio_id"],
        tolerances={
            "valued_on": EXACT,
            "first_valued_on": EXACT,
            "drawdown_trough_day": EXACT,
            "valuation_days": EXACT,
            NAV: CENT,
            "net_external_flow": TWO_CENTS,
            "money_weighted_return": INTERNAL_RATE,
        }
        | dict.fromkeys(SUMMARY_RATIOS, RATIO),
    )


def totals(computed: dict[str, Any], code: str) -> int:
    """The profit of portfolio_summary.csv of a portfolio, and its parts."""
    return assert_rows(
        pd.DataFrame([{"portfolio_id": code, **computed}]),
        answers.decimals(_expected("portfolio_summary.csv", code), TOTALS),
        keys=["portfolio_id"],
        tolerances=dict.fromkeys(TOTALS, TWO_CENTS),
    )


def dietz(series: Daily, code: str) -> int:
    """modified_dietz.csv of a portfolio."""
    expected = answers.decimals(_expected("modified_dietz.csv", code), DIETZ_AMOUNTS)
    return assert_rows(
        pd.DataFrame(period_answers.modified_dietz(code, series)),
        answers.floats(expected, DIETZ_RATIOS),
        keys=["period_end"],
        tolerances=dict.fromkeys(DIETZ_AMOUNTS, TWO_CENTS) | dict.fromkeys(DIETZ_RATIOS, RATIO),
    )


def exposures(computed: pd.DataFrame) -> int:
    """exposures.csv, all portfolios."""
    expected = answers.decimals(_expected("exposures.csv"), ["bucket_value"])
    return assert_rows(
        computed,
        answers.floats(expected, ["share_of_nav"]),
        keys=["portfolio_id", "valuation_date", "breakdown", "bucket_name"],
        tolerances={"bucket_value": CENT, "share_of_nav": RATIO},
    )


def profits(computed: pd.DataFrame, code: str) -> int:
    """profit_and_loss.csv of a portfolio."""
    expected = _expected("profit_and_loss.csv", code)
    return assert_rows(
        computed,
        answers.decimals(expected, ["units_held", *PROFITS]),
        keys=["listing_key"],
        tolerances={"units_held": EXACT} | dict.fromkeys(PROFITS, CENT),
    )


def contributions(computed: pd.DataFrame) -> int:
    """contribution_day.csv, the rest (cash, currency, fees) included."""
    ratios = ["opening_weight", "contribution_to_return"]
    return assert_rows(
        computed,
        answers.floats(_expected("contribution_day.csv"), ratios),
        keys=["portfolio_id", "valuation_date", "holding"],
        tolerances=dict.fromkeys(ratios, RATIO),
    )


def linked_contributions(computed: pd.DataFrame) -> int:
    """contribution_linked.csv, all portfolios."""
    ratios = ["linked_contribution", "month_return"]
    return assert_rows(
        computed,
        answers.floats(_expected("contribution_linked.csv"), ratios),
        keys=["portfolio_id", "holding"],
        tolerances=dict.fromkeys(ratios, RATIO),
    )


def daily_effects(computed: pd.DataFrame) -> int:
    """brinson_fachler_daily.csv."""
    ratios = [
        "portfolio_weight",
        "portfolio_contribution",
        "index_weight",
        "index_sector_return",
        "portfolio_day_return",
        "index_day_return",
        "allocation_effect",
        "selection_effect",
    ]
    return assert_rows(
        computed,
        answers.floats(_expected("brinson_fachler_daily.csv"), ratios),
        keys=["valuation_date", "sector_group"],
        tolerances=dict.fromkeys(ratios, RATIO),
    )


def linked_effects(computed: pd.DataFrame) -> int:
    """brinson_fachler.csv with its total."""
    effects = ["allocation_effect", "selection_effect", "total_effect"]
    return assert_rows(
        computed,
        answers.floats(_expected("brinson_fachler.csv"), effects),
        keys=["sector_group"],
        tolerances=dict.fromkeys(effects, RATIO),
    )
