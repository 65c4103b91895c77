"""The glossary against what pages and files show: each figure once, and none without a word."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from lxml import html

import ingestion.operations
import reports.exports
from helio.columns import Column
from helio.glossary import GlossaryFault, glossary
from helio.glossary.book import SECTIONS, read
from reports.tests.test_pages import page, signed_in, text

pytestmark = pytest.mark.usefixtures("alpha")

PEOPLE = ("analyst1", "analyst12", "manager1", "executive1", "auditor1", "operations1", "admin")
# From these every other page is reached by links; /admin/ has pages of its own making.
STARTS = ("/", "/portfolios/", "/reports/", "/firm/", "/operations/", "/findings/", "/live/")
THEN = "as_of=2025-06-16&known_at=2025-06-17T12:00Z"
# So many pages of one shape (an address with its names and numbers taken out) are alike.
OF_EACH_SHAPE = 2


def _shape(address: str) -> str:
    path = re.sub(r"[^/]*[A-Z0-9@][^/]*", "*", address.partition("?")[0])
    return re.sub(r"/(sources|explain|glossary)/[^/]+/", r"/\1/*/", path)


def _crawl(username: str) -> Iterator[tuple[str, html.HtmlElement]]:
    """Pages that the person reaches by links, some of every shape."""
    client, seen, shapes = signed_in(username), set(), {}
    waiting = [*STARTS, f"/portfolios/HA-08/?{THEN}", f"/?{THEN}"]
    while waiting:
        address = waiting.pop(0)
        shape = _shape(address)
        if address in seen or shapes.get(shape, 0) >= OF_EACH_SHAPE:
            continue
        seen.add(address)
        response = client.get(address)
        if response.status_code != 200 or "html" not in response["Content-Type"]:
            if response.status_code == 302:
                waiting.append(response["Location"])
            continue
        shapes[shape] = shapes.get(shape, 0) + 1
        document = html.document_fromstring(response.content.decode())
        yield address, document
        links = (link.partition("#")[0] for link in document.xpath("//a/@href"))
        waiting += [
            link for link in links if link.startswith("/") and not link.startswith("/admin/")
        ]


@pytest.fixture(scope="module")
def pages(alpha: str) -> list[tuple[str, str, html.HtmlElement]]:
    """Every page of every role."""
    return [(who, address, found) for who in PEOPLE for address, found in _crawl(who)]


def _columns() -> dict[str, Column]:
    """Every column of every file, by name."""
    found = {}
    for package in (reports.exports, ingestion.operations):
        for module in pkgutil.iter_modules(package.__path__):
            told = importlib.import_module(f"{package.__name__}.{module.name}")
            for column in getattr(told, "COLUMNS", ()):
                if isinstance(column, Column):
                    found[column.name] = column
    return found


def _shown(document: html.HtmlElement) -> set[str]:
    return set(document.xpath("//*[@data-figure]/@data-figure"))


def test_the_crawl_meets_the_pages_there_are(pages):
    shapes = {_shape(address) for _, address, _ in pages}
    assert len(shapes) > 35, sorted(shapes)
    for part in ("/performance/", "/exposure/", "/transactions/", "/batches/", "/crosswalk/"):
        assert any(part in shape for shape in shapes), part


def test_every_figure_on_every_page_is_in_the_glossary(pages):
    missing = {
        (name, address)
        for _, address, document in pages
        for name in _shown(document)
        if name not in glossary()
    }
    assert not missing


def test_every_page_leads_from_its_figures_to_their_definitions(pages):
    for who, address, document in pages:
        links = set(document.xpath("//a/@href"))
        for name in _shown(document):
            assert any(link.endswith(f"#{name}") for link in links), (who, address, name)


def test_every_column_of_every_file_is_in_the_glossary():
    columns = _columns()
    assert {"base_value", "return_net_year", "cash_effect", "holder", "severity"} <= columns.keys()
    assert columns.keys() - glossary().entries.keys() == set()


def test_nothing_stands_in_the_glossary_that_is_shown_nowhere(pages):
    used = set(_columns()).union(*(_shown(document) for _, _, document in pages))
    # Pages of one upload, fetch or proposal, which the case has none of; see their templates.
    folder = Path(__file__).resolve().parents[2] / "templates"
    for template in folder.rglob("*.html"):
        used.update(re.findall(r'\{% figure "([a-z_0-9]+)"', template.read_text()))
    families = {one.family for name, one in glossary().entries.items() if name in used}
    unused = {
        name
        for name, one in glossary().entries.items()
        if name not in used | families and one.family not in used
    }
    assert unused == set()


def test_a_number_has_a_number_for_a_unit():
    for name, column in _columns().items():
        words = glossary()[name].unit in ("text", "date", "time")
        assert words != column.kind.is_number, name


# --- the page -----------------------------------------------------------------------------------


def test_the_page_has_an_anchor_for_every_entry():
    document = page(signed_in("analyst1"), "/glossary/")
    ids = set(document.xpath("//@id"))
    assert glossary().entries.keys() <= ids
    assert {f"convention-{key}" for key in glossary().conventions} <= ids
    for link in document.xpath("//main//a[starts-with(@href, '#')]/@href"):
        assert link[1:] in ids


def test_a_search_needs_no_script():
    document = page(signed_in("operations1"), "/glossary/?q=deviation+√252")
    found = [entry.get("id") for entry in document.find_class("entry")]
    assert {"volatility", "tracking_error", "sharpe_ratio"} <= set(found)
    assert "cash_value" not in found
    assert "No term holds these words" in text(page(signed_in("admin"), "/glossary/?q=unicorn"))
    assert page(signed_in("admin"), f"/glossary/?q={'x' * 99}", 400) is not None


def test_a_term_opens_beside_the_page_or_as_a_page_of_its_own():
    client = signed_in("executive1")
    alone = page(client, "/glossary/maximum_drawdown/")
    assert "growth starts at 1" not in text(alone)
    assert "min over days of growth" in text(alone)
    headers = {"HX-Request": "true", "HX-Target": "div#panel-body"}
    beside = client.get("/glossary/maximum_drawdown/", headers=headers)
    assert b"<main" not in beside.content
    assert b'id="panel-title"' in beside.content
    assert "HX-Push-Url" not in beside.headers
    page(client, "/glossary/no_such_thing/", 404)


def test_the_glossary_is_for_those_who_signed_in():
    assert Client().get("/glossary/").status_code == 302


# --- the files behind it ------------------------------------------------------------------------

SOUND = """
[a_figure]
term = "A figure"
definition = "What it is."
unit = "share"
owner = "performance"
"""


def _folder(tmp_path: Path, **written: str) -> Path:
    """A glossary's folder with these terms and otherwise empty files."""
    (tmp_path / "terms").mkdir()
    for name in SECTIONS:
        (tmp_path / "terms" / f"{name}.toml").write_text(written.get(name, ""))
    for name in ("conventions", "periods"):
        (tmp_path / f"{name}.toml").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (SOUND.replace('unit = "share"\n', ""), "“unit” is missing"),
        (SOUND.replace('"share"', '"furlongs"'), "unit “furlongs” is none of"),
        (SOUND.replace('"performance"', '"nobody"'), "owner “nobody” is none of"),
        (SOUND.replace("it is.", "it is"), "no sentence"),
        (SOUND + 'colour = "red"', "there is no “colour”"),
        (SOUND + 'convention = "whim"', "which is no convention"),
        (SOUND + 'related = ["b"]', "which is no entry"),
        (SOUND + 'related = ["a_figure"]', "related to itself"),
        (SOUND + 'over = ["decade"]', "which is no period"),
        (SOUND.replace('"share"', '"text"') + 'formula = "x"', "has a formula"),
        ("[a_figure", "value.toml:"),
    ],
)
def test_a_fault_in_a_file_is_told_in_a_sentence(tmp_path, wrong: str, said: str):
    with pytest.raises(GlossaryFault, match=re.escape(said)):
        read(_folder(tmp_path, value=wrong))


def test_an_entry_said_twice_is_refused(tmp_path):
    with pytest.raises(GlossaryFault, match="said twice"):
        read(_folder(tmp_path, value=SOUND, risk=SOUND))


def test_a_file_of_no_section_is_refused(tmp_path):
    folder = _folder(tmp_path)
    (folder / "terms" / "forgotten.toml").touch()
    with pytest.raises(GlossaryFault, match="belongs to no section"):
        read(folder)
