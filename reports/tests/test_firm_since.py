"""Why the firm changed since a version, from the question on the page to its answer there."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction

from helio.testing import databases
from portfolios.explain import firm_change
from portfolios.models import Version
from portfolios.refresh import mark_affected, refresh
from portfolios.tests.support import disturbances
from reports.tests.test_pages import page, signed_in, text

pytestmark = pytest.mark.usefixtures("alpha")

EXPLAINED = "/firm/explain/net_asset_value/"
CENT = Decimal("0.01")


@pytest.fixture(autouse=True)
def _open(django_db_blocker):
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def since(alpha: str, django_db_blocker) -> int:
    """The version before a late trade and a restated close came in."""
    with (
        django_db_blocker.unblock(),
        databases.django_connected_to(role="worker"),
        databases.connect("superuser", alpha, autocommit=True) as owner,
    ):
        before = Version.objects.latest("number").number
        dice = Random(3)
        for happens in (disturbances.late_trade, disturbances.restated_price):
            marks = happens(owner, dice)
            with transaction.atomic():
                mark_affected(batch_id=9, cause="test", **marks)
        assert refresh(cause="delivered").outcome == "refreshed"
    return before


def _amounts(document) -> list[Decimal]:
    """The column of money of the table that answers, its last row the figure of now."""
    [table] = document.xpath("//table[contains(caption, 'Since version')]")
    cells = table.xpath(".//td[contains(@class, 'number')]")
    return [Decimal(cell.text_content().replace(",", "").replace("−", "-")) for cell in cells]


def test_leadership_asks_the_worker_answers_and_the_page_tells(since):
    client = signed_in("executive1")
    address = f"{EXPLAINED}?since={since}"
    asking = page(client, address)
    assert f"Compute since version {since}" in text(asking)

    answer = client.post(f"{EXPLAINED}since/", {"since": str(since)})
    assert (answer.status_code, answer["Location"]) == (303, address)
    assert "Being computed" in text(page(client, address))

    with databases.django_connected_to(role="worker"):
        assert firm_change.compute_asked() == 1
    told = page(client, address)
    before, *causes, change, now = _amounts(told)
    assert abs(sum(causes) - change) <= CENT
    assert abs(before + change - now) <= CENT
    assert abs(change) > CENT
    [shown] = page(client, "/firm/").xpath("//*[@id='firm-net_asset_value']/@data-value")
    assert abs(Decimal(shown) - now) <= CENT
    assert not told.xpath("//*[@data-portfolio]")


def test_desks_are_answered_by_the_same_question(since):
    client = signed_in("executive1")
    firm = page(client, "/firm/")
    as_of = firm.get_element_by_id("main").get("data-as-of")
    with databases.django_connected_to(role="worker"):
        firm_change.ask(
            figure="net_asset_value", as_of=date.fromisoformat(as_of), since=since, by=1
        )
        firm_change.compute_asked()
    desks = set(firm.xpath("//*[@data-figure='net_asset_value' and @data-key]/@data-key"))
    assert len(desks) > 1
    changes = [_change(client, f"{EXPLAINED}?key={desk}&since={since}") for desk in sorted(desks)]
    assert abs(sum(changes) - _change(client, f"{EXPLAINED}?since={since}")) <= CENT * len(desks)


def _change(client, address: str) -> Decimal:
    return _amounts(page(client, address))[-2]
