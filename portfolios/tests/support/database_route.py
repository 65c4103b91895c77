"""The same frames as pandas_route, read from the secured figures as the web role."""

from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
from django.db import connection

from portfolios.figures import history, queries
from portfolios.models import Portfolio
from portfolios.performance import daily
from portfolios.tests.support.period_answers import Daily

POSITIONS = """
    SELECT p.valued_on AS valuation_date, l.key AS holding, p.units AS units_held,
           p.price AS unit_price, p.price_currency, p.value_price_currency, p.base_rate,
           p.base_value, p.average_cost AS average_cost_base, p.fifo_cost AS fifo_cost_base
      FROM position_daily p JOIN listing l ON l.id = p.listing_id
     WHERE p.portfolio_id = %s
"""
DAYS = "SELECT *, valued_on AS valuation_date FROM figures.portfolio_day WHERE portfolio_id = %s"
EXPOSURES = """
    SELECT o.code AS portfolio_id, e.valued_on AS valuation_date, e.breakdown,
           e.bucket AS bucket_name, e.value_base AS bucket_value, e.share_of_nav
      FROM figures.exposure_day e JOIN portfolio o ON o.id = e.portfolio_id
     WHERE e.valued_on = ANY (%s)
"""
BENCHMARK = """
    SELECT valued_on AS valuation_date, benchmark_return AS index_return_base
      FROM figures.benchmark_day WHERE portfolio_id = %s
"""


def portfolio(code: str) -> Portfolio:
    """The portfolio of the code."""
    return Portfolio.objects.get(code=code)


def frame(query: str, *parameters: object) -> pd.DataFrame:
    """Rows of a query; numbers stay Decimal."""
    with connection.cursor() as cursor:
        cursor.execute(query, list(parameters))
        columns = [column.name for column in cursor.description]
        return pd.DataFrame(cursor.fetchall(), columns=columns, dtype=object)


def positions(code: str) -> pd.DataFrame:
    """Every holding on every valuation day."""
    return frame(POSITIONS, portfolio(code).pk)


def portfolio_days(code: str) -> pd.DataFrame:
    """Every valuation day of the portfolio."""
    return frame(DAYS, portfolio(code).pk).sort_values("valuation_date")


def exposures(days: list[date]) -> pd.DataFrame:
    """Every bucket of every breakdown of every portfolio on these days."""
    return frame(EXPOSURES, days)


def benchmark_returns(code: str) -> pd.DataFrame:
    """The benchmark's return on every valuation day of the portfolio."""
    return frame(BENCHMARK, portfolio(code).pk)


def profits(code: str) -> pd.DataFrame:
    """Profit of every listing ever held, at the portfolio's end."""
    found = portfolio(code)
    last = portfolio_days(code)["valuation_date"].iloc[-1]
    rows = [
        {
            "portfolio_id": code,
            "listing_key": row.listing_key,
            "units_held": row.units,
            "average_realised": row.average_realised,
            "fifo_realised": row.fifo_realised,
            "average_unrealised": row.average_unrealised,
            "fifo_unrealised": row.fifo_unrealised,
        }
        for row in queries.listing_profits(found, last)
    ]
    return pd.DataFrame(rows)


def series(code: str) -> Daily:
    """The history as the period and risk figures take it."""
    days = portfolio_days(code)
    return Daily(
        history=history.history(portfolio(code), date.max - timedelta(days=1)),
        wealth_eod=daily.wealth(days["return_net_eod"]),
        wealth_sod=daily.wealth(days["return_net_sod"]),
    )


def total_profit(code: str) -> dict[str, Decimal]:
    """The parts of the profit since inception that the summary names."""
    days = portfolio_days(code)
    last = days.iloc[-1]
    total = sum(days["day_pnl"], Decimal(0))
    income = sum(days["dividend_income"], Decimal(0))
    fees = -sum(days["management_fee"] + days["safekeeping_fee"], Decimal(0))
    parts = last["average_realised"] + last["average_unrealised"] + income + fees
    return {
        "total_profit": total,
        "average_realised": last["average_realised"],
        "average_unrealised": last["average_unrealised"],
        "fifo_realised": last["fifo_realised"],
        "fifo_unrealised": last["fifo_unrealised"],
        "dividends_after_tax": income,
        "all_fees": fees,
        "cash_fx_and_rest": total - parts,
    }
