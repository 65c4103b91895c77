"""A portfolio's transactions, as known now or at an earlier moment."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from portfolios.figures.holdings import places
from portfolios.models import Listing, Portfolio, Transaction

_COPIED = (
    "id",
    "kind",
    "effective_on",
    "settles_on",
    "executed_at",
    "units",
    "unit_price",
    "price_unit",
    "currency",
    "gross_amount",
    "charges",
    "tax_withheld",
    "cash_effect",
    "second_currency",
    "second_cash_effect",
    "split_new",
    "split_old",
    "remark",
    "source",
    "source_reference",
    "source_version",
    "known_from",
    "batch_id",
    "file_id",
    "line_no",
)


@dataclass(frozen=True, slots=True)
class TransactionRow:
    """One event of the ledger in the version that was known, with its place in the source."""

    id: int
    kind: str
    kind_label: str
    effective_on: date
    settles_on: date | None
    executed_at: datetime | None
    listing_key: str
    listing_name: str
    units: Decimal | None
    unit_price: Decimal | None
    price_unit: str
    currency: str
    gross_amount: Decimal | None
    charges: Decimal | None
    tax_withheld: Decimal | None
    cash_effect: Decimal | None
    second_currency: str
    second_cash_effect: Decimal | None
    split_new: Decimal | None
    split_old: Decimal | None
    remark: str
    source: str
    source_reference: str
    source_version: int
    known_from: datetime
    batch_id: int
    file_id: int
    line_no: int

    @property
    def listing(self) -> str:
        """What the rows are ordered by when by listing."""
        return self.listing_key

    @property
    def units_places(self) -> int:
        """Decimal places that show the whole quantity."""
        return places(self.units) if self.units is not None else 0


def transactions(
    portfolio: Portfolio,
    start: date,
    end: date,
    listing: Listing | None = None,
    known_at: datetime | None = None,
) -> list[TransactionRow]:
    """Events effective from ``start`` to ``end``, both included, in order.

    ``known_at`` answers with what was known at that moment; without it, with what is known now.
    """
    found = effective(known_at).filter(
        portfolio=portfolio, effective_on__gte=start, effective_on__lte=end
    )
    if listing is not None:
        found = found.filter(listing=listing)
    return [_row(event) for event in found.order_by("effective_on", "executed_at", "id")]


def effective(known_at: datetime | None) -> QuerySet[Transaction]:
    """The ledger with the highest version of each record known then (now, without a moment)."""
    ledger = Transaction.objects.select_related("listing__instrument")
    if known_at is None:
        return ledger.filter(known_to__isnull=True)
    return ledger.filter(
        Q(known_to__isnull=True) | Q(known_to__gt=known_at), known_from__lte=known_at
    )


def _row(event: Transaction) -> TransactionRow:
    listing = event.listing
    return TransactionRow(
        kind_label=event.get_kind_display(),
        listing_key=listing.key if listing else "",
        listing_name=listing.instrument.name if listing else "",
        **{name: getattr(event, name) for name in _COPIED},
    )
