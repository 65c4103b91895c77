"""Made-up trades in the order management system's format: small, and never short of anything."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from random import Random
from zoneinfo import ZoneInfo

from ingestion.feeder.state import Quote
from ingestion.models import Identifier, PortfolioKey
from portfolios.models import HoldingState, Venue

COLUMNS = (
    "order_no", "version_no", "record_status", "record_kind", "book_code", "buy_sell", "symbol",
    "market_code", "cusip_no", "units", "unit_price", "price_unit", "consideration", "charges",
    "tax_withheld", "settlement_amount", "settlement_currency", "counter_amount",
    "counter_currency", "ratio", "dealt_local", "captured_local", "zone_name", "effective_on",
    "settles_on", "remark",
)  # fmt: skip
MINOR = {"GBX": ("GBP", Decimal(100)), "ZAc": ("ZAR", Decimal(100))}
CHARGE = Decimal("0.0004")
CASH_SHARE = Decimal("0.2")


@dataclass(frozen=True)
class Chance:
    """A holding that could be traded: with its price, venue and the cash beside it."""

    holding: HoldingState
    quote: Quote
    venue: Venue
    symbol: str
    book: str
    cash: Decimal


def blotter(random: Random, chances: list[Chance], day: date, tick: int) -> str | None:
    """A blotter file of up to three trades of the day; None when nothing can be traded."""
    chosen = random.sample(chances, min(random.randint(1, 3), len(chances)))
    rows = [_row(random, chance, day, f"DF{tick:06d}{n}") for n, chance in enumerate(chosen, 1)]
    written = [row for row in rows if row]
    if not written:
        return None
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(written)
    return text.getvalue()


def chances(holdings: Iterable[HoldingState], quotes: list[Quote], day: date) -> list[Chance]:
    """Every security holding that can be traded on the day."""
    by_listing = {quote.listing_id: quote for quote in quotes}
    cash: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    held = list(holdings)
    for holding in held:
        if holding.listing.key.startswith("CASH:"):
            cash[holding.portfolio_id, holding.listing.price_currency] = holding.units
    venues = {venue.segment_mic: venue for venue in Venue.objects.all()}
    books, symbols = _books(day), _symbols(day)
    return [
        Chance(
            holding,
            by_listing[holding.listing_id],
            venues[holding.listing.segment_mic],
            symbols[holding.listing_id],
            books[holding.portfolio_id],
            cash[holding.portfolio_id, holding.listing.price_currency],
        )
        for holding in held
        if holding.listing_id in by_listing
        and holding.listing.segment_mic in venues
        and holding.listing_id in symbols
        and holding.portfolio_id in books
    ]


def _books(day: date) -> dict[int, str]:
    keys = PortfolioKey.objects.filter(system="OMS", known_to=None)
    return {key.portfolio_id: key.key for key in keys if _in_use(key, day)}


def _symbols(day: date) -> dict[int, str]:
    codes = Identifier.objects.filter(scheme="SYMBOL", known_to=None)
    return {code.listing_id: code.value for code in codes if _in_use(code, day)}


def _in_use(mapping: Identifier | PortfolioKey, day: date) -> bool:
    begun = mapping.valid_from is None or mapping.valid_from <= day
    return begun and (mapping.valid_to is None or mapping.valid_to >= day)


def _row(random: Random, chance: Chance, day: date, order_no: str) -> dict[str, str] | None:
    currency, per_major = MINOR.get(chance.quote.unit, (chance.quote.unit, Decimal(1)))
    price = chance.quote.price / per_major
    affordable = (chance.cash * CASH_SHARE / price).quantize(Decimal(1), ROUND_DOWN)
    share = Decimal(random.randint(5, 25)) / 1000
    units = (chance.holding.units * share).quantize(Decimal(1), ROUND_DOWN)
    buys = affordable >= 1 and random.random() < 0.6
    units = min(units, affordable) if buys else units
    if units < 1:
        return None
    cent = Decimal(1) if currency == "JPY" else Decimal("0.01")
    gross = (units * price).quantize(cent)
    charges = (gross * CHARGE).quantize(cent)
    net = gross + charges if buys else gross - charges
    executed = _execution(random, chance.venue, day)
    desk = ZoneInfo(chance.holding.portfolio.desk.time_zone)
    return {
        "order_no": order_no,
        "version_no": "1",
        "record_status": "NEW",
        "record_kind": "EQT",
        "book_code": chance.book,
        "buy_sell": "B" if buys else "S",
        "symbol": chance.symbol,
        "market_code": chance.holding.listing.segment_mic,
        "units": f"{units:f}",
        "unit_price": f"{chance.quote.price.normalize():f}",
        "price_unit": chance.quote.unit,
        "consideration": f"{gross:f}",
        "charges": f"{charges:f}",
        "settlement_amount": f"{net:f}",
        "settlement_currency": currency,
        "dealt_local": f"{executed.astimezone(desk):%Y-%m-%d %H:%M:%S}",
        "captured_local": f"{(executed + timedelta(minutes=7)).astimezone(desk):%Y-%m-%d %H:%M:%S}",
        "zone_name": desk.key,
        "settles_on": _two_weekdays_after(day).isoformat(),
        "remark": "demo feed: made up",
    }


def _execution(random: Random, venue: Venue, day: date) -> datetime:
    """A moment late in the venue's morning, in its own time zone."""
    at = datetime.combine(day, time(10, 30), tzinfo=ZoneInfo(venue.time_zone))
    return at + timedelta(seconds=random.randint(0, 3_600))


def _two_weekdays_after(day: date) -> date:
    left = 2
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 5
    return day
