"""What is held on a day: positions, exposures, the day's movers, and profit by listing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portfolios.figures import ground
from portfolios.figures.days import eve_of
from portfolios.figures.structure import issuer_values
from portfolios.figures.then.cut import Cut
from portfolios.models import Portfolio
from portfolios.valuation.cost import ZERO

CASH = "Cash"


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A holding over the portfolios asked for; amounts in the reporting currency.

    ``price`` and ``value_price_currency`` are in the price's own major currency. ``change`` is
    the day's: value now − value before + trading cash + dividends. None where it does not apply:
    cash has no cost and no change, a listing without any price no value.
    """

    listing_id: int
    listing_key: str
    name: str
    security_type: str
    sector: str
    domicile: str
    units: Decimal
    price: Decimal | None
    priced_on: date | None
    price_currency: str
    value_price_currency: Decimal | None
    value: Decimal | None
    share: float | None
    change: Decimal | None
    cost: Decimal | None
    fifo_cost: Decimal | None
    portfolios: tuple[str, ...]

    @property
    def unrealised(self) -> Decimal | None:
        """Value less average cost."""
        return None if self.value is None or self.cost is None else self.value - self.cost

    @property
    def fifo_unrealised(self) -> Decimal | None:
        """Value less first in, first out cost."""
        both = self.value is not None and self.fifo_cost is not None
        return self.value - self.fifo_cost if both else None  # type: ignore[operator]

    @property
    def listing(self) -> str:
        """What the rows are ordered by when by listing."""
        return self.listing_key

    @property
    def type(self) -> str:
        """What the rows are ordered by when by type."""
        return self.security_type

    @property
    def units_places(self) -> int:
        """Decimal places that show the whole quantity; cash has two."""
        return 2 if self.security_type == CASH else places(self.units)


def places(amount: Decimal) -> int:
    """Decimal places needed to show the amount in full."""
    exponent = amount.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def positions(
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None = None,
    cut: Cut | None = None,
) -> list[PositionRow]:
    """Everything held on ``as_of``, one row per listing, by key."""
    asked = _asked(as_of, currency, portfolio_ids)
    held = ground.rows("position", cut, **asked)
    changes = {row["listing_id"]: row["change"] for row in _changes(asked, cut)}
    total = sum((row["value"] for row in held if row["value"] is not None), ZERO)
    return [
        PositionRow(
            **{name: row[name] for name in row if name != "portfolios"},
            portfolios=tuple(row["portfolios"]),
            share=float(row["value"] / total) if total and row["value"] is not None else None,
            change=changes.get(row["listing_id"]),
        )
        for row in held
    ]


@dataclass(frozen=True, slots=True)
class Mover:
    """What a listing did to the day: change in the reporting currency, and to the return."""

    listing_id: int
    listing_key: str
    name: str
    change: Decimal
    contribution: float | None


@dataclass(frozen=True, slots=True)
class Movers:
    """The listings that added most to the day's return, and those that took most away."""

    contributors: list[Mover]
    detractors: list[Mover]


def movers(
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None = None,
    top: int = 5,
    cut: Cut | None = None,
) -> Movers:
    """The day's contributors and detractors, most first."""
    moved = contributions(as_of, currency, portfolio_ids, cut)
    return Movers(
        contributors=[mover for mover in moved if mover.change > 0][:top],
        detractors=[mover for mover in reversed(moved) if mover.change < 0][:top],
    )


def contributions(
    as_of: date,
    currency: str,
    portfolio_ids: Sequence[int] | None = None,
    cut: Cut | None = None,
) -> list[Mover]:
    """Contribution of every listing to the day: change / (V0 + IN), largest first."""
    asked = _asked(as_of, currency, portfolio_ids)
    invested = _invested(asked, cut)
    return [
        Mover(**row, contribution=float(row["change"] / invested) if invested else None)
        for row in _changes(asked, cut)
        if row["change"] is not None
    ]


def _changes(asked: dict[str, Any], cut: Cut | None) -> list[dict[str, Any]]:
    eve = eve_of(asked["as_of"])
    return ground.rows("listing_change", cut, eve=eve, **asked)


def _invested(asked: dict[str, Any], cut: Cut | None) -> Decimal:
    """V0 + IN of the day."""
    as_of = asked["as_of"]
    sums = ground.rows(
        "aggregate_day",
        cut,
        start=eve_of(as_of) or as_of,
        until=as_of,
        currency=asked["currency"],
        portfolio_ids=asked["portfolio_ids"],
    )
    before = [row["net_asset_value"] for row in sums if row["valued_on"] < as_of]
    inflow = [row["external_inflow"] for row in sums if row["valued_on"] == as_of]
    return sum(before + inflow, ZERO)


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """A bucket of a breakdown: value in the reporting currency and share of the total."""

    bucket: str
    value: Decimal
    share: float


def exposure(
    as_of: date,
    currency: str,
    breakdown: str,
    portfolio_ids: Sequence[int] | None = None,
    cut: Cut | None = None,
) -> list[ExposureRow]:
    """The buckets of ``breakdown``, largest first.

    It is currency, sector, security_type, domicile or issuer.
    """
    asked = _asked(as_of, currency, portfolio_ids)
    if breakdown == "issuer":
        rows = issuer_values(as_of, currency, portfolio_ids, cut)
    else:
        rows = ground.rows("exposure", cut, breakdown=breakdown, **asked)
    total = sum((row["value"] for row in rows), ZERO)
    return [ExposureRow(**row, share=float(row["value"] / total) if total else 0.0) for row in rows]


@dataclass(frozen=True, slots=True)
class ListingProfit:
    """Profit of a listing that was ever held, in base currency, by both cost methods."""

    listing_key: str
    name: str
    units: Decimal
    average_realised: Decimal
    fifo_realised: Decimal
    average_unrealised: Decimal
    fifo_unrealised: Decimal

    @property
    def total(self) -> Decimal:
        """Realised and unrealised together: the same by either method."""
        return self.average_realised + self.average_unrealised


def listing_profits(
    portfolio: Portfolio, as_of: date, cut: Cut | None = None
) -> list[ListingProfit]:
    """Profit of every listing that the portfolio ever held up to ``as_of``, by key."""
    rows = ground.rows("listing_profit", cut, portfolio_id=portfolio.pk, as_of=as_of)
    return [ListingProfit(**row) for row in rows]


def _asked(as_of: date, currency: str, portfolio_ids: Sequence[int] | None) -> dict[str, Any]:
    ids = None if portfolio_ids is None else list(portfolio_ids)
    return {"as_of": as_of, "currency": currency, "portfolio_ids": ids}
