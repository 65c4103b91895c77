"""Open pages change by themselves when data arrives, and empty themselves when access ends."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from helio.testing import databases
from helio.testing.site import Site

# A dropped file must be on the screen within so many milliseconds of being ingested.
ON_SCREEN_WITHIN = 10_000
FIGI_OF_ZALT = "ZZG00X008990"


def quotes(path: Path, day: str, price: str, revision: int) -> Path:
    """A page of the market data vendor with one close of ZALT."""
    result = {
        "figi": FIGI_OF_ZALT, "on": day, "last": price, "unit": "EUR", "rev": revision,
        "released_at": f"{day}T23:30:00Z",
    }  # fmt: skip
    body = {
        "resource": "quotes", "retrieved_at": f"{day}T23:40:00Z", "page_no": 1, "page_count": 1,
        "next": None, "results": [result],
    }  # fmt: skip
    path.write_text(json.dumps(body, indent=0), encoding="utf-8")
    return path


@pytest.fixture
def ingest(site: Site) -> Callable[[Path], None]:
    """Ingests a vendor file and refreshes, as operations would on the command line."""

    def run(path: Path) -> None:
        printed = site.manage("ingest", "vendor", "--path", str(path), "--wait", "--json")
        assert json.loads(printed)[0]["loaded"] == 1

    return run


def test_a_new_price_changes_the_open_page_without_a_reload(
    sign_in: Callable[[str], Page], complaints: list[str], ingest: Callable[[Path], None],
    tmp_path: Path,
) -> None:  # fmt: skip
    page = sign_in("analyst2")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    page.evaluate("window.notReloaded = true")
    tile = page.locator("[data-figure=net_asset_value]").first
    before, version = (
        tile.get_attribute("data-value"),
        page.locator("main").get_attribute("data-version"),
    )
    ingest(quotes(tmp_path / "quotes-late.json", "2025-12-31", "99.99", 7))
    expect(tile).not_to_have_attribute("data-value", before or "", timeout=ON_SCREEN_WITHIN)
    assert page.locator("main").get_attribute("data-version") != version
    assert page.evaluate("window.notReloaded") is True
    pushed = tile.get_attribute("data-value"), tile.inner_text()
    page.reload()
    tile = page.locator("[data-figure=net_asset_value]").first
    assert (tile.get_attribute("data-value"), tile.inner_text()) == pushed


def test_the_next_business_day_moves_the_open_page_forward(
    sign_in: Callable[[str], Page], complaints: list[str], ingest: Callable[[Path], None],
    tmp_path: Path,
) -> None:  # fmt: skip
    page = sign_in("analyst2")
    expect(page.locator("main")).to_have_attribute("data-as-of", "2025-12-31")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    ingest(quotes(tmp_path / "quotes-next.json", "2026-01-02", "101.01", 0))
    expect(page.locator("main")).to_have_attribute(
        "data-as-of", "2026-01-02", timeout=ON_SCREEN_WITHIN
    )


def test_a_paused_page_stands_still_and_catches_up(
    sign_in: Callable[[str], Page], complaints: list[str], ingest: Callable[[Path], None],
    tmp_path: Path,
) -> None:  # fmt: skip
    page = sign_in("analyst2")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    page.get_by_role("button", name="Pause").click()
    tile = page.locator("[data-figure=net_asset_value]").first
    before = tile.get_attribute("data-value")
    ingest(quotes(tmp_path / "quotes-paused.json", "2026-01-02", "88.88", 1))
    page.wait_for_timeout(3000)
    assert tile.get_attribute("data-value") == before
    page.get_by_role("button", name="Resume").click()
    expect(tile).not_to_have_attribute("data-value", before or "")


def test_ending_access_in_the_database_empties_the_open_page(
    sign_in: Callable[[str], Page], site: Site, page: Page
) -> None:
    sign_in("analyst3")
    page.goto(f"{site.url}/portfolios/HA-02/")
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    with databases.connect("superuser", site.database, autocommit=True) as owner:
        owner.execute(
            "UPDATE portfolio_user_grant SET valid_until = now()"
            " WHERE user_id = (SELECT id FROM person WHERE username = 'analyst3')"
        )
    expect(page.locator("main")).to_contain_text("access", timeout=3000)
    assert page.locator("[data-figure=net_asset_value]").count() == 0
    expect(page).to_have_title(re.compile("Helio"))
