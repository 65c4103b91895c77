"""Random deliveries of three sources in a random order, against a rule of a few lines of Python."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.tests import vendors
from portfolios.models import Listing, Price

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")

NAMES = ("va", "vb", "vc")
START = datetime(2025, 3, 3, 18, tzinfo=UTC)
FAR = datetime(2999, 1, 1, tzinfo=UTC)
NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Said:
    """One statement: who, which revision, when it was known, and the price."""

    source: str
    revision: int
    known_from: datetime
    price: int


@dataclass(frozen=True)
class Ranked:
    """A change of a source's rank, now."""

    source: str
    rank: int


SAID = st.builds(
    Said,
    st.sampled_from(NAMES),
    st.integers(0, 3),
    st.integers(0, 6).map(lambda hours: START + timedelta(hours=hours)),
    st.integers(10, 13),
)
RANKED = st.builds(Ranked, st.sampled_from(NAMES), st.sampled_from((10, 20, 20, 50)))
ACTS = st.lists(st.one_of(SAID, SAID, SAID, SAID, SAID, RANKED), min_size=2, max_size=9)


class Oracle:
    """What is kept of each rank group, and who is believed at a moment."""

    def __init__(self) -> None:
        self.ranks: dict[str, list[tuple[datetime, int]]] = {name: [] for name in NAMES}
        self.kept: list[Said] = []
        self.held = 0

    def rank(self, source: str, at: datetime) -> int:
        return next((rank for since, rank in reversed(self.ranks[source]) if since <= at), 50)

    def take(self, said: Said) -> None:
        group = self.rank(said.source, FAR)
        peers = [one for one in self.kept if self.rank(one.source, FAR) == group]
        same = [one for one in peers if one.revision == said.revision]
        if not same:
            self.kept.append(said)
        elif same[0].price != said.price:
            self.held += 1

    def believed(self, at: datetime) -> int | None:
        known = [(n, one) for n, one in enumerate(self.kept) if one.known_from <= at]
        if not known:
            return None
        best = min(
            known,
            key=lambda each: (
                self.rank(each[1].source, at), -each[1].revision, each[1].known_from, each[0]
            ),
        )  # fmt: skip
        return best[1].price


@pytest.fixture
def listing():
    return Listing.objects.exclude(figi=None).order_by("pk").first()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS)
def test_who_is_believed_when_is_what_the_rule_says(tmp_path, listing, acts):
    number = next(NUMBERS)
    on = date(1990, 1, 1) + timedelta(days=number)
    oracle, held = Oracle(), 0
    start = {"va": 10, "vb": 20, "vc": 30}
    for name, rank in start.items():
        vendors.define(tmp_path, name, rank)
        oracle.ranks[name] = [(datetime(1900, 1, 1, tzinfo=UTC), rank)]
    # ranks of the examples before are history too; they lie after every moment looked at
    for place, act in enumerate(acts):
        if isinstance(act, Ranked):
            vendors.define(tmp_path, act.source, act.rank)
            oracle.ranks[act.source].append((timezone.now(), act.rank))
        else:
            line = (
                f"{listing.figi},,{on},{act.price},USD,{act.revision},{act.known_from.isoformat()}"
            )
            batch = vendors.deliver(tmp_path, act.source, "closes", number * 100 + place, [line])
            held += batch.quarantined
            oracle.take(act)

    rows = list(Price.objects.filter(listing=listing, priced_on=on))
    moments = [START + timedelta(minutes=30 * half) for half in range(-1, 15)] + [timezone.now()]
    for at in moments:
        believed = [
            row.price
            for row in rows
            if row.known_from <= at and (row.known_to is None or row.known_to > at)
        ]
        wanted = oracle.believed(at)
        assert believed == ([] if wanted is None else [Decimal(wanted)]), at
    assert held == oracle.held
    assert len([row for row in rows if row.copy_of is None]) == len(oracle.kept)
