"""The second content of a record, taken instead of the first by a person."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from helio.accounts.models import User
from helio.audit.models import Event
from ingestion.models import ExceptionItem, WorkRequest
from ingestion.operations.requests import work_off
from ingestion.tests import vendors
from ingestion.tests.facts import define_sources, take, write
from ingestion.tests.test_replay import COLUMNS, trade
from portfolios.models import Listing, Price, Transaction

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")


@pytest.fixture
def blotter(tmp_path):
    source = define_sources()["blotter"]

    def deliver(name, *lines):
        return take(source, write(tmp_path, f"blotter_{name}.csv", COLUMNS + "".join(lines)))

    return deliver


def asked(item):
    """The request of operations, worked off."""
    request = WorkRequest.objects.create(
        kind="take",
        source=item.source,
        item=item,
        reason="The desk says so",
        asked_by=User.objects.get(username="operations1"),
    )
    batches = work_off(lambda source, by: None)
    request.refresh_from_db()
    return request, batches


def test_a_trade_is_taken_instead_and_known_from_now(blotter):
    blotter("t1", trade("T1", book="NYC/GLB/01"), trade("T1", book="NYC/GLB/01", units="11"))
    item = ExceptionItem.objects.get(reference="T1")
    before = timezone.now()
    request, [batch] = asked(item)

    item.refresh_from_db()
    assert (item.state, item.outcome) == ("taken", "taken instead of the first")
    assert (item.settled_by.username, item.note) == ("operations1", "The desk says so")
    assert (request.state, request.batch_id, batch.released) == ("done", batch.pk, 1)
    first, second = Transaction.objects.filter(source_reference="T1").order_by("pk")
    assert (first.units, second.units, second.known_to) == (10, 11, None)
    assert first.known_to == second.known_from > before
    event = Event.objects.filter(action="record taken instead of the first").latest("pk")
    assert (event.object, event.detail["reason"]) == ("T1", "The desk says so")
    # the second content again is said already, the next version replaces both
    again = blotter("t1b", trade("T1", book="NYC/GLB/01", units="11"))
    assert again.duplicate == 1
    blotter("t1c", trade("T1", 2, "AMEND", book="NYC/GLB/01", units="12"))
    assert list(
        Transaction.objects.filter(source_reference="T1", known_to=None).values_list("units")
    ) == [(12,)]


def test_a_price_is_taken_instead(tmp_path):
    vendors.define(tmp_path, "va")
    listing = Listing.objects.get(key="ZORB@XNYS")
    known = datetime(2025, 3, 3, 18, tzinfo=UTC).isoformat()
    lines = [f"{listing.figi},,1993-01-04,{price},USD,0,{known}" for price in (10, 11)]
    vendors.deliver(tmp_path, "va", "closes", 1, lines)
    item = ExceptionItem.objects.get(source__name="va")
    asked(item)

    first, second = Price.objects.filter(listing=listing, priced_on=date(1993, 1, 4)).order_by("pk")
    assert (first.price, second.price, second.known_to) == (10, 11, None)
    assert first.known_to == first.ended_at == second.known_from
    vendors.deliver(tmp_path, "va", "closes", 2, [f"{listing.figi},,1993-01-04,12,USD,1,{known}"])
    now = Price.objects.get(listing=listing, priced_on=date(1993, 1, 4), known_to=None)
    assert now.price == 12


def test_what_was_settled_meanwhile_is_not_taken(blotter):
    blotter("t2", trade("T2", book="NYC/GLB/01"), trade("T2", book="NYC/GLB/01", units="11"))
    item = ExceptionItem.objects.get(reference="T2")
    ExceptionItem.objects.filter(pk=item.pk).update(state="dismissed")
    request, batches = asked(item)

    assert (request.state, batches) == ("failed", [])
    assert request.sentence == "It was settled meanwhile, so nothing was changed."
    assert Transaction.objects.get(source_reference="T2").units == 10
