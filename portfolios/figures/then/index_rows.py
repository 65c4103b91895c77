"""The rows of the statements that look at the benchmark's members, from a knowledge cut.

One function per statement of sql/figures, of its name, with its parameters and its columns.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

from portfolios.figures.then.cut import Cut
from portfolios.figures.then.rows import sector_of
from portfolios.models import Benchmark, CorporateAction, IndexWeight

Rows = list[dict[str, Any]]
# What an action multiplies the units by and pays for one of them; None for terms without sense.
Terms = tuple[float, float] | None
NAMES: Final = frozenset({"index_sector_day", "index_weight"})


def index_weight(cut: Cut) -> Rows:
    """Target weights of the benchmark by instrument, as believed then."""
    weights: dict[int, float] = defaultdict(float)
    for one in _members(cut):
        weights[one.listing.instrument_id] += float(one.weight)
    return [{"instrument_id": pk, "weight": weight} for pk, weight in sorted(weights.items())]


def index_sector_day(cut: Cut, start: date, until: date, currency: str) -> Rows:
    """Sectors of the benchmark: weight and return of each day after the first."""
    members = _members(cut)
    # The first place on the axis is the eve of all valuation days: it is none itself.
    places = [at for at, day in enumerate(cut.market.axis) if at and start <= day <= until]
    cut.market.load([one.listing_id for one in members])
    actions = _actions(cut, [one.listing_id for one in members], start, until, currency)
    found: Rows = []
    for before, at in pairwise(places):
        sectors: dict[str, list[float]] = {}
        for one in members:
            terms = actions.get((one.listing_id, at), (1.0, 0.0))
            earned = _earned(cut, one.listing_id, currency, before, at, terms)
            if earned is None:
                break
            sums = sectors.setdefault(sector_of(one.listing.instrument), [0.0, 0.0])
            sums[0] += float(one.weight)
            sums[1] += float(one.weight) * earned
        else:
            found += [
                {
                    "valued_on": cut.market.axis[at],
                    "group": sector,
                    "weight": weight,
                    "return": earned / weight,
                }
                for sector, (weight, earned) in sorted(sectors.items())
            ]
    return found


def _members(cut: Cut) -> list[IndexWeight]:
    """The weights of the firm's benchmark (the first one entered) as believed then."""
    first = Benchmark.objects.order_by("pk").values("pk")[:1]
    weights = cut.current(IndexWeight.objects.filter(benchmark=first))
    return list(weights.select_related("listing__instrument").order_by("listing_id"))


def _earned(
    cut: Cut, listing: int, currency: str, before: int, at: int, terms: Terms
) -> float | None:
    """Price and dividend of one unit against the day before, splits undone."""
    worth = cut.market.unit_values(listing, currency)
    now, then = worth[at], worth[before]
    if terms is None or now is None or not then:
        return None
    split, dividend = terms
    return split * (float(now) + dividend) / float(then) - 1.0


def _actions(
    cut: Cut, listings: Sequence[int], start: date, until: date, currency: str
) -> dict[tuple[int, int], Terms]:
    """Terms by listing and the day on which they take effect."""
    found: dict[tuple[int, int], Terms] = {}
    events = cut.current(
        CorporateAction.objects.filter(
            listing__in=listings,
            kind__in=("split", "dividend"),
            effective_on__range=(start, until),
        )
    )
    for event in events:
        at = bisect_left(cut.market.axis, event.effective_on)
        if at < len(cut.market.axis):
            key = (event.listing_id, at)
            found[key] = _joined(found.get(key, (1.0, 0.0)), _terms(cut, event, currency, at))
    return found


def _terms(cut: Cut, event: CorporateAction, currency: str, at: int) -> Terms:
    if event.kind == "split":
        old = float(event.terms["old"])
        ratio = float(event.terms["new"]) / old if old else 0.0
        return (ratio, 0.0) if ratio > 0 else None
    rate = cut.market.cross(event.terms["currency"], currency, at)
    paid = float(event.terms["per_unit"]) * float(rate or 0)
    return (1.0, paid) if paid > 0 else None


def _joined(before: Terms, terms: Terms) -> Terms:
    if before is None or terms is None:
        return None
    return before[0] * terms[0], before[1] + terms[1]
