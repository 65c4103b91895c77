"""The span of days that an export of profit, contribution or attribution is over."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from helio.columns import Column, Kind
from portfolios.figures import queries
from portfolios.models import Portfolio
from reports.exports.request import Wanted

COLUMNS: Final = (
    Column("portfolio", "Portfolio", Kind.TEXT, 4),
    Column("opens_on", "Close of", Kind.DATE, 5),
    Column("closes_on", "Until", Kind.DATE, 5),
    Column("base_currency", "Base", Kind.TEXT, 3),
)


def spans(wanted: Wanted) -> Iterator[tuple[dict[str, Any], queries.Span]]:
    """The span of each portfolio that held something in it, with the cells that all rows share.

    It opens at the close before the first day wanted and is in the portfolio's base currency.
    """
    for portfolio in wanted.portfolios:
        span = _span(wanted, portfolio)
        if span is not None:
            yield (
                {
                    "portfolio": portfolio.code,
                    "opens_on": span.opens_on,
                    "closes_on": span.closes_on,
                    "base_currency": span.currency,
                },
                span,
            )


def _span(wanted: Wanted, portfolio: Portfolio) -> queries.Span | None:
    eve = wanted.start - dt.timedelta(days=1)
    opens = queries.opening_day(eve, wanted.as_of, wanted.cut)
    return queries.span(opens, wanted.as_of, portfolio.base_currency, [portfolio.pk], wanted.cut)
