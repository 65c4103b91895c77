"""A knowledge cut: what was known at a moment, read once and valued when it is asked for."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Final, TypeVar

import pandas as pd
from django.core.exceptions import BadRequest
from django.db.models import Model, Q, QuerySet

from portfolios import statements
from portfolios.figures.then.book import Book, replayed
from portfolios.figures.then.known import Known
from portfolios.figures.then.market import Market
from portfolios.models import Listing, Portfolio, Transaction, ValuationDay
from portfolios.refresh.books import CASH, LEDGER_COLUMNS, CashListingMissing
from portfolios.valuation.calendar import ValuationCalendar
from portfolios.valuation.replay import Gap, Replay

T = TypeVar("T", bound=Model)

# What one look computes in a few seconds; more of it is for the worker.
MOST_RECORDS: Final = 40_000


# A page answers both as it does any request that it cannot meet: with their sentence.
class NotKnown(BadRequest):
    """What was asked for was not known at the moment; the message says what was."""


class TooMuch(BadRequest):
    """More was asked for than one look can compute; the message says what to ask for instead."""


class Cut:
    """What was known at a moment, to the identity in force.

    It belongs to one request or export and is thrown away with it: kept longer, it would answer
    under another identity.
    """

    def __init__(
        self,
        known_at: datetime,
        most_records: int | None = MOST_RECORDS,
        without: tuple[int, ...] = (),
    ) -> None:
        if known_at.tzinfo is None:
            raise ValueError("A knowledge cut is a moment: it needs a time zone.")
        self.known_at = known_at
        self.known = Known(known_at, without)
        self._most_records = most_records
        self._books: dict[int, Book | None] = {}
        self._gaps: dict[int, Gap] = {}
        self._records = 0

    def __str__(self) -> str:
        return f"{self.known_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

    @cached_property
    def _span(self) -> dict[str, date | datetime | None]:
        return statements.row("figures/then/known_span", **self.known.asked)

    @property
    def first_known_from(self) -> datetime | None:
        """When the first close became known: nothing has a value before."""
        return self._span["first_known_from"]  # type: ignore[return-value]

    @cached_property
    def axis(self) -> list[date]:
        """The eve of the first valuation day, then all valuation days that were known."""
        last = self._span["last_price_on"]
        rows = ValuationDay.objects.order_by("valued_on")
        found = rows.filter(valued_on__lte=last) if last else rows.none()
        days = list(found.values_list("valued_on", "previous_on"))
        return [days[0][1], *(day for day, _ in days)] if days else []

    @property
    def days(self) -> list[date]:
        """The valuation days that had a close, known then."""
        return self.axis[1:]

    @cached_property
    def market(self) -> Market:
        """Closes, rates and levels as believed then."""
        return Market(self.known, self.axis)

    def position(self, day: date) -> int | None:
        """Where a valuation day is on the market's axis; None when it is not."""
        return self.market.at.get(day)

    def knows(self, portfolio: Portfolio) -> bool:
        """True when anything of the portfolio had been recorded."""
        return self.believed().filter(portfolio=portfolio).exists()

    def believed(self) -> QuerySet[Transaction]:
        """The ledger with the highest version of each record known then."""
        return self.current(Transaction.objects.all())

    def current(self, facts: QuerySet[T]) -> QuerySet[T]:
        """The facts that were believed then."""
        stands = Q(known_to__isnull=True) | Q(known_to__gt=self.known_at)
        found = facts.filter(known_from__lte=self.known_at)
        if not self.known.without:
            return found.filter(stands)
        stands |= Q(ended_by_batch_id__in=self.known.without)
        return found.filter(stands).exclude(batch_id__in=self.known.without)

    def books(self, portfolio_ids: Sequence[int] | None = None) -> list[Book]:
        """The books of these portfolios (None: all visible) by id, those that were known then.

        Raises TooMuch.
        """
        wanted = list(self.portfolios if portfolio_ids is None else portfolio_ids)
        self._read([pk for pk in wanted if pk not in self._books])
        found = (self._books[pk] for pk in sorted(set(wanted)))
        return [book for book in found if book is not None]

    def gaps(self, portfolio_ids: Sequence[int] | None = None) -> dict[int, Gap]:
        """From when on some of these portfolios had no figures, by what was known then."""
        self.books(portfolio_ids)
        wanted = None if portfolio_ids is None else set(portfolio_ids)
        return {pk: gap for pk, gap in self._gaps.items() if wanted is None or pk in wanted}

    @property
    def told_gaps(self) -> dict[int, Gap]:
        """The gaps of all books that were read, those that were let go too."""
        return self._gaps

    def forget(self) -> None:
        """Let the books go that were read so far."""
        self._books.clear()

    @cached_property
    def portfolios(self) -> dict[int, Portfolio]:
        """The visible portfolios with their desks, by primary key."""
        return {one.pk: one for one in Portfolio.objects.select_related("desk").order_by("pk")}

    @cached_property
    def cash(self) -> dict[str, int]:
        """The cash listing of each currency."""
        listings = Listing.objects.filter(key__startswith=CASH).values_list("key", "pk")
        return {key.removeprefix(CASH): pk for key, pk in listings}

    def cash_listing(self, currency: str) -> int:
        """The listing that holds a currency's cash; raises CashListingMissing."""
        if currency not in self.cash:
            raise CashListingMissing(currency)
        return self.cash[currency]

    def _read(self, portfolio_ids: list[int]) -> None:
        if not portfolio_ids:
            return
        self._books.update(dict.fromkeys(portfolio_ids))
        if not self.days:
            return
        self.stay_small(portfolio_ids)
        ledgers = self.ledgers(portfolio_ids)
        cash = {pk: currency for currency, pk in self.cash.items()}
        self.market.load({pk for pk in ledgers["listing_id"] if pk is not None})
        calendar = ValuationCalendar(self.days)
        for pk, ledger in ledgers.groupby("portfolio_id", sort=True):
            portfolio = self.portfolios[pk]
            told = self.replayed(portfolio, ledger, calendar)
            if told.gap is not None:
                self._gaps[pk] = told.gap
            if told.first_on is not None:
                self._books[pk] = Book(portfolio, told, self.market, cash)

    def replayed(
        self, portfolio: Portfolio, ledger: pd.DataFrame, calendar: ValuationCalendar
    ) -> Replay:
        """What a ledger of the portfolio amounts to on this market."""
        return replayed(portfolio, ledger, self.market, calendar, self.cash_listing)

    def stay_small(self, portfolio_ids: list[int]) -> None:
        """Raises TooMuch where what was read, and these portfolios, are more than a look takes."""
        if self._most_records is None:
            return
        self._records += self.believed().filter(portfolio_id__in=portfolio_ids).count()
        if self._records > self._most_records:
            raise TooMuch(
                "Figures as known then are computed while you wait, from at most "
                f"{self._most_records:,} ledger records; these portfolios have more. "
                "Ask for fewer portfolios at a time."
            )

    def ledgers(self, portfolio_ids: Iterable[int]) -> pd.DataFrame:
        """The events of these portfolios as believed then: the columns of a replay."""
        found = statements.run(
            "figures/then/ledger", **self.known.asked, portfolios=list(portfolio_ids)
        )
        ledgers = pd.DataFrame(found, columns=LEDGER_COLUMNS, dtype=object)
        # A trade without charges has none.
        ledgers["charges"] = [charges or Decimal(0) for charges in ledgers["charges"]]
        return ledgers
