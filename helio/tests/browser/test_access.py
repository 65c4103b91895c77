"""A manager ends access in the admin; the page that was open empties itself."""

import time
from collections.abc import Callable

from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from helio.testing.site import Site


def test_ending_a_grant_in_the_admin_empties_the_open_page(
    sign_in: Callable[[str], Page], browser: Browser, site: Site
) -> None:
    page = sign_in("analyst2")
    page.goto(f"{site.url}/portfolios/HA-04/")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    manager = browser.new_context().new_page()
    manager.goto(f"{site.url}/accounts/login/?next=/admin/portfolios/portfoliousergrant/")
    manager.fill("input[name=username]", "manager1")
    manager.fill("input[name=password]", settings.HELIO_DEMO_PASSWORD)
    manager.press("input[name=password]", "Enter")
    row = manager.locator("#result_list tbody tr", has_text="analyst2").filter(has_text="HA-04")
    row.locator("input.action-select").check()
    manager.select_option("select[name=action]", label="End access now")
    manager.get_by_role("button", name="Go").click()
    ended = time.monotonic()
    expect(page.locator("main")).to_contain_text("access", timeout=5000)
    assert page.locator("[data-figure=net_asset_value]").count() == 0
    assert time.monotonic() - ended < 5
    page.goto(f"{site.url}/portfolios/HA-04/")
    expect(page.locator("main")).not_to_contain_text("Dogwood")
    manager.context.close()
