"""Stage three: replay of the books at work, merged where they differ."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

import pandas as pd
from django.db import connection

from portfolios import statements
from portfolios.models import Listing, Portfolio
from portfolios.valuation.calendar import ValuationCalendar
from portfolios.valuation.market import Closes, Rates, Unvaluable
from portfolios.valuation.replay import (
    ACTIVITY_COLUMNS,
    LISTING_COLUMNS,
    STATE_COLUMNS,
    Replay,
    replay,
)
from portfolios.valuation.units import to_major

# So many books are in memory at once.
BOOKS_AT_ONCE = 50
CASH = "CASH:"
LEDGER_COLUMNS = [
    "portfolio_id",
    "kind",
    "effective_on",
    "executed_at",
    "source",
    "source_reference",
    "listing_id",
    "units",
    "currency",
    "gross_amount",
    "charges",
    "cash_effect",
    "second_currency",
    "second_cash_effect",
    "split_new",
    "split_old",
]


class CashListingMissing(Unvaluable):
    """A currency is booked that has no cash listing."""

    def __init__(self, currency: str) -> None:
        super().__init__(f"There is no listing {CASH}{currency}: cash of it cannot be held.")


def replay_affected(portfolios: Sequence[int], calendar: ValuationCalendar) -> int:
    """Replay the books of these portfolios and merge what differs; returns how many there were."""
    statements.run("refresh/41_fresh_books")
    rates = _rates() if portfolios else Rates([])
    for start in range(0, len(portfolios), BOOKS_AT_ONCE):
        some = list(portfolios[start : start + BOOKS_AT_ONCE])
        _copy_replays(list(_replays(some, calendar, rates)))
    statements.run("refresh/45_merge_books")
    statements.run("refresh/46_merge_gaps")
    return len(portfolios)


def _replays(
    portfolios: list[int], calendar: ValuationCalendar, rates: Rates
) -> Iterator[tuple[int, Replay]]:
    ledgers = pd.DataFrame(
        statements.run("refresh/42_ledger", portfolios=portfolios),
        columns=LEDGER_COLUMNS,
        dtype=object,
    )
    # A trade without charges has none.
    ledgers["charges"] = [charges or Decimal(0) for charges in ledgers["charges"]]
    closes = _transfer_closes(portfolios)
    bases = dict(Portfolio.objects.filter(pk__in=portfolios).values_list("pk", "base_currency"))
    cash = _CashListings()
    # They come portfolio by portfolio.
    events = ledgers.itertuples(index=False)
    for portfolio_id, ledger in groupby(events, key=attrgetter("portfolio_id")):
        yield (
            portfolio_id,
            replay(
                ledger,
                base_currency=bases[portfolio_id],
                calendar=calendar,
                rates=rates,
                closes=closes,
                cash_listing=cash.of,
            ),
        )


class _CashListings:
    """The listing of each currency's cash."""

    def __init__(self) -> None:
        listings = Listing.objects.filter(key__startswith=CASH).values_list("key", "pk")
        self._ids = {key.removeprefix(CASH): pk for key, pk in listings}

    def of(self, currency: str) -> int:
        """Primary key of the currency's cash listing."""
        if currency not in self._ids:
            raise CashListingMissing(currency)
        return self._ids[currency]


def _rates() -> Rates:
    return Rates(statements.run("refresh/44_fixings"))


def _transfer_closes(portfolios: list[int]) -> Closes:
    closes, currencies = [], {}
    for listing, on, price, unit in statements.run(
        "refresh/43_transfer_closes", portfolios=portfolios
    ):
        major, currencies[listing] = to_major(price, unit)
        closes.append((listing, on, major))
    return Closes(closes, currencies)


def _copy_replays(replays: Sequence[tuple[int, Replay]]) -> None:
    _copy("fresh_state", STATE_COLUMNS, ((pk, one.state_rows) for pk, one in replays))
    _copy("fresh_activity", ACTIVITY_COLUMNS, ((pk, one.activity_rows) for pk, one in replays))
    _copy(
        "fresh_listing_activity",
        LISTING_COLUMNS,
        ((pk, one.listing_rows) for pk, one in replays),
    )
    lives = ((pk, [(one.first_on, one.last_on)]) for pk, one in replays if one.first_on)
    _copy("fresh_life", ["first_on", "last_on"], lives)
    gaps = ((pk, [(one.gap.from_on, one.gap.reason)]) for pk, one in replays if one.gap)
    _copy("fresh_gap", ["from_on", "reason"], gaps)


def _copy(
    table: str, columns: Iterable[str], books: Iterable[tuple[int, Iterable[tuple[Any, ...]]]]
) -> None:
    """COPY rows of some portfolios into one of the tables of this module's own."""
    names = ", ".join(["portfolio_id", *columns])
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
    ):
        for portfolio_id, rows in books:
            for values in rows:
                copy.write_row((portfolio_id, *values))
