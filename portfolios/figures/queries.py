"""The read functions of figures: called under an identity, in one transaction at one version.

Everything that pages, pushes and exports show comes from here; nothing reads around it.
"""

from portfolios.figures.aggregates import AggregateDay, Tiles, aggregate_series, tiles
from portfolios.figures.ahead import read_book, read_firm, read_portfolio, read_span, read_table
from portfolios.figures.attributed import Attributed, attributed
from portfolios.figures.books import PortfolioRow, portfolio_ids, portfolio_table, visible
from portfolios.figures.bridge import value_bridge
from portfolios.figures.composites import CompositePeriods, composite_periods
from portfolios.figures.contributed import (
    Contributions,
    GroupContribution,
    ListingContribution,
    contributions_of,
)
from portfolios.figures.days import (
    NoSuchDay,
    currencies,
    head,
    knowledge_cut,
    resolve_as_of,
    valuation_days,
    version_cut,
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
from portfolios.figures.gaps import MissingFigures, missing_figures, missing_from_firm
from portfolios.figures.history import FlowRules, Performance, book_performance, performance
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
from portfolios.figures.lots import OpenLot, open_lots
from portfolios.figures.periods import PeriodState, period_state
from portfolios.figures.restated import Learnt, Restatement, learnt_since, restatements
from portfolios.figures.spans import Span, opening_day, span
from portfolios.figures.structure import Exchanged, Structure, exchanged, structure
from portfolios.figures.then.cut import Cut, NotKnown, TooMuch
from portfolios.models import Version
from portfolios.performance.calendar_table import MonthReturn, YearReturn
from portfolios.performance.value_bridge import ValueBridge

__all__ = [
    "AggregateDay",
    "Attributed",
    "CompositePeriods",
    "CompositeRow",
    "Contributions",
    "Cut",
    "Exchanged",
    "ExposureRow",
    "FirmDayRow",
    "FirmMover",
    "FlowRules",
    "GroupContribution",
    "Learnt",
    "ListingContribution",
    "ListingProfit",
    "MissingFigures",
    "MonthReturn",
    "Mover",
    "Movers",
    "NoSuchDay",
    "NotKnown",
    "OpenLot",
    "Performance",
    "PeriodState",
    "PortfolioRow",
    "PositionRow",
    "Restatement",
    "RiskRow",
    "Span",
    "Structure",
    "Tiles",
    "TooMuch",
    "TransactionRow",
    "ValueBridge",
    "Version",
    "YearReturn",
    "aggregate_series",
    "attributed",
    "book_performance",
    "composite_periods",
    "composites",
    "contributions",
    "contributions_of",
    "currencies",
    "desks",
    "exchanged",
    "exposure",
    "firm",
    "firm_cut",
    "firm_movers",
    "firm_series",
    "head",
    "knowledge_cut",
    "learnt_since",
    "listing_profits",
    "missing_figures",
    "missing_from_firm",
    "movers",
    "open_lots",
    "opening_day",
    "performance",
    "period_state",
    "portfolio_ids",
    "portfolio_table",
    "positions",
    "read_book",
    "read_firm",
    "read_portfolio",
    "read_span",
    "read_table",
    "resolve_as_of",
    "restatements",
    "risks_firm",
    "span",
    "structure",
    "tiles",
    "transactions",
    "valuation_days",
    "value_bridge",
    "version_cut",
    "visible",
]
