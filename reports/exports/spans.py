"""The span of days that an export of profit, contribution or attribution is over."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from helio.columns import Column, Kind
from portfolios.figures import queries
from reports.exports.request import Wanted

COLUMNS: Final = (
    Column("portfolio", "Portfolio", Kind.TEXT, 4),
    Column("opens_on", "Close of", Kind.DATE, 5),
    Column("closes_on", "Until", Kind.DATE, 5),
    Column("base_currency", "Base", Kind.TEXT, 3),
)


def spans(wanted: Wanted) -> Iterator[tuple[dict[str, Any], queries.Span]]:
    """The span of each portfolio that held something in it, with the cells that all rows share.

    It opens at the close before the first day wanted and is in the portfolio's base currency. Of
    portfolios taken as one there is one span, in the currency wanted.
    """
    for name, currency, ids in _owners(wanted):
        span = _span(wanted, currency, ids)
        if span is not None:
            yield (
                {
                    "portfolio": name,
                    "opens_on": span.opens_on,
                    "closes_on": span.closes_on,
                    "base_currency": span.currency,
                },
                span,
            )


def _owners(wanted: Wanted) -> Iterator[tuple[str, str, list[int]]]:
    """Name, currency and portfolios of each span."""
    if wanted.in_one:
        yield together(wanted), wanted.in_one, wanted.portfolio_ids
        return
    for portfolio in wanted.portfolios:
        yield portfolio.code, portfolio.base_currency, [portfolio.pk]


def together(wanted: Wanted) -> str:
    """What portfolios taken as one are called in a row; which they are is in the export's head."""
    held = wanted.portfolios
    return held[0].code if len(held) == 1 else f"{len(held)} portfolios"


def _span(wanted: Wanted, currency: str, ids: list[int]) -> queries.Span | None:
    eve = wanted.start - dt.timedelta(days=1)
    opens = queries.opening_day(eve, wanted.as_of, wanted.cut)
    return queries.span(opens, wanted.as_of, currency, ids, wanted.cut)
