"""Why a legacy cell differs: each way in which such a report goes wrong, tried on the cell.

A reason is given only where the wrong way leads to the very cell.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from ingestion.shadow.compare import Break, Ours, month_end
from portfolios.figures import queries
from portfolios.figures.then.book import Book
from portfolios.figures.then.exact import digits
from portfolios.models import Listing
from portfolios.performance.daily import modified_dietz

UNEXPLAINED: Final = ""
# Reports are made a day or two after the month's end.
MADE_AFTER: Final = (timedelta(days=1), timedelta(days=2), timedelta(days=5))
STALE_DAYS: Final = 10


class Explainer:
    """Finds reasons; remembers what was known after each month's end."""

    def __init__(self, ours: Ours) -> None:
        self._ours = ours
        self._then: dict[datetime, Ours] = {}

    def reason(self, found: Break) -> str:
        """Why the cell is as it is; empty when no way leads to it."""
        if found.portfolio is None:
            return "the fund is in no crosswalk"
        if found.cell.value is None:
            return f"the report shows {found.cell.text or 'nothing'}"
        if found.figure is None or found.valued_on is None:
            return "we have no figure of this month"
        return next(self._reasons(found, found.figure), UNEXPLAINED)

    def _reasons(self, found: Break, figure: Decimal) -> Iterator[str]:
        if _swapped(str(found.cell.value), str(found.cell.sheet.shown(figure))):
            yield "two digits are swapped"
        yield from self._known_then(found)
        if found.cell.sheet.name == "MONTH":
            yield from self._dietz(found)
        if found.cell.sheet.name == "YTD":
            yield from self._added(found)
        if found.cell.sheet.name == "NAV":
            yield from self._rates_of_the_eve(found)
            yield from self._stale(found, figure)

    def _agrees(self, found: Break, candidate: Decimal | None) -> bool:
        if candidate is None or found.cell.value is None:
            return False
        return found.cell.sheet.agrees(found.cell.value, candidate)

    def _known_then(self, found: Break) -> Iterator[str]:
        for after in MADE_AFTER:
            noon = datetime.combine(found.month_end + after, time(12), UTC)
            if noon >= self._ours.cut.known_at:
                continue
            then = self._then.setdefault(noon, Ours(queries.Cut(noon, most_records=None)))
            day = then.day(found.cell.month)
            if day is None or day != found.valued_on or found.portfolio is None:
                continue
            if self._agrees(found, then.figure(found.portfolio, found.cell.sheet.name, day)):
                yield f"as known on {noon:%Y-%m-%d}, before a later correction"
                return

    def _dietz(self, found: Break) -> Iterator[str]:
        start = date(*found.cell.month, 1)
        end = month_end(found.cell.month)
        days = [day for day in self._book(found).days if start <= day.valued_on <= end]
        flows = [(day.valued_on, day.inflow - day.outflow) for day in days]
        opening, closing = days[0].opening_value, days[-1].net_asset_value
        if self._agrees(found, modified_dietz(opening, closing, flows, end, end.day)):
            yield "Modified Dietz across a large flow"

    def _added(self, found: Break) -> Iterator[str]:
        year, last = found.cell.month
        added = Decimal(0)
        for month in range(1, last + 1):
            day = self._ours.day((year, month))
            if day and found.portfolio:
                added += self._ours.figure(found.portfolio, "MONTH", day) or 0
        if self._agrees(found, added):
            yield "months added up instead of linked"

    def _rates_of_the_eve(self, found: Break) -> Iterator[str]:
        book, position = self._book(found), self._position(found)
        base, total = book.portfolio.base_currency, Decimal(0)
        with digits():
            for held in book.held(position):
                if held.close is None or held.value is None:
                    return
                worth = self._ours.cut.market.cross(held.close.currency, base, position - 1)
                total += held.value * (worth or 0)
        if self._agrees(found, total):
            yield "exchange rates of the day before"

    def _stale(self, found: Break, figure: Decimal) -> Iterator[str]:
        book, position = self._book(found), self._position(found)
        base, market = book.portfolio.base_currency, self._ours.cut.market
        for held in book.held(position):
            if held.span.is_cash or held.close is None:
                continue
            for before in range(1, min(STALE_DAYS, position)):
                old = market.close(held.span.listing_id, position - before)
                worth = market.cross(old.currency, base, position) if old else None
                if old is None or worth is None or held.base_value is None:
                    continue
                value = figure - held.base_value + held.span.units * old.price * worth
                if old.price != held.close.price and self._agrees(found, value):
                    listing = Listing.objects.get(pk=held.span.listing_id)
                    yield f"stale price of {listing.key}, {old.priced_on}"
                    return

    def _book(self, found: Break) -> Book:
        if found.portfolio is None:
            raise LookupError(f"{found.cell.fund} is no portfolio of ours.")
        return self._ours.cut.books([found.portfolio.pk])[0]

    def _position(self, found: Break) -> int:
        position = self._ours.cut.position(found.valued_on) if found.valued_on else None
        if position is None:
            raise LookupError(f"{found.month_end} has no valuation day.")
        return position


def _swapped(cell: str, figure: str) -> bool:
    """True when exactly two digits stand in each other's place."""
    if len(cell) != len(figure):
        return False
    wrong = [(a, b) for a, b in zip(cell, figure, strict=True) if a != b]
    return len(wrong) == 2 and wrong[0] == wrong[1][::-1]
