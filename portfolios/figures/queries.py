"""The read functions of figures: called under an identity, in one transaction at one version.

Everything that pages, pushes and exports show comes from here; nothing reads around it.
"""

from portfolios.figures.aggregates import AggregateDay, Tiles, aggregate_series, tiles
from portfolios.figures.books import PortfolioRow, portfolio_ids, portfolio_table
from portfolios.figures.days import (
    NoSuchDay,
    currencies,
    head,
    knowledge_cut,
    resolve_as_of,
    valuation_days,
)
from portfolios.figures.firm import (
    CompositeRow,
    FirmDayRow,
    FirmMover,
    RiskRow,
    composites,
    desks,
    firm,
    firm_movers,
    firm_series,
    risks_firm,
)
from portfolios.figures.firm_then import firm_cut
from portfolios.figures.history import MonthReturn, Performance, performance
from portfolios.figures.holdings import (
    ExposureRow,
    ListingProfit,
    Mover,
    Movers,
    PositionRow,
    contributions,
    exposure,
    listing_profits,
    movers,
    positions,
)
from portfolios.figures.ledger import TransactionRow, transactions
from portfolios.figures.restated import Learnt, Restatement, learnt_since, restatements
from portfolios.figures.then.cut import Cut, NotKnown, TooMuch
from portfolios.models import Version

__all__ = [
    "AggregateDay",
    "CompositeRow",
    "Cut",
    "ExposureRow",
    "FirmDayRow",
    "FirmMover",
    "Learnt",
    "ListingProfit",
    "MonthReturn",
    "Mover",
    "Movers",
    "NoSuchDay",
    "NotKnown",
    "Performance",
    "PortfolioRow",
    "PositionRow",
    "Restatement",
    "RiskRow",
    "Tiles",
    "TooMuch",
    "TransactionRow",
    "Version",
    "aggregate_series",
    "composites",
    "contributions",
    "currencies",
    "desks",
    "exposure",
    "firm",
    "firm_cut",
    "firm_movers",
    "firm_series",
    "head",
    "knowledge_cut",
    "learnt_since",
    "listing_profits",
    "movers",
    "performance",
    "portfolio_ids",
    "portfolio_table",
    "positions",
    "resolve_as_of",
    "restatements",
    "risks_firm",
    "tiles",
    "transactions",
    "valuation_days",
]
