"""Performance: one row per portfolio with its returns by period and its risk, base currency."""

from collections.abc import Iterator
from typing import Any, Final

from helio.columns import Column, Kind
from portfolios.figures import queries
from reports.exports.dataset import Dataset
from reports.exports.frame import dataset
from reports.exports.request import Wanted

# Key of the period in figures, its heading on paper.
PERIODS: Final = {
    "month": "Month",
    "quarter": "Quarter",
    "year": "Year",
    "twelve_months": "12 months",
    "three_years": "3 years a year",
    "inception": "Inception",
    "inception_annualised": "Inception a year",
}
VARIANTS: Final = {
    "return_net": "net",
    "return_gross": "gross",
    "benchmark_return": "benchmark",
    "active_return": "active",
}
RISK: Final = (
    Column("volatility", "Volatility", Kind.SHARE, 4),
    Column("monthly_volatility", "Volatility, monthly", Kind.SHARE),
    Column("monthly_volatility_months", "Months", Kind.COUNT),
    Column("sharpe_ratio", "Sharpe", Kind.RATIO, 4),
    Column("maximum_drawdown", "Max drawdown", Kind.SHARE, 4),
    Column("drawdown_peak_on", "Drawdown peak", Kind.DATE),
    Column("drawdown_trough_on", "Drawdown trough", Kind.DATE),
    Column("drawdown_recovered_on", "Drawdown made up", Kind.DATE),
    Column("sortino_ratio", "Sortino", Kind.RATIO),
    Column("value_at_risk", "Value at risk", Kind.SHARE),
    Column("tracking_error", "Tracking error", Kind.SHARE),
    Column("information_ratio", "Information ratio", Kind.RATIO),
    Column("beta", "Beta", Kind.RATIO),
    Column("up_capture", "Up capture", Kind.SHARE),
    Column("down_capture", "Down capture", Kind.SHARE),
    Column("money_weighted_return", "Money-weighted return", Kind.SHARE),
)
# Paper has no room for three years, which few portfolios are old enough for.
ON_PAPER: Final = {
    "return_net": tuple(key for key in PERIODS if key != "three_years"),
    "benchmark_return": ("year", "inception"),
}

COLUMNS: Final = (
    Column("portfolio", "Portfolio", Kind.TEXT, 4),
    Column("name", "Name", Kind.TEXT, 10),
    Column("base_currency", "Base", Kind.TEXT, 3),
    Column("valued_on", "Day", Kind.DATE),
    Column("net_asset_value", "Net asset value", Kind.MONEY, 8, total=True),
    *(
        Column(
            f"{variant}_{period}",
            heading if variant == "return_net" else f"{heading}, {words}",
            Kind.SHARE,
            4 if period in ON_PAPER.get(variant, ()) else 0,
        )
        for variant, words in VARIANTS.items()
        for period, heading in PERIODS.items()
    ),
    *RISK,
)


def build(wanted: Wanted, version: queries.Version) -> Dataset:
    """Returns up to the day, net and gross, against the benchmark; and risk since inception."""
    return dataset(
        report="performance",
        title="Performance",
        wanted=wanted,
        version=version,
        columns=COLUMNS,
        records=_records(wanted),
    )


def _records(wanted: Wanted) -> Iterator[dict[str, Any]]:
    for portfolio in wanted.portfolios:
        value = next(
            iter(
                queries.portfolio_table(
                    wanted.as_of, portfolio.base_currency, [portfolio.pk], wanted.cut
                )
            ),
            None,
        )
        if value is None:  # redeemed before the day, opened after it, or not known then
            continue
        told = queries.performance(portfolio, wanted.as_of, cut=wanted.cut)
        record: dict[str, Any] = {
            "portfolio": portfolio.code,
            "name": portfolio.name,
            "base_currency": portfolio.base_currency,
            "valued_on": wanted.as_of,
            "net_asset_value": value.net_asset_value_base,
        }
        for period in told.periods:
            record[f"return_net_{period.key}"] = period.net
            record[f"return_gross_{period.key}"] = period.gross
            record[f"benchmark_return_{period.key}"] = period.benchmark
            record[f"active_return_{period.key}"] = period.active
        for column in RISK:
            record[column.name] = getattr(told.risk, column.name)
        yield record
