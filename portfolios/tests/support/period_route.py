"""Contribution and attribution of October 2025 by the read functions, in the expected columns."""

from datetime import date
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from portfolios.figures import queries
from portfolios.figures.attributed import group_days
from portfolios.models import Portfolio
from portfolios.performance.attribution import day_effects
from portfolios.tests.support.checks import PORTFOLIOS

OPENS, CLOSES = date(2025, 9, 30), date(2025, 10, 31)
REST: Final = "CASH+FX+FEES"
ATTRIBUTED: Final = "HA-01"


def _span(portfolio: Portfolio, opens: date = OPENS, closes: date = CLOSES) -> queries.Span | None:
    return queries.span(opens, closes, portfolio.base_currency, [portfolio.pk])


def _contributions(opens: date, closes: date) -> list[queries.Contributions]:
    portfolios = Portfolio.objects.filter(code__in=PORTFOLIOS)
    spans = [_span(portfolio, opens, closes) for portfolio in portfolios]
    return [queries.contributions_of(span) for span in spans if span is not None]


def _code(told: queries.Contributions) -> str:
    ids = told.span.portfolio_ids
    assert ids is not None
    return Portfolio.objects.get(pk=ids[0]).code


def daily_contributions() -> pd.DataFrame:
    """Rows of contribution_day.csv: every day is a span of its own."""
    days = [day for day in queries.valuation_days(CLOSES) if day >= OPENS]
    rows: list[dict[str, Any]] = []
    for opens, closes in pairwise(days):
        for told in _contributions(opens, closes):
            shared = {"portfolio_id": _code(told), "valuation_date": closes}
            rows += [
                shared
                | {
                    "holding": row.listing_key,
                    "opening_weight": row.weight,
                    "contribution_to_return": row.contribution,
                }
                for row in told.listings
            ]
            rest = {"opening_weight": None, "contribution_to_return": told.rest}
            rows.append(shared | {"holding": REST} | rest)
    return pd.DataFrame(rows)


def linked_contributions() -> pd.DataFrame:
    """Rows of contribution_linked.csv."""
    rows: list[dict[str, Any]] = []
    for told in _contributions(OPENS, CLOSES):
        parts = {row.listing_key: row.contribution for row in told.listings} | {REST: told.rest}
        rows += [
            {
                "portfolio_id": _code(told),
                "holding": holding,
                "linked_contribution": contribution,
                "month_return": told.total,
            }
            for holding, contribution in parts.items()
        ]
    return pd.DataFrame(rows)


def daily_effects() -> pd.DataFrame:
    """Rows of brinson_fachler_daily.csv."""
    span = _span(Portfolio.objects.get(code=ATTRIBUTED))
    assert span is not None
    told = group_days(span)
    allocation, selection = day_effects(told)
    rows: list[dict[str, Any]] = []
    for at, day in enumerate(told.days):
        shared = {
            "valuation_date": day,
            "portfolio_day_return": told.contributions[at].sum(),
            "index_day_return": told.index_contributions[at].sum(),
        }
        rows += [
            shared
            | {
                "sector_group": group,
                "portfolio_weight": told.weights[at, number],
                "portfolio_contribution": told.contributions[at, number],
                "index_weight": told.index_weights[at, number],
                "index_sector_return": told.index_returns[at, number],
                "allocation_effect": allocation[at, number],
                "selection_effect": selection[at, number],
            }
            for number, group in enumerate(told.groups)
        ]
    return pd.DataFrame(rows)


def linked_effects() -> pd.DataFrame:
    """Rows of brinson_fachler.csv."""
    span = _span(Portfolio.objects.get(code=ATTRIBUTED))
    assert span is not None
    told = queries.attributed(span)
    assert told is not None
    whole = told.effects
    sums = [(group.group, group.allocation, group.selection) for group in whole.groups]
    sums.append(("TOTAL", whole.allocation, whole.selection))
    return pd.DataFrame(
        {
            "sector_group": name,
            "allocation_effect": allocation,
            "selection_effect": selection,
            "total_effect": allocation + selection,
        }
        for name, allocation, selection in sums
    )
