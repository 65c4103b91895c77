"""A person chooses the currency of their sums; nobody else's changes with it."""

import pytest
from django.test import Client

from helio.accounts.models import User
from reports.live.page import read_page

pytestmark = pytest.mark.usefixtures("alpha")


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def net_asset_value(client: Client) -> str:
    page = read_page(client.get("/").content.decode())
    return next(figure.value for name, figure in page.figures.items() if "net_asset_value" in name)


def test_sums_follow_the_chosen_currency():
    client = signed_in("analyst2")
    in_dollars = net_asset_value(client)
    assert client.post("/preferences/", {"reporting_currency": "EUR"}).status_code == 302
    assert "in EUR" in client.get("/").content.decode()
    assert net_asset_value(client) != in_dollars
    assert User.objects.get(username="analyst1").reporting_currency == "USD"


@pytest.mark.parametrize("currency", ["", "XXX", "usd", "USD; DROP TABLE person"])
def test_a_currency_without_rates_is_refused_with_a_sentence(currency):
    client = signed_in("analyst3")
    response = client.post("/preferences/", {"reporting_currency": currency})
    assert response.status_code == 400
    assert "Choose from" in response.content.decode()
    assert User.objects.get(username="analyst3").reporting_currency == "USD"
