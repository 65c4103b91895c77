"""Pages of made-up market data in the vendor's format."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from ingestion.feeder.state import Quote
from portfolios.models import FxFixing, IndexLevel

REVISED = 12
DAY_MOVE = 0.012
REVISION_MOVE = 0.003


def page(resource: str, results: Iterable[dict[str, Any]], at: datetime) -> str:
    """A page as the vendor writes it, each result on a line, marked as demo."""
    head = {
        "resource": resource,
        "note": "demo feed: made up",
        "retrieved_at": stamp(at),
        "page_no": 1,
        "page_count": 1,
        "next": None,
    }
    lines = ",\n".join(json.dumps(result, separators=(",", ":")) for result in results)
    return f'{json.dumps(head)[:-1]}, "results": [\n{lines}\n]}}\n'


def revised_quotes(
    random: Random, quotes: list[Quote], day: date, at: datetime
) -> list[dict[str, Any]]:
    """New revisions of some of the day's closes."""
    chosen = random.sample(quotes, min(REVISED, len(quotes)))
    return [
        quote_result(quote, day, moved(random, quote.price, REVISION_MOVE), quote.revision + 1, at)
        for quote in sorted(chosen, key=lambda quote: quote.figi)
    ]


def new_quotes(
    random: Random, quotes: list[Quote], day: date, at: datetime
) -> list[dict[str, Any]]:
    """First closes of a new day."""
    return [
        quote_result(quote, day, moved(random, quote.price, DAY_MOVE), 0, at) for quote in quotes
    ]


def fixing_results(
    random: Random, fixings: list[FxFixing], day: date, at: datetime, move: float
) -> list[dict[str, Any]]:
    """Fixings of a day, each moved a little from the last."""
    return [
        {
            "pair": fixing.base_currency + fixing.quote_currency,
            "on": day.isoformat(),
            "rate": plain(moved(random, fixing.rate, move)),
            "released_at": stamp(at),
        }
        for fixing in fixings
    ]


def index_results(
    random: Random, levels: list[IndexLevel], day: date, at: datetime
) -> list[dict[str, Any]]:
    """Index levels of a new day."""
    return [
        {
            "index": level.benchmark.code,
            "on": day.isoformat(),
            "level": plain(moved(random, level.level, DAY_MOVE / 2).quantize(Decimal("0.0001"))),
            "released_at": stamp(at),
        }
        for level in levels
    ]


def quote_result(
    quote: Quote, day: date, price: Decimal, revision: int, at: datetime
) -> dict[str, Any]:
    """One close as the vendor writes it."""
    return {
        "figi": quote.figi,
        "on": day.isoformat(),
        "last": plain(price),
        "unit": quote.unit,
        "rev": revision,
        "released_at": stamp(at),
    }


def moved(random: Random, value: Decimal, spread: float) -> Decimal:
    """The value moved by a normal step of that spread, with the decimals it had."""
    factor = Decimal(str(round(1 + random.gauss(0, spread), 6)))
    digits = max(-int(value.normalize().as_tuple().exponent), 2)
    return max((value * factor).quantize(Decimal(1).scaleb(-digits)), Decimal("0.01"))


def plain(value: Decimal) -> str:
    """A number without exponent."""
    return format(value, "f")


def stamp(at: datetime) -> str:
    """A UTC time as the vendor writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
