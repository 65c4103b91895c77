"""What has changed since a knowledge cut: headline figures then and now, and what was learnt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from portfolios import statements
from portfolios.figures.books import PortfolioRow, portfolio_table
from portfolios.figures.then.cut import Cut
from portfolios.models import Portfolio, Transaction
from portfolios.valuation.market import PIVOT

# Below what any page or file shows of an amount, and below the noise of a linked return.
_AMOUNT: Final = Decimal("0.005")
_RATIO: Final = 5e-11

# Attribute of a portfolio's row: the figure's name, its label.
_HEADLINES: Final = {
    "net_asset_value_base": ("net_asset_value_base", "Net asset value"),
    "month": ("return_net_month", "Month to date"),
    "quarter": ("return_net_quarter", "Quarter to date"),
    "year": ("return_net_year", "Year to date"),
    "inception": ("return_net_inception", "Since inception"),
}


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure as known then and as known now; None where it does not apply."""

    key: str
    label: str
    then: Any
    now: Any

    @property
    def is_money(self) -> bool:
        """True for an amount, false for a ratio."""
        return self.key == "net_asset_value_base"

    @property
    def difference(self) -> Any:
        """Now less then; None where either is missing."""
        return None if self.then is None or self.now is None else self.now - self.then

    @property
    def is_restated(self) -> bool:
        """True when what is known now says something else."""
        if self.difference is None:
            return self.then is not self.now
        return abs(self.difference) >= (_AMOUNT if self.is_money else _RATIO)


@dataclass(frozen=True, slots=True)
class Restatement:
    """A portfolio's headline figures of one day, then and now, in its base currency."""

    code: str
    name: str
    base_currency: str
    headlines: tuple[Headline, ...]

    @property
    def is_restated(self) -> bool:
        """True when any headline figure differs."""
        return any(headline.is_restated for headline in self.headlines)


@dataclass(frozen=True, slots=True)
class Learnt:
    """A record that became known after the cut, with its place in the source as received."""

    kind: str
    what: str
    event: str
    subject: str | None
    touches_on: date
    learnt_at: datetime
    was: Decimal | None
    value: Decimal | None
    unit: str
    source: str
    source_reference: str
    transaction_id: int | None
    batch_id: int
    file_id: int
    line_no: int

    @property
    def line_path(self) -> str:
        """Where the source line is, below the address of files."""
        return f"{self.file_id}/lines/{self.line_no}/"

    @property
    def batch_path(self) -> str:
        """Where the batch is that brought it, below the address of batches."""
        return f"{self.batch_id}/"

    @property
    def words(self) -> str:
        """What it is: ``Purchase amended``, ``Close restated``."""
        names = {"price": "Close", "fixing": "Fixing"}
        name = names.get(self.kind) or Transaction.Kind(self.event).label
        return f"{name} {self.what}"


def restatements(
    as_of: date, cut: Cut, portfolio_ids: Sequence[int] | None = None
) -> list[Restatement]:
    """The portfolios that had figures on ``as_of`` then, by code."""
    now = {row.id: row for row in portfolio_table(as_of, PIVOT, portfolio_ids)}
    return [
        Restatement(
            code=then.code,
            name=then.name,
            base_currency=then.base_currency,
            headlines=_headlines(then, now.get(then.id)),
        )
        for then in portfolio_table(as_of, PIVOT, portfolio_ids, cut)
    ]


def learnt_since(portfolio: Portfolio, as_of: date, cut: Cut) -> list[Learnt]:
    """Records that became known after the cut and touch the portfolio's figures of ``as_of``."""
    rows = statements.rows(
        "figures/then/learnt_since",
        portfolio_id=portfolio.pk,
        as_of=as_of,
        **cut.known.asked,
        pivot=PIVOT,
    )
    return [Learnt(**row) for row in rows]


def _headlines(then: PortfolioRow, now: PortfolioRow | None) -> tuple[Headline, ...]:
    return tuple(
        Headline(name, label, getattr(then, key), getattr(now, key) if now else None)
        for key, (name, label) in _HEADLINES.items()
    )
