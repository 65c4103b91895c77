"""The page of versions tells of the portfolios that its reader may see, and of no other."""

import pytest

from helio.testing import databases
from portfolios.models import Portfolio
from reports.tests.test_pages import page, signed_in, text

pytestmark = pytest.mark.usefixtures("alpha")


def _changed_by_the_first(person):
    document = page(signed_in(person), "/versions/")
    row = document.xpath("//*[@id='versions']//tbody/tr")[-1]
    return int(text(row.xpath("td[@class='number rest']")[0]))


@pytest.fixture(autouse=True)
def _open(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def test_each_reader_counts_their_own_portfolios():
    with databases.django_connected_to(role="worker"):
        everything = Portfolio.objects.count()
    assert _changed_by_the_first("auditor1") == everything
    assert 0 < _changed_by_the_first("analyst1") < everything
    assert _changed_by_the_first("analyst12") == 0
