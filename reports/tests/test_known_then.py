"""Pages and files as known then: what they show, mark, carry and refuse."""

import csv
import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from helio.testing import databases
from portfolios.figures import firm_then
from portfolios.models import Transaction
from reports.tests.test_pages import page, signed_in, text

pytestmark = pytest.mark.usefixtures("alpha")

# HA-08's dividend of 13 June was amended on the 27th; nobody else's figures changed.
CUT = "known_at=2025-06-17T12:00Z"
THEN = f"as_of=2025-06-16&{CUT}"
FIGURES = (
    "/",
    "/portfolios/",
    "/portfolios/HA-08/",
    "/portfolios/HA-08/positions/",
    "/portfolios/HA-08/positions/ZBRG@XETR/",
    "/portfolios/HA-08/transactions/",
    "/portfolios/HA-08/performance/",
    "/portfolios/HA-08/exposure/",
)


@pytest.fixture(scope="module")
def analyst(alpha: str) -> str:
    """Somebody who may see HA-08."""
    for number in range(1, 13):
        name = f"analyst{number}"
        if signed_in(name).get("/portfolios/HA-08/").status_code == 200:
            return name
    raise AssertionError("Nobody may see HA-08.")


def _value(document, figure: str, scope: str = "") -> Decimal:
    [found] = document.xpath(f"//*[@id='{scope}-{figure}-HA-08' or @id='{scope}-{figure}']")
    return Decimal(found.get("data-value"))


@pytest.mark.parametrize("path", FIGURES)
def test_each_page_of_figures_answers_and_says_that_it_is_then(analyst, path):
    document = page(signed_in(analyst), f"{path}?{THEN}")
    main = document.get_element_by_id("main")
    assert (main.get("data-as-of"), main.get("data-known-at")) == (
        "2025-06-16",
        "2025-06-17T12:00:00+00:00",
    )
    assert document.findtext(".//title").startswith("As known then")
    assert "trust-then" in document.get_element_by_id("trust").get("class")
    assert document.get_element_by_id("live").get("data-state") == "then"
    assert not document.xpath("//*[@id='live-socket']")


def test_a_page_shows_what_was_known_then_and_what_has_changed(analyst):
    document = page(signed_in(analyst), f"/portfolios/HA-08/?{THEN}")
    cent = Decimal("0.005")
    assert abs(_value(document, "net_asset_value", "tile") - Decimal("8262030.53")) <= cent
    assert abs(_value(document, "net_asset_value_base", "then") - Decimal("8262030.53")) <= cent
    assert abs(_value(document, "net_asset_value_base", "now") - Decimal("8263647.11")) <= cent
    changed = text(document.get_element_by_id("changed-since"))
    assert "Dividend amended" in changed
    assert "2025-06-27 09:00" in changed
    [source] = document.xpath("//*[@id='changed-since']//td/a[not(@data-figure)]/@href")
    [batch] = document.xpath("//*[@id='changed-since']//tr[td/a]/td[@class='number rest'][last()]")
    with databases.django_connected_to(role="worker"):
        dividend = Transaction.objects.filter(source_reference="EU74229").latest("known_from")
    assert text(batch) == str(dividend.batch_id)
    assert "EU74229" in text(page(signed_in(analyst), source))


def test_the_list_names_the_restated_portfolios_alone(analyst):
    document = page(signed_in(analyst), f"/portfolios/?{THEN}")
    changed = document.get_element_by_id("changed-since")
    assert [row.text_content() for row in changed.xpath(".//tbody//th/a")] == ["HA-08"]
    settled = page(signed_in(analyst), "/portfolios/?as_of=2025-06-13&known_at=2025-12-30T12:00Z")
    assert "stand as they were known" in text(settled.get_element_by_id("changed-since"))


def test_links_carry_the_moment_but_to_pages_that_tell_of_now(analyst):
    document = page(signed_in(analyst), f"/portfolios/HA-08/?{THEN}")
    tabs = document.xpath("//nav[@class='tabs']//a/@href")
    assert tabs
    assert all("known_at=2025-06-17T12" in link for link in tabs)
    auditor = page(signed_in("auditor1"), f"/portfolios/HA-08/?{THEN}")
    for link in auditor.xpath("//nav[@class='sections']//a/@href"):
        assert signed_in("auditor1").get(link).status_code == 200, link


def test_the_moment_opens_beside_the_day_without_a_script(analyst):
    document = page(signed_in(analyst), "/")
    [field] = document.xpath("//form[@id='as-of-form']//details//input[@name='known_at']")
    assert field.get("type") == "datetime-local"
    assert not document.xpath("//form[@id='as-of-form']//input[@type='hidden'][@name='known_at']")


def test_a_portfolio_that_nobody_knew_yet_is_absent(analyst):
    # HA-16 starts on 2025-04-01.
    early = "as_of=2025-03-03&known_at=2025-03-04T12:00Z"
    auditor = signed_in("auditor1")
    assert "Nothing of HA-16 was known yet" in text(
        page(auditor, f"/portfolios/HA-16/?{early}", 400)
    )
    assert "HA-16" not in text(page(auditor, f"/portfolios/?{early}"))


def test_a_foreign_portfolio_is_not_there_then_either(analyst):
    assert signed_in("analyst1").get(f"/portfolios/NO-SUCH/?{THEN}").status_code == 404
    blind = next(
        f"analyst{n}"
        for n in range(1, 13)
        if signed_in(f"analyst{n}").get("/portfolios/HA-08/").status_code == 404
    )
    assert signed_in(blind).get(f"/portfolios/HA-08/?{THEN}").status_code == 404
    assert "HA-08" not in text(page(signed_in(blind), f"/portfolios/?{THEN}"))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/portfolios/?known_at=2200-01-01T00:00Z", "is still to come"),
        ("/?known_at=2020-01-01T00:00Z", "nothing was known yet. The first close became known"),
        (f"/?{CUT}&as_of=2025-06-30", "up to 2025-06-16 only"),
        ("/portfolios/HA-08/?known_at=tomorrow", "is no time for known_at"),
        (
            "/portfolios/HA-08/exposure/?known_at=0001-01-01T00:00%2B14:00",
            "is no time for known_at",
        ),
    ],
)
def test_a_moment_that_tells_nothing_is_refused_in_a_sentence(analyst, path, said):
    assert said in text(page(signed_in(analyst), path, 400))


def test_pages_of_now_refuse_the_moment():
    assert "takes no “known_at”" in text(page(signed_in("auditor1"), f"/audit/?{CUT}", 400))


def test_leadership_asks_for_the_firm_then_and_the_worker_answers():
    client, address = signed_in("executive1"), f"/firm/?{THEN}"
    asking = page(client, address)
    assert "Nobody asked for the firm as known then yet" in text(asking)
    form = {"known_at": "2025-06-17T12:00:00+00:00", "as_of": "2025-06-16"}
    answer = client.post("/firm/then/", form)
    assert answer.status_code == 303
    waiting = client.get(answer["Location"])
    assert waiting["Refresh"]
    assert b"Being computed" in waiting.content
    with databases.django_connected_to(role="worker"):
        assert firm_then.compute_asked() == 1
    document = page(client, answer["Location"])
    assert document.get_element_by_id("main").get("data-known-at")
    [value] = document.xpath("//*[@id='firm-net_asset_value']/@data-value")
    now = page(client, "/firm/?as_of=2025-06-16")
    [value_now] = now.xpath("//*[@id='firm-net_asset_value']/@data-value")
    assert 1_000 < Decimal(value_now) - Decimal(value) < 3_000
    assert not document.xpath("//*[@data-portfolio]")


def test_only_leadership_may_ask_for_the_firm_then(analyst):
    refused = signed_in(analyst).post("/firm/then/", {"known_at": "2025-06-17T12:00Z"})
    assert refused.status_code == 403
    client = signed_in("executive1")
    for wrong in ("", "soon", "2200-01-01T00:00Z", "2001-01-01T00:00Z"):
        assert client.post("/firm/then/", {"known_at": wrong}).status_code == 400


def _export(client: Client, report: str, **more: str):
    data = {"report": report, "as_of": "2025-06-16", "portfolio": "HA-08", "format": "csv"}
    return client.post(reverse("reports:export"), data | {"known_at": "2025-06-17T12:00Z"} | more)


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_files_hold_the_figures_known_then_and_say_so(analyst):
    client = signed_in(analyst)
    answer = _export(client, "performance")
    assert answer.status_code == 200
    assert "helio_performance_2025-06-16_known_20250617T120000Z_v" in answer["Content-Disposition"]
    [row] = _rows(answer.content)
    assert abs(Decimal(row["net_asset_value"]) - Decimal("8262030.53")) <= Decimal("0.005")
    held = _rows(_export(client, "positions").content)
    assert abs(sum(Decimal(one["base_value"]) for one in held) - Decimal("8262030.53")) <= Decimal(
        "0.01"
    )
    spread = _rows(_export(client, "exposures").content)
    by_currency = [one for one in spread if one["breakdown"] == "currency"]
    assert abs(
        sum(Decimal(one["value_base"]) for one in by_currency) - Decimal("8262030.53")
    ) <= Decimal("0.01")


def test_a_file_as_known_then_is_issued_again_to_the_byte(analyst):
    client = signed_in(analyst)
    for kind in ("csv", "xlsx", "pdf"):
        first = _export(client, "performance", format=kind)
        number = int(first["X-Helio-Export"])
        again = client.post(reverse("reports:again", args=[number]))
        assert again.content == first.content
        assert again["Content-Disposition"] == first["Content-Disposition"]


def test_the_command_makes_the_same_file_with_the_cut_in_its_manifest(analyst, tmp_path):
    out = tmp_path / "then.csv"
    call_command(
        "export",
        "performance",
        user=analyst,
        portfolio=["HA-08"],
        as_of=datetime(2025, 6, 16, tzinfo=UTC).date(),
        known_at=datetime(2025, 6, 17, 12, tzinfo=UTC),
        out=out,
    )
    assert out.read_bytes() == _export(signed_in(analyst), "performance").content
    manifest = (tmp_path / "then.csv.manifest.json").read_text()
    assert '"known_at": "2025-06-17T12:00:00+00:00"' in manifest


def test_a_restated_close_leads_those_who_may_to_its_batch_and_source_line():
    address = "/portfolios/HA-09/?as_of=2025-06-30&known_at=2025-07-01T12:00Z"
    client = signed_in("auditor1")
    changed = page(client, address).get_element_by_id("changed-since")
    assert "Close restated ZCHR@XETR" in text(changed)
    links = changed.xpath(".//td/a[not(@data-figure)]/@href")
    assert ["batches" in link for link in links] == [True, False]
    assert not any("known_at" in link for link in links)
    assert [client.get(link).status_code for link in links] == [200, 200]


def test_the_compliance_pack_holds_what_was_known_then_and_access_as_it_is():
    form = {"as_of": "2025-06-16", "known_at": "2025-06-17T12:00"}
    answer = signed_in("auditor1").post(reverse("reports:compliance-pack"), form)
    assert answer.status_code == 200
    pack = zipfile.ZipFile(io.BytesIO(answer.content))
    [name] = [name for name in pack.namelist() if name.startswith("helio_performance")]
    assert "_known_20250617T120000Z_" in name
    [row] = [row for row in _rows(pack.read(name)) if row["portfolio"] == "HA-08"]
    assert abs(Decimal(row["net_asset_value"]) - Decimal("8262030.53")) <= Decimal("0.005")
    assert any(row["holder"] for row in _rows(pack.read(_one(pack, "helio_access"))))


def _one(pack: zipfile.ZipFile, start: str) -> str:
    [name] = [name for name in pack.namelist() if name.startswith(start)]
    return name


def test_the_command_refuses_a_malformed_moment_in_a_sentence(analyst, tmp_path):
    with pytest.raises(CommandError, match="is no time for --known-at"):
        call_command(
            "export", "performance", f"--user={analyst}", "--known-at=soon", f"--out={tmp_path}"
        )
