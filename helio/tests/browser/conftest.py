"""Fixtures for tests in a real browser on a real web process; `make test-browser` runs them."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from helio.testing.site import Site, serving

NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium; its sandbox needs rights that root in a container does not have."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("Chromium is not installed (Debian: apt-get install chromium).")
    return browser_type_launch_args | {"executable_path": found, "args": ["--no-sandbox"]}


@pytest.fixture(scope="module")
def site(alpha: str) -> Iterator[Site]:
    """The site with the alpha case and the demo's people, for one module."""
    with serving(alpha) as running:
        yield running


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """What the browser complains about: errors, refused scripts and styles. Must stay empty."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda message: found.append(message.text) if message.type == "error" else None,
    )
    yield found
    assert found == []


@pytest.fixture
def sign_in(page: Page, site: Site) -> Callable[[str], Page]:
    """Signs a demo person in and returns the page that greets them."""

    def as_person(name: str) -> Page:
        page.goto(f"{site.url}/accounts/login/")
        page.fill("input[name=username]", name)
        page.fill("input[name=password]", settings.HELIO_DEMO_PASSWORD)
        page.press("input[name=password]", "Enter")
        # Some seats are sent on from / to a page of their own.
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        return page

    return as_person
