"""What each holding added to the return and to the profit of a span, and sums by group."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Final

import numpy as np

from portfolios.figures.courses import UNCLASSIFIED, Course, sector_group
from portfolios.figures.spans import Span
from portfolios.performance import linking
from portfolios.valuation.cost import ZERO

REST: Final = "Cash, currency and fees"


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
    def gross(self) -> float:
        """Return of the span before the management fee."""
        return self.span.gross

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
    invested = np.array([float(day.invested) for day in span.days])
    is_counted = invested > 0
    # On a day on which nothing was invested no holding has a share, and none adds to the return.
    per_unit = np.where(is_counted, 1.0 / np.where(is_counted, invested, 1.0), 0.0)
    shares = per_unit / max(int(is_counted.sum()), 1)
    factors = None if linked is None else np.array(linked) * per_unit
    told = [_told(course, shares, factors) for course in span.courses]
    return Contributions(
        span,
        listings=[row for row in told if not row.is_cash],
        cash=[row for row in told if row.is_cash],
    )


_SHARED: Final = frozenset(one.name for one in fields(ListingContribution))


def _told(course: Course, shares: np.ndarray, factors: np.ndarray | None) -> ListingContribution:
    """Weight is Σ opening value × share, contribution Σ change × factor of the day."""
    opening, change = course.values[:-1], np.diff(course.values) + course.moved[1:]
    has_none = factors is None or course.is_cash
    return ListingContribution(
        **{one.name: getattr(course, one.name) for one in fields(course) if one.name in _SHARED},
        weight=float(opening @ shares),
        contribution=None if has_none else float(change @ factors),
    )


def _bucket(row: ListingContribution, breakdown: str) -> str:
    if breakdown == "sector":
        return sector_group(row.security_type, row.sector)
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
