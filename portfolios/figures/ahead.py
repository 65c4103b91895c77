"""What the pages over a book will ask, sent together before the first figure is computed.

The names and parameters are those of the read functions; where one is forgotten here, its question
is asked when it comes up. A test holds the pages to it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portfolios.figures import ground
from portfolios.figures.aggregates import first_day
from portfolios.figures.books import days_shown
from portfolios.figures.days import eve_of, valuation_days
from portfolios.figures.ground import Question
from portfolios.figures.spans import Span


def read_book(
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None,
    *,
    chart_from: date,
    breakdown: str,
) -> None:
    """Reads what an analyst's dashboard shows: tiles, chart, exposure, movers, table, positions."""
    asked = _asked(currency, portfolio_ids)
    ground.read_ahead(
        *_series(min(first_day(as_of), chart_from), as_of, currency, asked),
        ("position", {"as_of": as_of} | asked),
        ("listing_change", {"as_of": as_of, "eve": eve_of(as_of)} | asked),
        ("exposure", {"as_of": as_of, "breakdown": breakdown} | asked),
        *_table(as_of, currency, asked["portfolio_ids"]),
    )


def read_portfolio(
    as_of: date, currency: str, portfolio_id: int, *, chart_from: date, breakdown: str
) -> None:
    """Reads what a portfolio's overview shows."""
    asked = _asked(currency, [portfolio_id])
    ground.read_ahead(
        *_series(min(first_day(as_of), chart_from), as_of, currency, asked),
        ("position", {"as_of": as_of} | asked),
        ("listing_change", {"as_of": as_of, "eve": eve_of(as_of)} | asked),
        ("exposure", {"as_of": as_of, "breakdown": breakdown} | asked),
        ("missing_member", {"as_of": as_of, "portfolio_ids": [portfolio_id]}),
    )


def read_table(as_of: date, currency: str, portfolio_ids: Sequence[int] | None) -> None:
    """Reads what the table of portfolios shows."""
    asked = _asked(currency, portfolio_ids)
    ground.read_ahead(
        *_series(as_of, as_of, currency, asked),
        *_table(as_of, currency, asked["portfolio_ids"]),
    )


def read_firm(as_of: date, chart_from: date, *, top: int) -> None:
    """Reads what takes more than a few days to tell about the firm: risk, movers, its course."""
    ground.read_ahead(
        ("composite_risk", {"as_of": as_of}),
        ("firm_mover", {"as_of": as_of, "top": top}),
        ("firm_series", {"start": chart_from, "until": as_of}),
    )


def read_span(span: Span) -> None:
    """Reads what contribution, attribution and the value bridge of a span are told from."""
    asked, days = span.asked(), {"start": span.opens_on, "until": span.closes_on}
    ground.read_ahead(
        ("holding_course", days | {"portfolio_ids": asked["portfolio_ids"]}),
        ("value_bridge", asked),
        ("exchanged", asked),
        ("index_course", days),
        ("index_action", days),
    )


def _asked(currency: str, portfolio_ids: Sequence[int] | None) -> dict[str, Any]:
    ids = None if portfolio_ids is None else list(portfolio_ids)
    return {"currency": currency, "portfolio_ids": ids}


def _series(start: date, until: date, currency: str, asked: dict[str, Any]) -> list[Question]:
    eve = eve_of(start)
    if eve is None:
        return []
    days = {"start": eve, "until": until}
    return [("aggregate_day", asked | days), ("index_level", {"currency": currency} | days)]


def _table(as_of: date, currency: str, portfolio_ids: list[int] | None) -> list[Question]:
    days = days_shown(valuation_days(as_of), as_of)
    return [
        ("portfolio_rows", {"as_of": as_of, "days": days, "portfolio_ids": portfolio_ids}),
        ("portfolio", {}),
        ("rate", {"currency": currency, "day": as_of}),
        ("missing_member", {"as_of": as_of, "portfolio_ids": portfolio_ids}),
    ]
