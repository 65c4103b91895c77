"""What each holding added to the return and to the profit of a span, and sums by group."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from portfolios.figures import ground
from portfolios.figures.spans import Span
from portfolios.performance import linking
from portfolios.valuation.cost import ZERO

REST: Final = "Cash, currency and fees"
UNCLASSIFIED: Final = "Unclassified"
FUND: Final = "Fund"


@dataclass(frozen=True, slots=True)
class ListingContribution:
    """A holding over a span; amounts in the reporting currency, each day at its own fixings.

    ``currency_effect`` is what exchange rates made of its value, ``price_effect`` the rest of its
    profit without income. ``weight`` is its average share of what was invested, ``contribution``
    its part of the net return, linked by Carino; None after a total loss, and for cash, which is
    in the rest.
    """

    listing_id: int
    listing_key: str
    name: str
    security_type: str
    sector: str
    domicile: str
    issuer: str
    currency: str
    is_cash: bool
    opening_value: Decimal
    closing_value: Decimal
    traded_cash: Decimal
    dividend_income: Decimal
    currency_effect: Decimal
    weight: float
    contribution: float | None

    @property
    def profit(self) -> Decimal:
        """Value after − value before + cash of trades (negative for purchases) + income."""
        change = self.closing_value - self.opening_value
        return change + self.traded_cash + self.dividend_income

    @property
    def price_effect(self) -> Decimal:
        """Profit without income and without what exchange rates made."""
        return self.profit - self.dividend_income - self.currency_effect


@dataclass(frozen=True, slots=True)
class GroupContribution:
    """A bucket of a breakdown over a span: the sum of its holdings."""

    bucket: str
    weight: float
    contribution: float | None
    profit: Decimal
    price_effect: Decimal
    currency_effect: Decimal
    dividend_income: Decimal


@dataclass(frozen=True)
class Contributions:
    """The holdings of a span by key, cash apart; with the rest they sum to the net return."""

    span: Span
    listings: list[ListingContribution]
    cash: list[ListingContribution]

    @property
    def total(self) -> float:
        """Net return of the span."""
        return self.span.net

    @property
    def rest(self) -> float | None:
        """What cash, currency deals and fees added to the return."""
        parts = [row.contribution for row in self.listings]
        if any(part is None for part in parts):
            return None
        return self.total - sum(part for part in parts if part is not None)

    @property
    def rest_weight(self) -> float:
        """Average share of what was invested that was in no listing."""
        return 1.0 - sum(row.weight for row in self.listings)

    def by(self, breakdown: str) -> list[GroupContribution]:
        """Sums by sector, security_type, domicile, currency or issuer; largest profit first.

        ``currency`` is that of the price; cash is left out, as in the rows.
        """
        buckets: dict[str, list[ListingContribution]] = {}
        for row in self.listings:
            buckets.setdefault(_bucket(row, breakdown), []).append(row)
        groups = [_summed(bucket, rows) for bucket, rows in buckets.items()]
        return sorted(groups, key=lambda group: (-group.profit, group.bucket))


def contributions_of(span: Span) -> Contributions:
    """What every holding of the span did."""
    linked = linking.factors(span.returns)
    invested = [day.invested for day in span.days]
    counted = sum(1 for amount in invested if amount > 0)
    factors = [
        k / float(amount) if amount > 0 else 0.0
        for k, amount in zip(linked or [0.0] * len(invested), invested, strict=True)
    ]
    shares = [1.0 / float(amount) / counted if amount > 0 else 0.0 for amount in invested]
    rows = ground.rows(
        "listing_period",
        span.cut,
        **span.asked(),
        days=[span.opens_on, *(day.valued_on for day in span.days)],
        factors=[0.0, *factors],
        shares=[0.0, *shares],
    )
    told = [ListingContribution(**_known(row, known=linked is not None)) for row in rows]
    return Contributions(
        span,
        listings=[row for row in told if not row.is_cash],
        cash=[row for row in told if row.is_cash],
    )


def _known(row: dict[str, Any], *, known: bool) -> dict[str, Any]:
    """A row with its contribution left out where it has none."""
    return row if known and not row["is_cash"] else row | {"contribution": None}


def _bucket(row: ListingContribution, breakdown: str) -> str:
    if breakdown == "sector" and row.security_type in ("ETF", FUND):
        return FUND
    return str(getattr(row, breakdown)) or UNCLASSIFIED


def _summed(bucket: str, rows: Iterable[ListingContribution]) -> GroupContribution:
    held = list(rows)
    parts = [row.contribution for row in held]
    missing = any(part is None for part in parts)
    return GroupContribution(
        bucket=bucket,
        weight=sum(row.weight for row in held),
        contribution=None if missing else sum(part for part in parts if part is not None),
        profit=sum((row.profit for row in held), ZERO),
        price_effect=sum((row.price_effect for row in held), ZERO),
        currency_effect=sum((row.currency_effect for row in held), ZERO),
        dividend_income=sum((row.dividend_income for row in held), ZERO),
    )
