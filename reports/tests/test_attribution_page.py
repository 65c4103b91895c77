"""Contribution, attribution and the value bridge as people read them: sums that they can check."""

from decimal import Decimal

import pytest

from reports.dashboards import attribution
from reports.tests.test_pages import figures, page, signed_in, text

pytestmark = pytest.mark.usefixtures("alpha")

ADDRESS = "/portfolios/HA-01/attribution/"
BOOK = "/attribution/"
LATELY = "known_at=2026-11-01T00:00Z"
SIZES = ("mtd", "qtd", "ytd", "1y", "all")


@pytest.fixture(autouse=True)
def _open(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def _values(document, name, scope):
    """Values of a figure in one table, by key."""
    found = [one for one in figures(document, name) if one.get("id").startswith(f"{scope}-")]
    return {one.get("data-key"): Decimal(one.get("data-value")) for one in found}


@pytest.mark.parametrize("address", [ADDRESS, BOOK])
@pytest.mark.parametrize("period", SIZES)
def test_the_tables_sum_to_what_they_end_with(address, period):
    document = page(signed_in("analyst1"), f"{address}?period={period}")

    effects = _values(document, "total_effect", "effect")
    total = effects.pop("total")
    assert sum(effects.values()) == pytest.approx(total, abs=Decimal("1e-12"))
    [difference] = _values(document, "basket_difference", "effect").values()
    [active] = _values(document, "active_return", "effect").values()
    assert total + difference == pytest.approx(active, abs=Decimal("1e-12"))

    groups = _values(document, "linked_contribution", "sector")
    [earned] = _values(document, "return_net", "span").values()
    assert sum(groups.values()) == pytest.approx(earned, abs=Decimal("1e-12"))

    for cost in ("average", "fifo"):
        names = (f"{cost}_realised", f"{cost}_unrealised_change", f"{cost}_rest")
        flows = ("opening_value", "external_inflow", "external_outflow")
        income = ("dividend_income", "management_fee", "safekeeping_fee")
        parts = [_values(document, name, "bridge")[None] for name in (*flows, *names, *income)]
        parts += _values(document, "translation", "bridge").values()
        assert sum(parts) == _values(document, "closing_value", "bridge")[None]


def test_october_shows_the_effects_of_the_case():
    document = page(signed_in("analyst1"), f"{ADDRESS}?as_of=2025-10-31&period=mtd")
    allocation = _values(document, "allocation_effect", "effect")
    selection = _values(document, "selection_effect", "effect")
    assert allocation["Financials"] == pytest.approx(Decimal("0.000475211584"), abs=Decimal("1e-8"))
    assert selection["total"] == pytest.approx(Decimal("-0.006727894465"), abs=Decimal("1e-8"))


def test_a_group_is_chosen_by_a_link_that_works_without_script():
    client = signed_in("analyst1")
    document = page(client, ADDRESS)
    [link] = document.xpath("//a[contains(@href, 'breakdown=issuer')]/@href")
    assert figures(page(client, link), "linked_contribution")
    part = client.get(
        f"{ADDRESS}?breakdown=currency",
        headers={"HX-Request": "true", "HX-Target": "div#groups-panel"},
    ).content.decode()
    assert part.lstrip().startswith('<div id="groups-panel"')


def test_what_was_not_known_then_is_said():
    then = "as_of=2025-06-16&known_at=2025-06-17T12:00Z"
    document = page(signed_in("analyst1"), f"{ADDRESS}?{then}")
    assert "weights or closes were not known then" in text(document)
    assert _values(document, "profit", "cause")


def test_a_span_without_anything_held_has_a_sentence():
    document = page(signed_in("analyst1"), "/portfolios/HA-11/attribution/?period=mtd")
    assert "Nothing was held in this period" in text(document)


def test_a_foreign_portfolio_has_no_attribution():
    assert signed_in("analyst1").get("/portfolios/HA-05/attribution/").status_code == 404


def _all(document):
    """Every figure of the tables: its table, name and key, with its value."""
    scopes = ("bridge", "cause", "effect", "sector", "listing", "span")
    return {
        (one.get("id").split("-")[0], one.get("data-figure"), one.get("data-key")): one.get(
            "data-value"
        )
        for one in document.xpath("//main//*[@data-figure]")
        if one.get("id").split("-")[0] in scopes
    }


def _are_alike(mine, others):
    """The same figures, each to nine places: far below a cent, and above what floats differ by."""
    assert mine.keys() == others.keys()
    apart = {
        one: (value, others[one])
        for one, value in mine.items()
        if abs(Decimal(value) - Decimal(others[one])) > Decimal("1e-9")
    }
    assert apart == {}


@pytest.mark.parametrize("period", SIZES)
def test_a_selection_of_one_is_that_portfolio(period):
    client = signed_in("analyst1")
    alone = _all(page(client, f"/portfolios/HA-02/attribution/?period={period}"))
    assert len(alone) > 100
    assert _all(page(client, f"{BOOK}?period={period}&portfolio=HA-02")) == alone


@pytest.mark.parametrize("chosen", ["", "portfolio=HA-01&portfolio=HA-04"])
def test_the_book_earns_what_its_dashboard_says(chosen):
    client = signed_in("analyst1")
    [shown] = _values(page(client, f"/?{chosen}"), "return_net_year", "tile").values()
    [earned] = _values(page(client, f"{BOOK}?{chosen}"), "return_net", "span").values()
    assert earned == pytest.approx(shown, abs=Decimal("1e-12"))


def test_a_book_in_another_currency_names_what_base_currencies_did():
    client = signed_in("analyst5")
    client.post("/preferences/", {"reporting_currency": "EUR"})
    document = page(client, f"{BOOK}?period=all")
    assert "taken as one in EUR" in text(document)
    [translation] = _values(document, "translation", "bridge").values()
    assert translation


def test_the_book_leads_there_with_its_selection():
    client = signed_in("analyst1")
    for address in ("/", "/portfolios/"):
        document = page(client, f"{address}?portfolio=HA-01&as_of=2025-10-31")
        [link] = document.xpath("//a[contains(@href, '/attribution/?')]/@href")
        assert "as_of=2025-10-31" in link
        assert "portfolio=HA-01" in link
        told = page(client, link)
        assert _values(told, "return_net", "span")
    for figure in told.xpath("//main//a[@data-figure][contains(@href, '/explain/')]"):
        answer = client.get(figure.get("href"))
        assert answer.status_code == 200, figure.get("href")


@pytest.mark.parametrize("period", SIZES)
def test_the_return_leads_to_its_own_sub_periods(period):
    client = signed_in("analyst1")
    for address in (ADDRESS, BOOK):
        [earned] = figures(page(client, f"{address}?period={period}"), "return_net")
        told = page(client, earned.get("href"))
        [value] = told.xpath("//strong[contains(@class, 'explained-value')]/@data-value")
        assert Decimal(value) == pytest.approx(
            Decimal(earned.get("data-value")), abs=Decimal("1e-12")
        )


def test_a_book_shows_nothing_of_foreign_portfolios():
    client = signed_in("analyst1")
    whole = _all(page(client, BOOK))
    assert _all(page(client, f"{BOOK}?portfolio=HA-05")) == {}
    mine = "&".join(f"portfolio=HA-{n}" for n in ("01", "02", "03", "04", "05", "11"))
    same = _all(page(client, f"{BOOK}?{mine}"))
    # Shares and effects are floats, summed in the order in which the rows come.
    _are_alike(same, whole)
    assert "Nothing was granted to you yet" in text(page(signed_in("analyst12"), BOOK))
    assert "Nothing was granted to you yet" in text(page(signed_in("executive1"), BOOK))


def test_a_book_as_known_then_is_of_what_was_known():
    client = signed_in("analyst1")
    asked = f"{BOOK}?as_of=2025-10-31&period=mtd"
    now, known = _all(page(client, asked)), _all(page(client, f"{asked}&{LATELY}"))
    _are_alike(known, now)
    early = page(client, f"{asked}&known_at=2025-11-03T00:00Z")
    assert "weights or closes were not known then" in text(early)
    assert _values(early, "profit", "cause")
    page(client, f"{BOOK}?period=soon", 400)


def test_too_many_portfolios_are_left_to_the_export(monkeypatch):
    monkeypatch.setattr(attribution, "MOST_TOGETHER", 3)
    client = signed_in("analyst1")
    document = page(client, BOOK)
    assert "5 portfolios are too many" in text(document)
    assert not _all(document)
    assert _all(page(client, f"{BOOK}?portfolio=HA-01&portfolio=HA-02"))


def test_open_lots_stand_behind_a_position():
    document = page(signed_in("analyst1"), "/portfolios/HA-01/positions/ZALT@XETR/")
    units = [Decimal(one.get("data-value")) for one in figures(document, "lot_units")]
    [held] = figures(document, "units_held")
    assert len(units) > 1
    assert sum(units) == Decimal(held.get("data-value"))
    costs = [Decimal(one.get("data-value")) for one in figures(document, "lot_cost")]
    [cost] = figures(document, "fifo_cost_base")
    assert sum(costs) == pytest.approx(Decimal(cost.get("data-value")), abs=Decimal("1e-6"))


def test_exposure_tells_how_concentrated_it_is():
    document = page(signed_in("analyst1"), "/portfolios/HA-01/exposure/?breakdown=issuer")
    for name in ("top_5_share", "herfindahl_index", "effective_number", "active_share", "turnover"):
        [one] = figures(document, name)
        assert Decimal(one.get("data-value")) > 0, name


def test_profit_by_both_methods_has_one_total():
    document = page(signed_in("analyst1"), "/portfolios/HA-01/positions/")
    names = ("average_realised", "average_unrealised", "fifo_realised", "fifo_unrealised")
    totals = [_values(document, name, "profit")["total"] for name in names]
    assert totals[0] + totals[1] == pytest.approx(totals[2] + totals[3], abs=Decimal("1e-6"))
    assert totals[0] + totals[1] == _values(document, "profit_without_income", "profit")["total"]


def test_leadership_reads_desks_by_period_and_year():
    document = page(signed_in("executive1"), "/firm/performance/")
    returns = {
        one.get("data-key"): one.get("data-value") for one in figures(document, "return_net")
    }
    assert {"Firm-month", "Firm-2024", "London-inception", "Tokyo-year"} <= returns.keys()
    assert returns["Firm-three_years"] == "", "younger than three years"
    assert not document.xpath("//*[@data-portfolio]")
    page(signed_in("analyst1"), "/firm/performance/", 403)
