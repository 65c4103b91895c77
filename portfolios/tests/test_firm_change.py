"""Why the firm changed since a version: by desk and kind of record, in sums that close."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import DatabaseError, connection, transaction

from helio.testing import databases
from portfolios.explain import firm_change
from portfolios.models import FirmChange, FirmChangeCause, FirmCut, Version
from portfolios.refresh import mark_affected, refresh
from portfolios.tests.conftest import Reading
from portfolios.tests.support import disturbances
from portfolios.tests.support.compare import CENT

DAY = date(2025, 12, 31)
VALUES = "SELECT desk_id, net_asset_value FROM rollup.composite_sum WHERE valued_on = %s"
DELIVERED = (
    disturbances.late_trade,
    disturbances.cancelled_event,
    disturbances.restated_price,
    disturbances.restated_fixing,
    disturbances.late_trade,
)
FIRM = 0


@dataclass(frozen=True)
class Delivery:
    """A version, and the values of the firm and its desks in it and in the one after."""

    since: int
    before: dict[int, Decimal]
    after: dict[int, Decimal]


def _values() -> dict[int, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(VALUES, [DAY])
        return dict(cursor.fetchall())


@pytest.fixture(scope="module")
def delivery(figures: str, django_db_setup: None, django_db_blocker) -> Iterator[Delivery]:
    """All sorts of records, delivered between two versions."""
    dice = Random(3)
    with (
        django_db_blocker.unblock(),
        databases.django_connected_to(database=figures, role="worker"),
        databases.connect("superuser", figures, autocommit=True) as owner,
    ):
        before, since = _values(), Version.objects.latest("number").number
        for happens in DELIVERED:
            marks = happens(owner, dice)
            with transaction.atomic():
                mark_affected(batch_id=9, cause="test", **marks)
        assert refresh(cause="delivered").outcome == "refreshed"
        yield Delivery(since, before, _values())


@pytest.fixture
def told(delivery: Delivery, as_worker: None) -> FirmChange:
    """The question, answered by the worker."""
    asked = firm_change.ask(figure="net_asset_value", as_of=DAY, since=delivery.since, by=1)
    assert asked is not None
    firm_change.compute_asked()
    asked.refresh_from_db()
    assert (asked.state, asked.sentence) == (FirmCut.State.READY, "")
    return asked


def test_the_causes_of_every_desk_sum_to_its_change_to_the_cent(
    told: FirmChange, delivery: Delivery
) -> None:
    sums = dict.fromkeys(delivery.after, Decimal(0))
    labels = set()
    for one in FirmChangeCause.objects.filter(change=told):
        sums[one.desk_id] += one.effect
        sums[FIRM] += one.effect
        labels.add(one.label)
    for desk, change in sums.items():
        assert abs(delivery.after[desk] - delivery.before[desk] - change) <= CENT, desk
    assert abs(sums[FIRM]) > CENT
    assert {"Records entered afterwards", "Closes released or restated"} <= labels
    assert firm_change.OTHER not in labels


def test_the_same_question_is_asked_once(told: FirmChange, delivery: Delivery) -> None:
    again = firm_change.ask(figure="net_asset_value", as_of=DAY, since=delivery.since, by=2)
    assert again == told
    assert firm_change.compute(told.pk) is None


def test_a_question_of_no_version_or_no_amount_is_not_asked(
    delivery: Delivery, as_worker: None
) -> None:
    newest = Version.objects.latest("number").number
    for figure, since in (("net_asset_value", newest), ("volatility", delivery.since)):
        assert firm_change.ask(figure=figure, as_of=DAY, since=since, by=1) is None


def test_a_newer_version_ends_a_question_with_advice(delivery: Delivery, as_worker: None) -> None:
    waiting = FirmChange.objects.create(
        figure="day_pnl", as_of=DAY, since=delivery.since, until=10_000, asked_by_id=1
    )
    assert firm_change.compute(waiting.pk) == FirmCut.State.FAILED
    waiting.refresh_from_db()
    assert waiting.sentence.endswith("ask again.")


def test_leadership_reads_the_sums_and_asks(
    told: FirmChange, delivery: Delivery, reading_leadership: Reading
) -> None:
    with databases.django_connected_to(role="web"), reading_leadership():
        assert FirmChangeCause.objects.filter(change_id=told.pk).exists()
        asked = firm_change.ask(figure="day_pnl", as_of=DAY, since=delivery.since, by=_reader())
        assert asked is not None
        assert asked.state == FirmCut.State.ASKED
        with pytest.raises(DatabaseError), transaction.atomic():
            _forged(delivery, by=_reader() + 1)


def test_an_analyst_reads_none_of_it_and_cannot_ask(
    told: FirmChange, delivery: Delivery, reading_two: Reading
) -> None:
    with databases.django_connected_to(role="web"), reading_two():
        assert not FirmChangeCause.objects.exists()
        assert not FirmChange.objects.filter(pk=told.pk).exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            _forged(delivery, by=_reader())


def _forged(delivery: Delivery, by: int) -> None:
    FirmChange.objects.create(
        figure="net_asset_value", as_of=DAY, since=delivery.since, until=1, asked_by_id=by
    )


def _reader() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT security.uid()")
        return int(cursor.fetchone()[0])
