"""Tables of the portfolios app, in the order of the way of the data."""

from portfolios.figures.findings import PortfolioFinding
from portfolios.figures.models import (
    BenchmarkDay,
    DeskDay,
    ExposureDay,
    FirmDay,
    FirmMoverDay,
    PortfolioDay,
    PositionDaily,
)
from portfolios.models.access import GrantReview, PortfolioGroupGrant, PortfolioUserGrant
from portfolios.models.custody import CustodyHolding, CustodyPosting
from portfolios.models.derived import (
    ActivityDaily,
    Affected,
    BasePriceDaily,
    FxDaily,
    HoldingState,
    ListingActivity,
    MappedShare,
    PortfolioGap,
    PortfolioLife,
    PriceDaily,
    RefreshRun,
    SourceInput,
    ValuationDay,
    Version,
)
from portfolios.models.firm_then import FirmCut, FirmCutDay, FirmCutMover
from portfolios.models.market import (
    Benchmark,
    CorporateAction,
    FxFixing,
    IndexLevel,
    IndexWeight,
    MarketSession,
    Price,
)
from portfolios.models.period import ClosedFigure, ClosedRestatement, PeriodClose
from portfolios.models.reference import Desk, Instrument, Issuer, Listing, Portfolio, Venue
from portfolios.models.transaction import Transaction

__all__ = [
    "ActivityDaily",
    "Affected",
    "BasePriceDaily",
    "Benchmark",
    "BenchmarkDay",
    "ClosedFigure",
    "ClosedRestatement",
    "CorporateAction",
    "CustodyHolding",
    "CustodyPosting",
    "Desk",
    "DeskDay",
    "ExposureDay",
    "FirmCut",
    "FirmCutDay",
    "FirmCutMover",
    "FirmDay",
    "FirmMoverDay",
    "FxDaily",
    "FxFixing",
    "GrantReview",
    "HoldingState",
    "IndexLevel",
    "IndexWeight",
    "Instrument",
    "Issuer",
    "Listing",
    "ListingActivity",
    "MappedShare",
    "MarketSession",
    "PeriodClose",
    "Portfolio",
    "PortfolioDay",
    "PortfolioFinding",
    "PortfolioGap",
    "PortfolioGroupGrant",
    "PortfolioLife",
    "PortfolioUserGrant",
    "PositionDaily",
    "Price",
    "PriceDaily",
    "RefreshRun",
    "SourceInput",
    "Transaction",
    "ValuationDay",
    "Venue",
    "Version",
]
