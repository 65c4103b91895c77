"""The rows of the statements that look at the benchmark's members, from a knowledge cut.

One function per statement of sql/figures, of its name, with its parameters and its columns.
"""

from bisect import bisect_left
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any, Final

from portfolios.figures.then.cut import Cut
from portfolios.figures.then.rows import sector_of
from portfolios.models import Benchmark, CorporateAction, IndexWeight

Rows = list[dict[str, Any]]
NAMES: Final = frozenset({"index_action", "index_course", "index_weight"})


def index_weight(cut: Cut) -> Rows:
    """Target weights of the benchmark by instrument, as believed then."""
    weights: dict[int, float] = defaultdict(float)
    for one in _members(cut):
        weights[one.listing.instrument_id] += float(one.weight)
    return [{"instrument_id": pk, "weight": weight} for pk, weight in sorted(weights.items())]


def index_course(cut: Cut, start: date, until: date) -> Rows:
    """The members with their weights, and the close of each on each day."""
    members = _members(cut)
    cut.market.load([one.listing_id for one in members])
    found: Rows = []
    for one in members:
        about = {
            "listing_id": one.listing_id,
            "weight": float(one.weight),
            "sector": sector_of(one.listing.instrument),
        }
        closes = _closes(cut, one.listing_id, start, until)
        found += [about | part for part in closes] or [
            about | {"currency": None, "offsets": "", "prices": ""}
        ]
    return found


def _closes(cut: Cut, listing: int, start: date, until: date) -> Rows:
    """Closes by currency; the first place on the axis is the eve of all valuation days."""
    by_currency: dict[str, list[tuple[int, Decimal]]] = defaultdict(list)
    for at, day in enumerate(cut.market.axis):
        close = cut.market.close(listing, at) if at and start <= day <= until else None
        if close is not None:
            by_currency[close.currency].append(((day - start).days, close.price))
    found: Rows = []
    for currency, closes in by_currency.items():
        offsets, prices = (" ".join(map(str, column)) for column in zip(*closes, strict=True))
        found.append({"currency": currency, "offsets": offsets, "prices": prices})
    return found


def index_action(cut: Cut, start: date, until: date) -> Rows:
    """Splits and dividends of the members, each on the valuation day on which it takes effect."""
    events = cut.current(
        CorporateAction.objects.filter(
            listing__in=[one.listing_id for one in _members(cut)],
            kind__in=("split", "dividend"),
            effective_on__range=(start, until),
        )
    )
    found: Rows = []
    for event in events.order_by("listing_id", "effective_on", "kind"):
        at = bisect_left(cut.market.axis, event.effective_on)
        if at < len(cut.market.axis) and cut.market.axis[at] <= until:
            found.append(
                {
                    "listing_id": event.listing_id,
                    "offset_days": (cut.market.axis[at] - start).days,
                    "kind": event.kind,
                    "amount": _amount(event),
                    "currency": event.terms.get("currency"),
                }
            )
    return found


def _amount(event: CorporateAction) -> float | None:
    """What one unit becomes, or is paid; None for terms that make no amount."""
    if event.kind == "split":
        old = float(event.terms["old"])
        return float(event.terms["new"]) / old if old else None
    return float(event.terms["per_unit"])


def _members(cut: Cut) -> list[IndexWeight]:
    """The weights of the firm's benchmark (the first one entered) as believed then."""
    first = Benchmark.objects.order_by("pk").values("pk")[:1]
    weights = cut.current(IndexWeight.objects.filter(benchmark=first))
    return list(weights.select_related("listing__instrument").order_by("listing_id"))
