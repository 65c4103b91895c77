"""The spans that profit, contribution and attribution can be asked for, by their buttons."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from portfolios.figures import queries
from portfolios.performance import periods


@dataclass(frozen=True, slots=True)
class NamedSpan:
    """A button: its word, what it says in full, and the day whose close opens the span.

    ``period`` is what explanations call it.
    """

    key: str
    label: str
    words: str
    anchor: Callable[[date], date | None]
    period: str


SPANS: Final = {
    one.key: one
    for one in (
        NamedSpan("mtd", "MTD", "month to date", periods.month_anchor, "month"),
        NamedSpan("qtd", "QTD", "quarter to date", periods.quarter_anchor, "quarter"),
        NamedSpan("ytd", "YTD", "year to date", periods.year_anchor, "year"),
        NamedSpan("1y", "1Y", "twelve months", periods.twelve_months_anchor, "twelve_months"),
        NamedSpan("all", "All", "since the start", lambda as_of: None, "inception"),
    )
}


def first_day_of(key: str, as_of: date, cut: queries.Cut | None) -> date:
    """The first valuation day of the named span, whatever was held on it."""
    anchor = SPANS[key].anchor(as_of)
    days = queries.valuation_days(as_of, cut)
    return next((day for day in days if anchor is None or day > anchor), as_of)


def span_of(
    key: str, as_of: date, currency: str, portfolio_ids: list[int] | None, cut: queries.Cut | None
) -> queries.Span | None:
    """The named span up to ``as_of``; None where nothing was held in it."""
    opens = queries.opening_day(SPANS[key].anchor(as_of), as_of, cut)
    return queries.span(opens, as_of, currency, portfolio_ids, cut)
