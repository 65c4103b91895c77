"""The side panel: opened from a figure or a label, by mouse or keyboard, it gives focus back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from helio.testing.site import Site

SignIn = Callable[[str], Page]


def _overview(sign_in: SignIn, site: Site) -> Page:
    page = sign_in("analyst1")
    page.goto(f"{site.url}/portfolios/HA-01/")
    return page


def test_a_figure_opens_beside_the_page_and_closes_where_it_was(
    sign_in: SignIn, site: Site, complaints: list[str]
) -> None:
    page = _overview(sign_in, site)
    address = page.url
    tile = page.locator("#tile-net_asset_value")
    tile.focus()
    page.keyboard.press("Enter")
    panel = page.locator("#side-panel")
    expect(panel).to_be_visible()
    expect(page.locator("#panel-title")).to_be_focused()
    shown = page.locator(".explained-value").get_attribute("data-value") or ""
    assert float(shown) == pytest.approx(float(tile.get_attribute("data-value") or "nan"))
    assert page.url == address
    page.locator("#panel-body .explained-part a").first.click()
    expect(page.locator("#panel-title")).to_contain_text("Value")
    page.locator("#panel-back").click()
    expect(page.locator("#panel-title")).to_contain_text("Net asset value")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(tile).to_be_focused()


def test_a_label_opens_its_definition_without_moving_the_page(
    sign_in: SignIn, site: Site, complaints: list[str]
) -> None:
    page = _overview(sign_in, site)
    page.locator("#tiles .term").first.click()
    expect(page.locator("#panel-title")).to_have_text("Net asset value")
    expect(page.locator("#panel-body")).to_contain_text("Portfolio accounting")
    assert "/glossary/" not in page.url


def test_without_a_script_a_figure_leads_to_a_page_of_its_own(
    browser: Browser, sign_in: SignIn, site: Site
) -> None:
    signed = _overview(sign_in, site)
    quiet = browser.new_context(
        java_script_enabled=False, storage_state=signed.context.storage_state()
    )
    page = quiet.new_page()
    page.goto(signed.url)
    page.locator("#tile-day_pnl").click()
    expect(page).to_have_url(re.compile("/portfolios/HA-01/explain/day_pnl/"))
    expect(page.locator("main")).to_contain_text("Since the day before")
    quiet.close()
