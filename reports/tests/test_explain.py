"""Explanations as people open them: from a figure, beside the page or alone."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.tests.test_pages import page, signed_in, text

pytestmark = pytest.mark.usefixtures("alpha")

BESIDE = {"HX-Request": "true", "HX-Target": "div#panel-body"}
DAY = "as_of=2025-10-31"
THEN = "as_of=2025-06-16&known_at=2025-06-17T12:00Z"
MOST_QUERIES = 40
OF_EACH_NAME = 1
LINKS_TRIED = 3
PAGES = (
    ("analyst1", f"/?{DAY}"),
    ("analyst1", f"/portfolios/?{DAY}"),
    ("analyst1", f"/portfolios/HA-01/?{DAY}"),
    ("analyst1", f"/portfolios/HA-02/positions/?{DAY}"),
    ("analyst1", f"/portfolios/HA-01/performance/?{DAY}"),
    ("analyst1", f"/portfolios/HA-03/exposure/?breakdown=domicile&{DAY}"),
    ("analyst5", f"/portfolios/HA-05/?{DAY}"),
    ("analyst5", f"/?{DAY}"),
    ("executive1", f"/firm/?{DAY}"),
    ("auditor1", f"/portfolios/HA-08/?{THEN}"),
)


@pytest.fixture(autouse=True)
def _open(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def _links(document):
    """The figures of a page that can be opened: value shown, name and address.

    A difference of then and now opens to what changed: it is told there, beside the figure.
    """
    return [
        (link.get("data-value"), link.get("data-figure"), link.get("href"))
        for link in document.xpath("//a[@data-figure]")
        if not link.get("id").startswith("difference-")
    ]


@pytest.fixture(scope="module")
def followed():
    """Who followed which address already."""
    return set()


@pytest.mark.parametrize(("username", "path"), PAGES)
def test_every_figure_of_a_page_opens_to_an_explanation_of_that_very_value(
    username, path, followed
):
    client = signed_in(username)
    links = _links(page(client, path))
    assert len(links) > 5
    kinds: dict[str, int] = {}
    for value, name, address in links:
        # Of a column of alike figures some are enough.
        kinds[name] = kinds.get(name, 0) + 1
        if kinds[name] > OF_EACH_NAME:
            continue
        document = page(client, address)
        told = document.find_class("explained-value")
        if not value:
            assert not told or told[0].get("data-value") == "", (name, address)
            continue
        shown = float(told[0].get("data-value"))
        assert shown == pytest.approx(float(value), rel=1e-7, abs=1e-9), (name, address)
        assert document.find_class("explained-part"), (name, address)
        if kinds[name] == 1:
            links = {(username, link) for link in _links_tried(document)} - followed
            for _, link in sorted(links):
                assert client.get(link).status_code == 200, (address, link)
            followed |= links


def _links_tried(document):
    """Some of the addresses that an explanation leads on to."""
    links = set(document.xpath("//section[contains(@class, 'panel-alone')]//a/@href"))
    return {link.partition("#")[0] for link in sorted(links)[:LINKS_TRIED]}


def test_beside_a_page_an_explanation_is_its_panel_alone_and_keeps_the_address():
    client = signed_in("analyst1")
    answer = client.get(f"/portfolios/HA-01/explain/net_asset_value/?{DAY}", headers=BESIDE)
    content = answer.content.decode()
    assert "<main" not in content
    assert 'id="panel-title"' in content
    assert re.search(r"version \d+", content)
    assert "HX-Push-Url" not in answer.headers


def test_a_position_opens_to_the_line_its_price_came_in():
    document = page(
        signed_in("analyst1"), f"/portfolios/HA-01/explain/base_value/?key=ZORB%40XNYS&{DAY}"
    )
    said = text(document)
    assert "Units × price × rate" in said
    assert "Close of ZORB@XNYS" in said
    assert re.search(r"File ?\S+, line \d+", said)
    assert document.find_class("source-line")


def test_a_foreign_portfolio_and_an_unknown_one_look_alike():
    client = signed_in("analyst1")
    foreign = client.get("/portfolios/HA-05/explain/net_asset_value/")
    unknown = client.get("/portfolios/ZZ-99/explain/net_asset_value/")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


def test_a_selection_tells_of_nothing_outside_the_perimeter():
    client = signed_in("analyst1")
    everything = text(page(client, "/explain/net_asset_value/"))
    assert "HA-01" in everything
    assert "HA-05" not in everything
    chosen = page(client, "/explain/net_asset_value/?portfolio=HA-05&portfolio=HA-01")
    assert "HA-05" not in text(chosen.find_class("panel-alone")[0])
    nothing = page(signed_in("analyst12"), "/explain/net_asset_value/")
    assert not nothing.find_class("explained-part")


def test_leadership_is_told_of_desks_and_never_of_a_portfolio():
    client = signed_in("executive1")
    for figure in ("net_asset_value", "day_pnl", "return_net_year"):
        document = page(client, f"/firm/explain/{figure}/?{DAY}")
        assert document.find_class("explained-part")
        assert not re.search(r"\bHA-\d\d\b", text(document))
        alone = page(client, f"/explain/{figure}/?{DAY}")
        assert not alone.find_class("explained-part"), "no portfolio, nothing to tell"
    assert signed_in("analyst1").get("/firm/explain/net_asset_value/").status_code == 403
    assert client.get("/portfolios/HA-01/explain/net_asset_value/").status_code == 404


def test_a_restated_figure_is_told_by_what_became_known():
    client = signed_in("auditor1")
    for address in (
        f"/portfolios/HA-08/explain/net_asset_value/?{THEN}",
        "/portfolios/HA-08/explain/net_asset_value/?as_of=2025-06-16&since=2025-06-17T12:00Z",
    ):
        said = text(page(client, address))
        assert "Records amended (1)" in said
        assert "+1,616.58" in said
        assert "Dividend amended" in said


def test_since_takes_a_version_or_a_moment_and_refuses_the_rest_in_a_sentence():
    client = signed_in("analyst1")
    address = f"/portfolios/HA-01/explain/net_asset_value/?{DAY}"
    assert "Since then, by what became known" in text(page(client, f"{address}&since=1"))
    for wrong, said in (
        ("since=99999", "There is no version 99999."),
        ("since=soon", "is no time for since"),
        ("since=2200-01-01T00:00Z", "is still to come"),
        ("since=2020-01-01T00:00Z", "nothing was known yet"),
        ("breakdown=mood", "Choose a breakdown"),
        (f"key={'x' * 99}", "80 characters at most"),
        ("colour=red", "takes no “colour”"),
    ):
        assert said in text(page(client, f"{address}&{wrong}", 400)), wrong
    page(client, "/portfolios/HA-01/explain/nothing/", 404)
    page(client, "/portfolios/HA-01/explain/return_net/?key=nonsense", 404)


def test_what_is_only_recorded_has_its_definition():
    said = text(page(signed_in("analyst1"), "/explain/charges/"))
    assert "Commission, fees and taxes of a trade" in said
    assert "It is recorded, or told where it stands." in said


@pytest.mark.parametrize(
    "address",
    [
        "/portfolios/HA-01/explain/net_asset_value/",
        "/portfolios/HA-01/explain/base_value/?key=ZORB%40XNYS",
        "/portfolios/HA-01/explain/return_net_inception/",
        "/portfolios/HA-01/explain/volatility/",
        "/explain/day_pnl/",
        "/explain/share_of_nav/?key=Energy&breakdown=sector",
    ],
)
def test_an_explanation_asks_a_bounded_number_of_questions(address):
    client = signed_in("analyst1")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address, headers=BESIDE).status_code == 200
    assert len(asked) <= MOST_QUERIES, "\n".join(query["sql"][:120] for query in asked)


# --- the firm since a version -------------------------------------------------------------------

SINCE = "/firm/explain/net_asset_value/since/"


@pytest.mark.parametrize("username", ["analyst1", "manager1", "operations1"])
def test_only_leadership_asks_why_the_firm_changed(username):
    assert signed_in(username).post(SINCE, {"since": "1"}).status_code == 403


@pytest.mark.parametrize("since", ["", "soon", "999999", "2026-01-01T00:00"])
def test_a_version_that_is_none_is_refused_in_a_sentence(since):
    answer = signed_in("executive1").post(SINCE, {"since": since})
    assert answer.status_code == 400
    assert b"There is no version" in answer.content


def test_the_newest_version_is_compared_with_an_earlier_one_alone():
    client = signed_in("executive1")
    newest = page(client, "/firm/").get_element_by_id("main").get("data-version")
    answer = client.post(SINCE, {"since": newest})
    assert answer.status_code == 400
    assert b"a version before the newest" in answer.content
