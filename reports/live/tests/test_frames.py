"""What a push carries: only what changed, and nothing that acts."""

import json
import zlib

from reports.live.frames import changes, everything, frame
from reports.live.page import Page, read_page

PAGE = """<!doctype html><html><head><title>Dashboard</title></head><body>
<b id="version" data-figure="version" data-value="{version}">{version}</b>
<main id="main" data-version="{version}" data-as-of="2025-12-31">
<section id="tiles" data-live hx-get="/x"><h2>Tiles</h2>
  <span id="nav" data-figure="net_asset_value" data-value="{nav}" class="up">{nav}</span>
  <span id="spark" data-part><svg><path d="{spark}"/></svg></span>
</section>
<table id="rows" data-live><tbody>{rows}</tbody></table>
<section id="course" data-live>
  <helio-chart id="chart" data-points='{points}'></helio-chart>
</section>
</main></body></html>"""
ROW = '<tr id="row-{0}"><td id="v-{0}" data-figure="base_value" data-value="{1}">{1}</td></tr>'


def page(
    version=1, nav="10.00", spark="M0 0", rows=(("a", "1"), ("b", "2")), values=(1, 2)
) -> Page:
    dates = [f"2025-12-{day:02d}" for day in range(29, 29 + len(values))]
    points = {"dates": dates, "series": [{"key": "p", "values": list(values)}]}
    return read_page(
        PAGE.format(
            version=version,
            nav=nav,
            spark=spark,
            rows="".join(ROW.format(*row) for row in rows),
            points=json.dumps(points),
        )
    )


def test_nothing_changed_but_the_version():
    assert changes(page(), page(version=2)) == {"cells": {"version": ["2", "2", ""]}}


def test_a_changed_figure_travels_as_a_cell():
    ops = changes(page(), page(version=2, nav="10.50"))
    assert ops == {"cells": {"version": ["2", "2", ""], "nav": ["10.50", "10.50", "up"]}}


def test_a_changed_part_travels_without_its_block():
    ops = changes(page(), page(spark="M1 1"))
    assert list(ops) == ["fragments"]
    assert list(ops["fragments"]) == ["spark"]
    assert 'd="M1 1"' in ops["fragments"]["spark"]


def test_a_new_row_replaces_the_block_and_repeats_none_of_its_cells():
    ops = changes(page(), page(rows=(("a", "1"), ("b", "2"), ("c", "3"))))
    assert list(ops) == ["fragments"]
    assert "row-c" in ops["fragments"]["rows"]


def test_a_new_order_of_rows_replaces_the_block():
    ops = changes(page(), page(rows=(("b", "2"), ("a", "1"))))
    assert list(ops["fragments"]) == ["rows"]


def test_a_chart_gets_only_new_and_changed_points():
    ops = changes(page(values=(1, 2)), page(values=(1, 5, 6)))
    assert ops == {"append": {"chart": [["2025-12-30", 5], ["2025-12-31", 6]]}}


def test_a_chart_is_told_which_points_are_gone():
    ops = changes(page(values=(1, 2)), page(values=(1,)))
    assert ops == {"append": {"chart": [["2025-12-30"]]}}


def test_pushed_markup_is_inert():
    markup = everything(page())["fragments"]["tiles"]
    assert "hx-get" not in markup
    hostile = read_page(
        PAGE.format(version=1, nav="1", spark="", rows="", points="{}").replace(
            "<h2>Tiles</h2>", '<h2 onclick="x()">Tiles</h2><script>x()</script>'
        )
    )
    assert "x()" not in everything(hostile)["fragments"]["tiles"]


def test_a_block_that_appears_asks_for_the_page():
    bare = PAGE.replace('id="course" data-live', 'id="course"')
    before = read_page(bare.format(version=1, nav="1", spark="", rows="", points="{}"))
    assert changes(before, page()) == {"reload": True}


def test_a_resync_carries_every_block_and_the_figures_outside():
    ops = everything(page(version=3))
    assert sorted(ops["fragments"]) == ["course", "rows", "tiles"]
    assert ops["cells"] == {"version": ["3", "3", ""]}


def test_a_frame_is_raw_deflate_of_json():
    new = page(version=2)
    body = json.loads(zlib.decompress(frame(start=1, page=new, ops={}), wbits=-15))
    assert body == {"from": 1, "to": 2, "as_of": "2025-12-31", "title": "Dashboard", "ops": {}}
