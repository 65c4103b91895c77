"""Marks, links and strictness of the markup, without a database."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory

from helio.numbers import NotApplicable

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
TEMPLATE_TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=|<style\b"),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=|\shx-on"),
    "an inline script": re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))"),
    "a foreign address": re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//"),
}


def rendered(source, path="/portfolios/", **context):
    request = RequestFactory().get(path)
    tags = "{% load figures links %}"
    return Template(tags + source).render(Context({"request": request, **context}))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_needs_a_looser_policy(path: Path, what: str):
    found = FORBIDDEN[what].search(TEMPLATE_TAGS.sub("", path.read_text()))
    assert not found, f"{path.name} has {what}: {found.group() if found else ''}"


def test_a_figure_carries_its_marks_and_full_precision():
    html = rendered(
        '{% figure "net_asset_value" value "money" portfolio="HA-01" scope="list" places=0 %}',
        value=1234567.891,
    )
    assert html == (
        '<a id="list-net_asset_value-HA-01" class="figure" data-figure="net_asset_value"'
        ' data-value="1234567.891" data-portfolio="HA-01"'
        ' href="/explain/net_asset_value/?portfolio=HA-01">1,234,568</a>'
    )


@pytest.mark.parametrize(
    ("tag", "href"),
    [
        (
            '"day_pnl" 1 scope="tile"',
            "/explain/day_pnl/?as_of=2025-10-31&amp;portfolio=HA-02&amp;portfolio=HA-03",
        ),
        (
            '"base_value" 1 portfolio="HA-01" key="ZORB@XNYS"',
            "/portfolios/HA-01/explain/base_value/?as_of=2025-10-31&amp;key=ZORB%40XNYS",
        ),
        (
            '"share_of_nav" 1 key="Energy" scope="sector"',
            "&amp;key=Energy&amp;breakdown=sector&amp;portfolio=HA-02&amp;portfolio=HA-03",
        ),
    ],
)
def test_a_figure_leads_to_its_explanation_at_the_dates_chosen(tag: str, href: str):
    path = "/?as_of=2025-10-31&sort=code&portfolio=HA-02&portfolio=HA-03"
    assert href in rendered("{% figure " + tag + " %}", path)


def test_what_the_glossary_alone_tells_is_no_link():
    assert rendered('{% figure "received" 1 "units" %}').startswith("<span ")
    assert rendered('{% figure "units" 1 portfolio="A" key=3 scope="transaction" %}').startswith(
        "<span "
    )


def test_a_missing_figure_has_an_empty_value_and_a_dash():
    html = rendered('{% figure "day_pnl" value "money" signed=True %}', value=None)
    assert 'data-value=""' in html
    assert html.endswith(">–</a>")


def test_a_figure_that_does_not_apply_says_why():
    html = rendered(
        '{% figure "return_net_year" value "percent" %}', value=NotApplicable("Began in <May>")
    )
    assert 'title="Began in &lt;May&gt;"' in html
    assert ">n/a</a>" in html


def test_a_loss_that_reads_as_zero_is_not_coloured():
    assert 'class="figure signed flat"' in rendered(
        '{% figure "day_pnl" value "money" signed=True %}', value=-0.001
    )
    assert 'class="figure signed"' in rendered(
        '{% figure "day_pnl" value "money" signed=True %}', value=-0.01
    )


def test_a_key_becomes_an_id_that_a_selector_can_name():
    html = rendered('{% figure "base_value" 1 "money" portfolio="HA-01" key="ZORB@XNYS" %}')
    assert 'id="base_value-HA-01-ZORB-XNYS"' in html
    assert 'data-key="ZORB@XNYS"' in html


def test_links_carry_the_dates_and_drop_what_belongs_to_one_page():
    path = "/portfolios/?as_of=2025-10-31&sort=name&page=2"
    assert rendered('{% page "/reports/" %}', path) == "/reports/?as_of=2025-10-31"
    assert rendered('{% same_page page="" as address %}{{ address|safe }}', path) == (
        "/portfolios/?as_of=2025-10-31&sort=name"
    )


def test_a_sort_header_is_a_link_that_says_how_the_table_is_sorted():
    html = rendered('{% sort_header "name" "Name" "rows" number=False %}', sort="name")
    assert 'aria-sort="ascending"' in html
    assert 'href="/portfolios/?sort=-name"' in html
    assert 'hx-get="/portfolios/?sort=-name"' in html


def test_a_form_keeps_the_parameters_it_does_not_replace():
    html = rendered('{% hidden_state "as_of" %}', "/?as_of=2025-10-31&sort=%22x&page=3")
    assert html == '<input type="hidden" name="sort" value="&quot;x">'


def test_a_sparkline_needs_two_points():
    assert "polyline" in rendered('{% sparkline values "P" key="a" %}', values=[1, None, 3])
    assert "polyline" not in rendered('{% sparkline values "P" key="a" %}', values=[1, None])
    assert "NaN" not in rendered('{% sparkline values "P" key="a" %}', values=[2, 2, 2])
