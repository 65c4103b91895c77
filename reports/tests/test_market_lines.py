"""From a position's value to the price and the fixing behind it, as received."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.usefixtures("alpha")


def read(name: str, code: str, key: str, **query: str):
    client = Client()
    person = get_user_model().objects.get(username=name)
    client.force_login(person, "helio.signin.backend.PasswordBackend")
    return client.get(reverse("market-lines", args=[code, key]), query)


def test_a_price_and_the_rate_into_the_base_currency_show_their_lines():
    page = read("auditor1", "HA-05", "ZPRI@XNAS", as_of="2025-06-30").content.decode()
    assert "Close of ZPRI@XNAS" in page
    assert "&quot;on&quot;:&quot;2025-06-30&quot;" in page
    assert "Fixing GBPUSD" in page
    assert page.count('class="source-line"') == 2


def test_as_known_then_the_line_is_the_one_that_was_believed_then():
    asked = {"as_of": "2024-11-14"}
    then = read("auditor1", "HA-05", "ZELM@XLON", **asked, known_at="2024-11-16T00:00Z")
    now = read("auditor1", "HA-05", "ZELM@XLON", **asked)
    assert "47.745 GBX" in then.content.decode()
    assert "47.745 GBX" not in now.content.decode()


def test_it_is_closed_outside_the_perimeter():
    assert read("analyst1", "HA-05", "ZPRI@XNAS").status_code == 404


def test_a_day_without_the_position_says_so():
    page = read("auditor1", "HA-05", "ZCHR@XETR", as_of="2024-11-14").content.decode()
    assert "Choose a day on which it was held." in page
