"""Each seat of the firm signs in and is greeted by its own page, without a complaint."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from helio.testing.site import Site

PEOPLE = ["analyst1", "manager1", "executive1", "auditor1", "operations1", "admin"]


@pytest.mark.parametrize("name", PEOPLE)
def test_each_role_is_greeted_by_its_page(
    sign_in: Callable[[str], Page], complaints: list[str], name: str
) -> None:
    page = sign_in(name)
    expect(page.locator("main#main")).to_be_visible()
    assert page.locator("main#main").get_attribute("data-page")
    page.wait_for_timeout(500)  # the socket connects, charts draw


def test_a_wrong_password_is_refused(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/accounts/login/")
    page.fill("input[name=username]", "analyst1")
    page.fill("input[name=password]", "guess")
    page.press("input[name=password]", "Enter")
    expect(page.locator("input[name=password]")).to_be_visible()
    assert page.url.startswith(f"{site.url}/accounts/login/")
