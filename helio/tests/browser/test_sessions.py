"""A person ends a session from another browser; nothing is left in the back button."""

import re
from collections.abc import Callable

from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from helio.testing.site import Site


def test_ending_a_session_elsewhere_empties_its_open_page(
    sign_in: Callable[[str], Page], browser: Browser, site: Site, complaints: list[str]
) -> None:
    page = sign_in("analyst2")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    other = browser.new_context().new_page()
    other.goto(f"{site.url}/accounts/login/")
    other.fill("input[name=username]", "analyst2")
    other.fill("input[name=password]", settings.HELIO_DEMO_PASSWORD)
    other.press("input[name=password]", "Enter")
    other.wait_for_url(lambda url: "/accounts/login/" not in url)
    other.goto(f"{site.url}/accounts/")
    other.get_by_role("button", name="End all others").click()
    expect(page.locator("main")).to_contain_text("signed out", timeout=2500)
    assert page.locator("[data-figure=net_asset_value]").count() == 0
    other.context.close()


def test_the_back_button_shows_nothing_after_signing_out(
    sign_in: Callable[[str], Page], site: Site
) -> None:
    page = sign_in("analyst2")
    page.goto(f"{site.url}/portfolios/HA-01/")
    expect(page.locator("main")).to_contain_text("HA-01")
    page.goto(f"{site.url}/glossary/")
    page.locator("#account summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    for _ in range(2):
        page.go_back()
        expect(page).to_have_url(re.compile("/accounts/login/"))
        expect(page.locator("body")).not_to_contain_text("HA-01")


def test_the_pages_of_sign_in_keep_to_the_policy(
    sign_in: Callable[[str], Page], site: Site, complaints: list[str]
) -> None:
    page = sign_in("analyst4")
    for path in ("/accounts/", "/accounts/password/", "/accounts/second-factor/app/"):
        page.goto(f"{site.url}{path}")
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    page.fill("input[name=password]", settings.HELIO_DEMO_PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("img.qr")).to_be_visible()
    page.goto(f"{site.url}/accounts/passkeys/add/")
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()


def test_a_passkey_is_added_and_signs_in(page: Page, site: Site, complaints: list[str]) -> None:
    """Chromium's own authenticator in software; passkeys need a name, so at localhost."""
    url = site.url.replace("127.0.0.1", "localhost")
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    protocol.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto(f"{url}/accounts/login/?next=/accounts/passkeys/add/")
    page.fill("input[name=username]", "analyst9")
    page.fill("input[name=password]", settings.HELIO_DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.fill("input[name=password]", settings.HELIO_DEMO_PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto(f"{url}/accounts/")
    expect(page.locator("main")).to_contain_text("Passkey")
    page.locator("#account summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)
    expect(page.locator("#account")).to_contain_text("analyst9")
