"""A rendered page taken apart into what a push can change: figures, parts, blocks and charts.

* a **figure** is an element with ``id`` and ``data-figure``: its text and value change alone;
* a **part** is an element with ``id`` and ``data-part`` inside a block: replaced on its own;
* a **block** is an element with ``id`` and ``data-live``: replaced when its structure changed;
* a **chart** is a ``helio-chart`` element with ``id``: points are appended or changed by date.
"""

import json
from dataclasses import dataclass, field
from typing import Any

from lxml import html

FIGURES = "descendant-or-self::*[@id][@data-figure]"
PARTS = "descendant::*[@id][@data-part]"
BLOCKS = "//*[@id][@data-live]"
CHARTS = "descendant-or-self::helio-chart[@id]"
INERT_ATTRIBUTES = ("hx-", "on", "ws-")


@dataclass(frozen=True)
class Figure:
    """A figure as shown: its text, its exact value and the classes that carry its sign."""

    text: str
    value: str
    css: str


@dataclass(frozen=True)
class Fragment:
    """A replaceable piece of a page: its markup, and its shape once figures are taken out."""

    markup: str
    shape: str


@dataclass(frozen=True)
class Page:
    """One page at one version, ready to be compared with the same page at another."""

    version: int
    as_of: str
    title: str
    figures: dict[str, Figure] = field(default_factory=dict)
    parts: dict[str, Fragment] = field(default_factory=dict)
    blocks: dict[str, Fragment] = field(default_factory=dict)
    charts: dict[str, dict[str, Any]] = field(default_factory=dict)
    home: dict[str, str] = field(default_factory=dict)
    """Id of the part or block each inner figure, part or chart stands in."""


def read_page(markup: str) -> Page:
    """The page whose full HTML is ``markup``; raises ValueError when it has no main element."""
    document = html.document_fromstring(markup)
    main = document.find(".//main")
    if main is None or not main.get("data-version"):
        raise ValueError("A live page needs a main element with data-version.")
    title = document.findtext(".//title") or ""
    home: dict[str, str] = {}
    figures = _figures(document)
    charts = {chart.get("id"): _points(chart) for chart in document.xpath("//helio-chart[@id]")}
    parts: dict[str, Fragment] = {}
    blocks: dict[str, Fragment] = {}
    for block in document.xpath(BLOCKS):
        _settle(block, block.get("id"), home)
        for part in block.xpath(PARTS):
            _settle(part, part.get("id"), home)
            home[part.get("id")] = block.get("id")
            parts[part.get("id")] = _fragment(part)
        blocks[block.get("id")] = _fragment(block)
    return Page(
        version=int(main.get("data-version")),
        as_of=main.get("data-as-of") or "",
        title=title.strip(),
        figures=figures,
        parts=parts,
        blocks=blocks,
        charts=charts,
        home=home,
    )


def _figures(document: html.HtmlElement) -> dict[str, Figure]:
    return {
        element.get("id"): Figure(
            text=element.text_content().strip(),
            value=element.get("data-value") or "",
            css=element.get("class") or "",
        )
        for element in document.xpath("//*[@id][@data-figure]")
    }


def _settle(element: html.HtmlElement, owner: str, home: dict[str, str]) -> None:
    for inner in (*element.xpath(FIGURES), *element.xpath(CHARTS)):
        home[inner.get("id")] = owner


def _points(chart: html.HtmlElement) -> dict[str, Any]:
    return json.loads(chart.get("data-points") or "{}")


def _fragment(element: html.HtmlElement) -> Fragment:
    _make_inert(element)
    markup = html.tostring(element, encoding="unicode", with_tail=False)
    return Fragment(markup=markup, shape=_shape(markup))


def _make_inert(element: html.HtmlElement) -> None:
    """Pushed markup carries no behaviour of its own: neither scripts nor htmx attributes."""
    for script in element.xpath("descendant::script"):
        script.drop_tree()
    for node in element.iter(html.etree.Element):
        for name in [key for key in node.attrib if key.startswith(INERT_ATTRIBUTES)]:
            del node.attrib[name]


def _shape(markup: str) -> str:
    """Markup with figures, parts and chart points emptied: equal while only those changed."""
    element = html.fragment_fromstring(markup)
    own_id = element.get("id")
    for inner in element.xpath(PARTS):
        if inner.get("id") != own_id:
            _empty(inner, keep=("id", "data-part"))
    for inner in element.xpath(CHARTS):
        inner.attrib.pop("data-points", None)
        _empty(inner, keep=tuple(inner.attrib))
    for inner in element.xpath(FIGURES):
        _empty(inner, keep=("id", "data-figure", "data-portfolio", "data-key"))
    return html.tostring(element, encoding="unicode")


def _empty(element: html.HtmlElement, keep: tuple[str, ...]) -> None:
    tail = element.tail
    attributes = {name: value for name, value in element.attrib.items() if name in keep}
    element.clear()
    element.attrib.update(attributes)
    element.tail = tail
