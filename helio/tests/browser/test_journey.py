"""An analyst's way from the sign-in page to a source line, and back out with a file."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from helio.testing.site import Site


def test_from_sign_in_to_the_source_line_to_an_export(
    sign_in: Callable[[str], Page], complaints: list[str]
) -> None:
    page = sign_in("analyst2")
    expect(page.locator("[data-figure=net_asset_value]").first).to_be_visible()
    page.get_by_role("link", name="HA-01").first.click()
    expect(page.locator("main")).to_have_attribute("data-page", "portfolio-overview")
    page.get_by_role("link", name="All positions").click()
    page.locator("main").get_by_role("link", name="ZALT@XETR").first.click()
    expect(page.locator("h2", has_text="Transactions").first).to_be_visible()
    page.locator("main table a[href*='/transactions/']").first.click()
    expect(page.locator("#source-line")).to_contain_text("NYC/GLB/01")
    page.get_by_role("link", name="Positions", exact=True).first.click()
    shown = page.locator("[data-figure=base_value]").first.get_attribute("data-value")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").first.click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert shown in {row["base_value"] for row in rows}


def test_a_foreign_portfolio_is_as_unknown_as_one_that_does_not_exist(
    sign_in: Callable[[str], Page], page: Page
) -> None:
    sign_in("analyst2")
    origin = page.url
    foreign = page.goto(f"{origin}portfolios/HA-05/")
    words = page.locator("main").inner_text()
    unknown = page.goto(f"{origin}portfolios/HA-99/")
    assert foreign is not None
    assert unknown is not None
    assert (foreign.status, unknown.status) == (404, 404)
    assert words == page.locator("main").inner_text()


def test_the_journey_needs_no_script(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/accounts/login/")
    page.fill("input[name=username]", "analyst2")
    page.fill("input[name=password]", settings.HELIO_DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("[data-figure=net_asset_value]").first).to_be_visible()
    page.goto(f"{site.url}/portfolios/HA-01/positions/?sort=name&as_of=2025-06-30")
    expect(page.locator("main")).to_have_attribute("data-as-of", "2025-06-30")
    context.close()
