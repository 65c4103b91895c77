"""Bad input on its whole way: to figures, pages, exports, "as known then", and a finding."""

import csv
import io
import re
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helio.testing import databases
from ingestion.models import Finding, Identifier
from ingestion.quality.run import run_checks
from ingestion.tests import vendors
from ingestion.tests.facts import define_sources, take, write
from ingestion.tests.test_replay import COLUMNS, trade
from portfolios.models import Listing, PortfolioGap, RefreshRun
from portfolios.refresh import refresh

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")

DAY = date(2025, 12, 30)
BEFORE = date(2025, 12, 29)
KNOWN = "2025-12-30T22:00:00+00:00"


def signed_in(name):
    client = Client()
    person = get_user_model().objects.get(username=name)
    client.force_login(person, "helio.signin.backend.PasswordBackend")
    return client


def page(name, path):
    """A page as that person reads it, as the web role."""
    with databases.django_connected_to(role="web"):
        answer = signed_in(name).get(path)
        assert answer.status_code == 200, path
        return answer.content.decode()


def position_rows(on):
    """The positions of a day as the worker knows them: portfolio, listing and what it is worth."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.code, l.key, p.units, p.price, p.priced_on, p.base_value"
            "  FROM rollup.position_daily p"
            "  JOIN portfolio o ON o.id = p.portfolio_id JOIN listing l ON l.id = p.listing_id"
            " WHERE p.valued_on = %s ORDER BY 1, 2",
            [on],
        )
        return cursor.fetchall()


def values(on):
    """What each portfolio holds on a day and what it is worth."""
    found = {}
    for code, key, *_, value in position_rows(on):
        found.setdefault(code, []).append((key, value))
    return found


def position(on, code, key):
    """Units, price, its day and value of one holding."""
    [row] = [row for row in position_rows(on) if row[:2] == (code, key)]
    return row[2:]


@pytest.fixture
def francs(tmp_path):
    """A purchase in francs, of which a cross is fixed and no rate against the pivot."""
    sources = define_sources()
    vendors.define(tmp_path, "va")
    vendors.deliver(tmp_path, "va", "fixings", 1, ["2025-12-01,CHF,EUR,1.05,2025-12-01T16:00:00Z"])
    line = trade("CHF1", book="NYC/GLB/01").replace("101.00,USD", "101.00,CHF")
    batch = take(sources["blotter"], write(tmp_path, "blotter_chf.csv", COLUMNS + line))
    assert batch.loaded == 1


def test_a_currency_without_a_rate_concerns_its_portfolio_only(francs, tmp_path):
    before, before_earlier = values(DAY), values(BEFORE)
    refresh(cause="francs")

    assert RefreshRun.objects.latest("pk").outcome == "refreshed"
    gap = PortfolioGap.objects.get()
    assert (gap.portfolio.code, gap.from_on) == ("HA-01", DAY)
    assert gap.reason == "There is no CHF fixing on or before 2025-12-30."
    # unknown from that day on, as it was before it, and the others to the last digit
    after = values(DAY)
    assert "HA-01" not in after
    assert values(BEFORE) == before_earlier
    assert {code: held for code, held in before.items() if code != "HA-01"} == after
    run_checks(cause="test")
    finding = Finding.objects.get(code="NO_FIGURES", still_true=True)
    assert (finding.subject, finding.severity) == ("HA-01", "error")

    reason = "There is no CHF fixing on or before 2025-12-30."
    overview = page("auditor1", "/portfolios/HA-01/?as_of=2025-12-31")
    assert "n/a since Tue 30 Dec 2025." in overview
    assert reason in overview
    shown = re.findall(
        r'data-figure="net_asset_value" data-value="([^"]*)"[^>]*>([^<]*)<', overview
    )
    assert ("", "n/a") in shown
    assert "n/a since" not in page("auditor1", "/portfolios/HA-01/?as_of=2025-12-29")
    assert f"HA-01 (New York), since Tue 30 Dec 2025: {reason}" in page("auditor1", "/portfolios/")
    assert "Not in the sums: 1 portfolio without a value" in page("executive1", "/firm/")
    then = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    known = page("auditor1", f"/portfolios/HA-01/?as_of=2025-12-31&known_at={then}")
    assert reason in known
    earlier = page("auditor1", "/portfolios/HA-01/?as_of=2025-12-29&known_at=2025-12-30T12:00Z")
    assert "n/a since" not in earlier
    with databases.django_connected_to(role="web"):
        data = {"report": "positions", "as_of": "2025-12-31", "from": "2025-12-01", "format": "csv"}
        answer = signed_in("auditor1").post(reverse("reports:export"), data)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert "HA-01" not in {row["portfolio"] for row in rows}

    # the fixing comes, and all is as if it had been there
    vendors.deliver(tmp_path, "va", "fixings", 2, ["2025-12-29,USD,CHF,0.8,2025-12-29T16:00:00Z"])
    refresh(cause="the fixing came")
    assert not PortfolioGap.objects.exists()
    assert "HA-01" in values(DAY)
    run_checks(cause="test")
    assert not Finding.objects.get(pk=finding.pk).still_true


def test_a_price_of_zero_or_less_is_carried_over_and_told(tmp_path):
    vendors.define(tmp_path, "vb", 10)
    listing = Listing.objects.get(key="ZORB@XNYS")
    before = values(BEFORE)
    lines = [
        f"{listing.figi},,{day},{price},USD,9,{KNOWN}"
        for day, price in (("2025-12-30", "0"), ("2025-12-31", "-3"))
    ]
    vendors.deliver(tmp_path, "vb", "closes", 1, lines)
    refresh(cause="zero")
    run_checks(cause="test")

    assert {row[4] for row in position_rows(DAY) if row[1] == "ZORB@XNYS"} == {BEFORE}
    assert values(BEFORE) == before
    told = Finding.objects.filter(code="PRICE_NOT_POSITIVE", still_true=True)
    assert sorted(one.sentence for one in told) == [
        "The price of ZORB@XNYS of 2025-12-30 is 0 USD: that of 2025-12-29 is carried.",
        "The price of ZORB@XNYS of 2025-12-31 is -3 USD: that of 2025-12-29 is carried.",
    ]
    assert not Finding.objects.filter(code="CHECK_FAILED", still_true=True).exists()


def test_a_holding_that_never_had_a_price_is_missing_and_not_zero(tmp_path):
    sources = define_sources()
    instrument = Listing.objects.get(key="ZORB@XNYS").instrument
    Listing.objects.create(
        key="NONE@XNYS", instrument=instrument, quote_unit="USD", price_currency="USD",
        figi="ZZG00XNONE01", segment_mic="XNYS", operating_mic="",
    )  # fmt: skip
    Identifier.objects.create(
        listing=Listing.objects.get(key="NONE@XNYS"),
        scheme="SYMBOL", value="NONE", scope="XNYS", source="test",
        known_from=timezone.now().replace(year=2020), batch_id=1, file_id=1, line_no=1,
    )  # fmt: skip
    line = trade("NONE1", book="NYC/GLB/01", symbol="NONE")
    take(sources["blotter"], write(tmp_path, "blotter_none.csv", COLUMNS + line))
    refresh(cause="never priced")
    run_checks(cause="test")

    units, price, _, value = position(DAY, "HA-01", "NONE@XNYS")
    assert (units, price, value) == (10, None, None)
    told = Finding.objects.get(code="HOLDING_UNPRICED", subject="HA-01 NONE@XNYS")
    assert told.sentence == (
        "HA-01 holds 10 of NONE@XNYS, which has no value: no price of it ever came."
    )
    shown = page("auditor1", "/portfolios/HA-01/positions/?as_of=2025-12-30")
    assert "NONE@XNYS" in shown
    with databases.django_connected_to(role="web"):
        data = {"report": "positions", "as_of": "2025-12-30", "from": "2025-12-01", "format": "csv"}
        answer = signed_in("auditor1").post(reverse("reports:export"), data)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    [row] = [row for row in rows if row["listing_key"] == "NONE@XNYS"]
    assert row["base_value"] == ""


def test_a_sale_larger_than_the_position_is_seen_and_never_a_value(tmp_path):
    sources = define_sources()
    line = trade("OVER1", book="NYC/GLB/01", symbol="ZLUM", market="XNAS", units="900000")
    line = line.replace(",B,ZLUM", ",S,ZLUM")
    take(sources["blotter"], write(tmp_path, "blotter_over.csv", COLUMNS + line))
    refresh(cause="oversold")
    run_checks(cause="test")

    units, _, _, value = position(DAY, "HA-01", "ZLUM@XNAS")
    assert units < 0
    assert value == 0
    codes = set(Finding.objects.filter(still_true=True).values_list("code", flat=True))
    assert {"OVERSOLD", "NEGATIVE_QUANTITY"} <= codes
