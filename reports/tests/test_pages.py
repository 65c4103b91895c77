"""Every page for every role: what it shows, what it refuses, and how much it asks."""

import re
from collections import Counter
from datetime import date
from urllib.parse import urljoin

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from helio.accounts.models import User
from reports.live.frames import changes
from reports.live.page import read_page

pytestmark = pytest.mark.usefixtures("alpha")

PORTFOLIO_PAGES = (
    "",
    "positions/",
    "transactions/",
    "performance/",
    "attribution/",
    "exposure/",
)
MOST_QUERIES = 40


@pytest.fixture(autouse=True)
def _open(django_db_blocker):
    with django_db_blocker.unblock():
        yield


def signed_in(username):
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def page(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status, f"{path}: {response.status_code}"
    return html.document_fromstring(response.content.decode())


def figures(document, name):
    return document.xpath(f"//*[@data-figure='{name}']")


def text(document):
    return " ".join(document.text_content().split())


# --- by role ------------------------------------------------------------------------------------


def test_an_analyst_meets_the_portfolios_granted_and_no_other():
    document = page(signed_in("analyst1"), "/")
    codes = {figure.get("data-portfolio") for figure in figures(document, "net_asset_value")}
    assert codes - {None} == {"HA-01", "HA-02", "HA-03", "HA-04"}
    assert "HA-11 Kapok Opportunities" in text(document), "closed, and still theirs"
    assert "HA-05" not in text(document)


def test_an_analyst_without_any_grant_is_told_whom_to_ask():
    document = page(signed_in("analyst12"), "/")
    assert "Nothing was granted to you yet" in text(document)
    assert not figures(document, "net_asset_value")


def test_a_manager_sees_the_people_beside_the_portfolios():
    document = page(signed_in("manager1"), "/")
    people = document.get_element_by_id("people").text_content()
    assert "analyst1" in people
    assert "analyst5" not in people


def test_an_executive_meets_the_firm_and_no_portfolio():
    client = signed_in("executive1")
    assert client.get("/").headers["Location"] == "/firm/"
    document = page(client, "/firm/")
    assert figures(document, "net_asset_value")
    assert not document.xpath("//*[@data-portfolio]")
    page(client, "/portfolios/HA-01/", 404)


def test_an_auditor_has_three_actions_and_sees_every_portfolio():
    client = signed_in("auditor1")
    document = page(client, "/")
    assert len(document.find_class("action")) == 3
    listed = page(client, "/portfolios/")
    assert len(listed.xpath("//tbody/tr")) + len(listed.xpath("//p[@id='without-figures']/a")) == 16
    assert "analyst11" in text(page(client, "/access/"))
    assert client.get("/access/?format=csv").content.startswith(b"code,name,holder,right")


def test_operations_and_administrators_meet_no_figures():
    assert signed_in("operations1").get("/").headers["Location"] == "/operations/"
    for username in ("operations1", "admin"):
        document = page(signed_in(username), "/portfolios/")
        assert "Nothing was granted to you yet" in text(document)
    assert not figures(page(signed_in("admin"), "/"), "net_asset_value")


@pytest.mark.parametrize("username", ["analyst1", "manager1", "operations1", "admin"])
def test_the_firm_is_for_leadership(username):
    document = page(signed_in(username), "/firm/", 403)
    assert "This page is for people with the role executive or auditor" in text(document)


@pytest.mark.parametrize("path", ["/", "/portfolios/", "/portfolios/HA-01/", "/firm/", "/access/"])
def test_nobody_reads_anything_without_signing_in(path):
    response = Client().get(path)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=")


# --- the perimeter ------------------------------------------------------------------------------


@pytest.mark.parametrize("below", PORTFOLIO_PAGES)
def test_a_foreign_portfolio_and_an_unknown_one_look_alike(below):
    client = signed_in("analyst1")
    foreign = client.get(f"/portfolios/HA-05/{below}")
    unknown = client.get(f"/portfolios/ZZ-99/{below}")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


def test_a_foreign_transaction_is_not_found_under_an_own_portfolio():
    theirs = page(signed_in("analyst5"), "/portfolios/HA-05/transactions/")
    link = theirs.xpath("//tbody/tr/th/a/@href")[0]
    stranger = signed_in("analyst1")
    for address in (link, link.replace("HA-05", "HA-01")):
        assert stranger.get(address).status_code == 404


# --- marks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/portfolios/", *(f"/portfolios/HA-01/{below}" for below in PORTFOLIO_PAGES)]
)
def test_every_page_carries_its_marks(path):
    document = page(signed_in("analyst1"), path)
    main = document.get_element_by_id("main")
    assert int(main.get("data-version")) > 0
    assert date.fromisoformat(main.get("data-as-of"))
    repeated = [name for name, times in Counter(document.xpath("//@id")).items() if times > 1]
    assert repeated == []
    for figure in document.xpath("//*[@data-figure]"):
        assert figure.get("id"), html.tostring(figure)
        assert re.fullmatch(r"(-?\d+(\.\d+)?)?", figure.get("data-value"))
    assert not document.xpath("//*[@data-live]//*[@data-live]"), "live blocks do not nest"
    assert " ok" in document.get_element_by_id("trust").text_content()


def test_a_page_rendered_again_gives_a_push_nothing_to_send():
    client = signed_in("analyst1")
    first, second = (read_page(client.get("/portfolios/HA-01/").content.decode()) for _ in "12")
    assert changes(first, second) == {}


def test_totals_equal_their_rows():
    document = page(signed_in("analyst1"), "/portfolios/HA-01/positions/")
    values = {
        one.get("data-key"): float(one.get("data-value")) for one in figures(document, "base_value")
    }
    total = values.pop("total")
    assert sum(values.values()) == pytest.approx(total, abs=0.01)
    tile = page(signed_in("analyst1"), "/portfolios/HA-01/")
    nav = tile.get_element_by_id("tile-net_asset_value").get("data-value")
    assert float(nav) == pytest.approx(total, abs=0.02)


# --- drill-down ---------------------------------------------------------------------------------


def test_a_figure_drills_down_to_the_line_as_received():
    client = signed_in("analyst1")
    positions = page(client, "/portfolios/HA-01/").xpath("//a[.='Positions']/@href")[0]
    listing = page(client, positions).xpath("//tbody/tr/th/a/@href")[0]
    record = page(client, listing).xpath("//div[@id='transactions-rows']//tbody/tr/th/a/@href")[0]
    document = page(client, record)
    reference = document.xpath("//nav[@class='crumbs']/span")[-1].text
    assert reference in document.get_element_by_id("source-line").text_content()


# --- state in the address -----------------------------------------------------------------------


def test_an_earlier_day_is_shown_and_carried_by_links():
    document = page(signed_in("analyst1"), "/?as_of=2025-06-30")
    assert document.get_element_by_id("main").get("data-as-of") == "2025-06-30"
    assert "Not the newest day" in text(document)
    links = document.xpath("//table//a[starts-with(@href, '/portfolios/')]/@href")
    assert links
    assert all("as_of=2025-06-30" in link for link in links)


def test_a_day_without_session_shows_the_one_before():
    document = page(signed_in("analyst1"), "/portfolios/HA-01/?as_of=2025-06-29")
    assert document.get_element_by_id("main").get("data-as-of") == "2025-06-27"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/?sort=colour", "cannot be sorted by “colour”"),
        ("/?colour=red", "takes no “colour”"),
        ("/?as_of=31.10.2025", "is no date; write it like"),
        ("/?period=10y", "is no period here"),
        ("/portfolios/?portfolio=%27", "is no portfolio code"),
        ("/portfolios/HA-01/exposure/?breakdown=mood", "is no breakdown here"),
        ("/portfolios/HA-01/transactions/?page=999", "There is no page 999"),
        ("/portfolios/HA-01/transactions/?listing=NIX", "is no listing"),
        ("/portfolios/HA-01/transactions/?known_at=soon", "is no time for known_at"),
    ],
)
def test_what_is_not_understood_is_refused_in_a_sentence(path, said):
    assert said in text(page(signed_in("analyst1"), path, 400))


@pytest.mark.parametrize("order", ["net_asset_value", "-net_asset_value"])
def test_a_table_is_sorted_by_the_server(order):
    document = page(signed_in("analyst1"), f"/portfolios/?sort={order}")
    rows = document.xpath("//tbody//*[@data-figure='net_asset_value']")
    values = [float(row.get("data-value")) for row in rows]
    assert values == sorted(values, reverse=order.startswith("-"))


def test_htmx_gets_the_part_it_asks_for_and_history_the_page():
    client = signed_in("analyst1")
    headers = {"HX-Request": "true", "HX-Target": "div#exposure-panel"}
    part = client.get("/?breakdown=currency", headers=headers)
    assert part.content.lstrip().startswith(b'<div id="exposure-panel"')
    assert "HX-Target" in part.headers["Vary"]
    restored = client.get("/", headers={**headers, "HX-History-Restore-Request": "true"})
    assert b"<main" in restored.content


def test_a_part_keeps_what_the_other_panels_of_the_page_show():
    client = signed_in("analyst1")
    headers = {"HX-Request": "true", "HX-Target": "div#exposure-panel"}
    current = {"HX-Current-URL": "http://testserver/?period=1m"}
    part = client.get("/?breakdown=currency", headers={**headers, **current})
    assert part.headers["HX-Push-Url"] == "/?breakdown=currency&period=1m"
    elsewhere = {"HX-Current-URL": "http://testserver/firm/?period=1m"}
    part = client.get("/?breakdown=currency", headers={**headers, **elsewhere})
    assert part.headers["HX-Push-Url"] == "/?breakdown=currency"


def test_htmx_starts_after_its_extension_is_there():
    scripts = page(signed_in("analyst1"), "/").xpath("//script")
    waiting = {one.get("src").rpartition("/")[2]: one.get("defer") is not None for one in scripts}
    assert waiting["hx-ws.min.js"]
    assert not waiting["htmx.min.js"]


def test_the_theme_is_kept_and_sends_nobody_away():
    client = signed_in("analyst1")
    response = client.post("/theme/", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"
    assert client.get("/").content.count(b'data-bs-theme="dark"') == 1
    assert client.post("/theme/", {"theme": "pink"}).status_code == 400


@pytest.fixture(scope="module")
def followed():
    """The places (ids) of each page that was followed already, by who followed its address."""
    return {}


def _places(answer):
    """The places of a page that a link can lead to."""
    assert answer.status_code in (200, 302), answer.request["PATH_INFO"]
    return set(re.findall(r'\bid="([^"]+)"', answer.content.decode(errors="replace")))


@pytest.mark.parametrize(
    ("username", "start"),
    [
        ("analyst1", "/?as_of=2025-10-31"),
        ("analyst1", "/portfolios/HA-01/?period=1m"),
        ("analyst1", "/portfolios/HA-01/transactions/?known_at=2025-06-01T00:00&page=2"),
        ("manager1", "/"),
        ("executive1", "/firm/"),
        ("auditor1", "/"),
        ("admin", "/"),
    ],
)
def test_every_link_of_a_page_leads_somewhere(username, start, followed):
    client = signed_in(username)
    links = {
        link
        for link in page(client, start).xpath("//a/@href")
        if link.startswith(("/", "?")) and "/export" not in link
    }
    assert len(links) > 5
    for link in sorted(links):
        # As a browser takes it from that page: it asks once, whatever the place on the page.
        address, _, place = urljoin(start, link).partition("#")
        if (username, address) not in followed:
            followed[username, address] = _places(client.get(address))
        assert not place or place in followed[username, address], link


# --- cost ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/portfolios/", *(f"/portfolios/HA-01/{below}" for below in PORTFOLIO_PAGES)]
)
def test_a_page_asks_a_bounded_number_of_questions(path):
    client = signed_in("analyst1")
    with CaptureQueriesContext(connection) as asked:
        page(client, path)
    assert len(asked) <= MOST_QUERIES, "\n".join(query["sql"][:120] for query in asked)
