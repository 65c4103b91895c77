"""Contribution, attribution and the value bridge as people read them: sums that they can check."""

from decimal import Decimal

import pytest

from reports.tests.test_pages import figures, page, signed_in, text

pytestmark = pytest.mark.usefixtures("alpha")

ADDRESS = "/portfolios/HA-01/attribution/"
SIZES = ("mtd", "qtd", "ytd", "1y", "all")


@pytest.fixture(autouse=True)
def _open(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def _values(document, name, scope):
    """Values of a figure in one table, by key."""
    found = [one for one in figures(document, name) if one.get("id").startswith(f"{scope}-")]
    return {one.get("data-key"): Decimal(one.get("data-value")) for one in found}


@pytest.mark.parametrize("period", SIZES)
def test_the_tables_sum_to_what_they_end_with(period):
    document = page(signed_in("analyst1"), f"{ADDRESS}?period={period}")

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
