"""What the feeder needs to know of the present: last day, last prices, who holds what."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ingestion.models import SourceFile
from portfolios.models import FxFixing, HoldingState, IndexLevel, MarketSession, Price

# Days of a demo are the sessions of the exchange that values it.
REFERENCE_MIC = "XLON"
PREFIX = "demo-feed"


@dataclass(frozen=True)
class Quote:
    """The current price of a listing on the last day, and its revision."""

    listing_id: int
    figi: str
    operating_mic: str
    price: Decimal
    unit: str
    revision: int


def tick_number() -> int:
    """How many turns the feeder has had so far (each drops one file of quotes): the next seed."""
    turns = SourceFile.objects.filter(name__startswith=f"{PREFIX}-quotes-", duplicate_of=None)
    return turns.count()


def last_day() -> date | None:
    """The newest day with prices on the reference exchange."""
    newest = (
        Price.objects.filter(listing__operating_mic=REFERENCE_MIC)
        .order_by("-priced_on")
        .values_list("priced_on", flat=True)
    )
    return newest.first()


def next_day(after: date) -> date | None:
    """The reference exchange's next session, as far as the vendor's calendar goes."""
    return (
        MarketSession.objects.filter(operating_mic=REFERENCE_MIC, open_on__gt=after)
        .order_by("open_on")
        .values_list("open_on", flat=True)
        .first()
    )


def open_venues(day: date) -> set[str]:
    """Operating MICs that trade on the day."""
    return set(MarketSession.objects.filter(open_on=day).values_list("operating_mic", flat=True))


def quotes(day: date) -> list[Quote]:
    """Current prices of the day, by FIGI."""
    found = Price.objects.filter(priced_on=day, known_to=None).select_related("listing")
    return sorted(
        (
            Quote(
                price.listing_id,
                price.listing.figi or "",
                price.listing.operating_mic,
                price.price,
                price.unit,
                price.revision,
            )
            for price in found
        ),
        key=lambda quote: quote.figi,
    )


def last_quotes() -> list[Quote]:
    """The newest current price of every listing, whatever its day, by FIGI."""
    found = (
        Price.objects.filter(known_to=None)
        .order_by("listing_id", "-priced_on")
        .distinct("listing_id")
        .select_related("listing")
    )
    return sorted(
        (
            Quote(p.listing_id, p.listing.figi or "", p.listing.operating_mic, p.price, p.unit, 0)
            for p in found
        ),
        key=lambda quote: quote.figi,
    )


def fixings() -> list[FxFixing]:
    """The newest current fixing of every pair."""
    return list(
        FxFixing.objects.filter(known_to=None)
        .order_by("base_currency", "quote_currency", "-fixed_on")
        .distinct("base_currency", "quote_currency")
    )


def index_levels() -> list[IndexLevel]:
    """The newest current level of every index."""
    return list(
        IndexLevel.objects.filter(known_to=None)
        .order_by("benchmark_id", "-level_on")
        .distinct("benchmark_id")
        .select_related("benchmark")
    )


def holdings() -> list[HoldingState]:
    """What open portfolios hold now, securities and cash."""
    return list(
        HoldingState.objects.filter(to_on=None, units__gt=0, portfolio__closed_on=None)
        .select_related("portfolio__desk", "listing")
        .order_by("portfolio__code", "listing__key")
    )
