"""Replay of one portfolio's effective ledger into holding states and daily activity."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from portfolios.valuation.book import Book
from portfolios.valuation.calendar import ValuationCalendar
from portfolios.valuation.market import PIVOT, Closes, Rates, Unvaluable
from portfolios.valuation.sequence import in_order


class StateRow(NamedTuple):
    """A holding in a span in which nothing changed; ``to_on`` is None while it lasts."""

    listing_id: Any
    from_on: date
    to_on: date | None
    units: Decimal
    average_cost: Decimal | None
    fifo_cost: Decimal | None
    average_realised: Decimal | None
    fifo_realised: Decimal | None


class ActivityRow(NamedTuple):
    """What a day did to a portfolio, in base currency; realised profit is cumulated."""

    valued_on: date
    external_inflow: Decimal
    external_outflow: Decimal
    management_fee: Decimal
    safekeeping_fee: Decimal
    dividend_income: Decimal
    average_realised: Decimal
    fifo_realised: Decimal


class ListingRow(NamedTuple):
    """What a day did to a listing, in base currency."""

    listing_id: Any
    valued_on: date
    traded_cash: Decimal
    dividend_income: Decimal


STATE_COLUMNS = StateRow._fields
ACTIVITY_COLUMNS = ActivityRow._fields
LISTING_COLUMNS = ListingRow._fields
_OF_DAY = attrgetter(*ACTIVITY_COLUMNS[1:6])
_OF_LISTING = attrgetter(*LISTING_COLUMNS[2:])

# Division inside a replay keeps more digits than any column, so that the order of lots and rates
# leaves nothing visible; columns hold ten decimals.
PRECISION = 40
_STORED = Decimal("1e-10")

State = tuple[Any, ...]


@dataclass(frozen=True)
class Gap:
    """From which valuation day on a portfolio's figures are unknown, and why."""

    from_on: date
    reason: str


@dataclass(frozen=True)
class Replay:
    """What a ledger amounts to, in base currency and on valuation days.

    ``state_rows``: one StateRow per listing (cash is one per currency) and span from_on … to_on in
    which nothing changed; to_on is None while it lasts. ``activity_rows``: one ActivityRow per day
    on which something happened. ``listing_rows``: a ListingRow per day and listing.
    ``first_on`` and ``last_on`` bound the portfolio's life: last_on is the day on which it became
    empty, None while it holds anything. ``gap`` says that nothing is known from a day on: states,
    activity and life end on the valuation day before it.
    """

    state_rows: list[State]
    activity_rows: list[State]
    listing_rows: list[State]
    first_on: date | None
    last_on: date | None
    gap: Gap | None = None


def replay(
    ledger: Iterable[Any],
    *,
    base_currency: str,
    calendar: ValuationCalendar,
    rates: Rates,
    closes: Closes,
    cash_listing: Callable[[str], Hashable],
) -> Replay:
    """The states and activity of one portfolio's effective ledger: events as Transaction has them.

    An event whose currency has no fixing on or before its day, or no cash listing, ends what is
    known, and so does a base currency without a fixing: the figures of that day and after are
    neither zero nor over, but unknown.
    """
    recorder = _Recorder(calendar)
    book = Book(base_currency, rates, closes, cash_listing)
    with localcontext() as context:
        context.prec = PRECISION
        for day, events in groupby(in_order(ledger, calendar), key=itemgetter(0)):
            book.open_day()
            try:
                # Without it no sum and no comparison could take the portfolio in.
                rates.rate(base_currency, PIVOT, day)
                for _, event in events:
                    book.apply(day, event)
            except Unvaluable as unknown:
                return recorder.result(Gap(day, str(unknown)))
            recorder.close_day(day, book)
    return recorder.result()


class _Recorder:
    """Collects what each day left behind."""

    def __init__(self, calendar: ValuationCalendar) -> None:
        self._calendar = calendar
        self._spans: dict[Hashable, list[State]] = {}
        self._activity: list[State] = []
        self._listings: list[State] = []

    def close_day(self, day: date, book: Book) -> None:
        """Record the holdings the day touched, and its activity."""
        for listing in book.touched:
            self._record_state(day, listing, _snapshot(book, listing))
        self._activity.append((day, *_stored(_OF_DAY(book.activity)), *_stored(book.realised)))
        for listing, activity in book.listing_activity.items():
            self._listings.append((listing, day, *_stored(_OF_LISTING(activity))))

    def _record_state(self, day: date, listing: Hashable, snapshot: State) -> None:
        spans = self._spans.setdefault(listing, [])
        if spans and spans[-1][3:] == snapshot:
            return
        if spans:
            before = self._calendar.before(day)
            spans[-1] = (*spans[-1][:2], before, *spans[-1][3:])
        spans.append((listing, day, None, *snapshot))

    def result(self, gap: Gap | None = None) -> Replay:
        """Everything recorded; with a gap all of it ends the day before."""
        rows = [span for spans in self._spans.values() for span in spans]
        alive = any(span[2] is None and span[3] for span in rows)
        days = [row[0] for row in self._activity]
        last_on = None if alive or not rows else max(span[1] for span in rows)
        if gap is not None and alive:
            last_on = self._calendar.before(gap.from_on)
            rows = [(*span[:2], span[2] or last_on, *span[3:]) for span in rows]
        return Replay(
            state_rows=rows,
            activity_rows=self._activity,
            listing_rows=self._listings,
            first_on=min(days, default=None),
            last_on=last_on,
            gap=gap,
        )


def _snapshot(book: Book, listing: Hashable) -> State:
    """Units, costs and realised profit of a listing; cash has no cost."""
    if listing in book.cash:
        return (*_stored((book.cash[listing],)), None, None, None, None)
    held = book.holdings[listing]
    amounts = (
        held.units,
        held.average_cost,
        held.fifo_cost,
        held.average_realised,
        held.fifo_realised,
    )
    return _stored(amounts)


def _stored(amounts: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    return tuple(amount.quantize(_STORED) for amount in amounts)
