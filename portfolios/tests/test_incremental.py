"""Whatever happens to facts, in whatever order: incremental refreshes end where a full one does."""

from collections.abc import Callable
from random import Random

import psycopg
import pytest
from django.db import transaction

from portfolios.refresh import mark_affected, refresh
from portfolios.tests.support import disturbances, facts, fingerprint

pytestmark = pytest.mark.usefixtures("figures", "as_worker")

STEPS = 8


@pytest.fixture
def owner(connect_as: Callable[..., psycopg.Connection]) -> psycopg.Connection:
    """A superuser's connection, autocommitting, for what no role of ours may do."""
    return connect_as("superuser", autocommit=True)


def _refreshed(cause: str, **marks: object) -> None:
    with transaction.atomic():
        mark_affected(**{"batch_id": 1, "cause": cause, **marks})
    refresh(cause=cause)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_histories_end_where_a_full_refresh_does(
    owner: psycopg.Connection, seed: int
) -> None:
    rng = Random(seed)
    steps = rng.sample(disturbances.ALL, len(disturbances.ALL))
    steps += rng.choices(disturbances.ALL, k=STEPS - len(steps))
    for disturb in steps:
        _refreshed(disturb.__name__, **disturb(owner, rng))
    # And several at once, taken by one refresh.
    for disturb in rng.sample(disturbances.ALL, 3):
        with transaction.atomic():
            mark_affected(batch_id=1, cause=disturb.__name__, **disturb(owner, rng))
    refresh(cause="several at once")
    incremental = fingerprint.rows(owner)
    assert incremental["rollup.position_served"] == incremental["rollup.position_daily"]
    owner.execute(f"TRUNCATE {', '.join(fingerprint.TABLES)}")
    _refreshed("from scratch", from_on=facts.FIRST)
    from_scratch = fingerprint.rows(owner)
    assert {name for name in incremental if incremental[name] != from_scratch[name]} == set()
