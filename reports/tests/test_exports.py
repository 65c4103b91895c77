"""Exports of the alpha case: under the receiver's rights, registered, audited, repeatable."""

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from helio.audit.models import Event
from helio.rls.identity import acting_as
from portfolios.figures import queries
from portfolios.models import Portfolio
from reports.models import ExportRecord

pytestmark = pytest.mark.usefixtures("alpha")

AS_OF = "2025-10-31"
REPORTS = [
    "positions",
    "performance",
    "transactions",
    "exposures",
    "bridge",
    "contributions",
    "attribution",
]


def _person(name: str):
    return get_user_model().objects.get(username=name)


@pytest.fixture
def sign_in():
    def client(name: str) -> Client:
        client = Client()
        client.force_login(_person(name), "helio.signin.backend.PasswordBackend")
        return client

    return client


def _export(client: Client, report: str = "positions", **more):
    data = {"report": report, "as_of": AS_OF, "from": "2025-01-01", "format": "csv"} | more
    return client.post(reverse("reports:export"), data)


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def _events(action: str) -> list[Event]:
    with transaction.atomic(), acting_as(_person("auditor1")):
        return list(Event.objects.filter(action=action).order_by("id"))


@pytest.mark.parametrize("report", REPORTS)
def test_one_click_gives_a_file_of_the_own_perimeter(sign_in, report: str):
    answer = _export(sign_in("analyst2"), report)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="helio_{report}_{AS_OF}_v' in answer["Content-Disposition"]
    assert {row["portfolio"] for row in _rows(answer.content)} == {"HA-01", "HA-04"}


def test_the_rows_are_the_figures_of_the_page(sign_in):
    rows = _rows(_export(sign_in("analyst2"), portfolio="HA-04").content)
    with transaction.atomic(), acting_as(_person("analyst2")):
        portfolio = Portfolio.objects.get(code="HA-04")
        day = queries.resolve_as_of(AS_OF)
        told = queries.positions(day, portfolio.base_currency, [portfolio.pk])
    assert [row["listing_key"] for row in rows] == [row.listing_key for row in told]
    assert [row["base_value"] for row in rows] == [
        format(row.value, "f").rstrip("0").rstrip(".") if row.value else "0" for row in told
    ]


@pytest.mark.parametrize("report", ["bridge", "contributions", "attribution"])
def test_portfolios_taken_as_one_are_one_in_the_file(sign_in, report: str):
    answer = _export(sign_in("analyst2"), report, in_one="yes")
    rows = _rows(answer.content)
    assert {row["portfolio"] for row in rows} == {"2 portfolios"}
    assert {row["base_currency"] for row in rows} == {"USD"}
    with transaction.atomic(), acting_as(_person("analyst2")):
        ids = queries.portfolio_ids(["HA-01", "HA-04"])
        span = queries.span(dt.date(2024, 12, 31), dt.date(2025, 10, 31), "USD", ids)
        told = queries.attributed(span)
        profit = queries.value_bridge(queries.contributions_of(span)).profit
    if report == "bridge":
        [row] = rows
        assert abs(Decimal(row["profit"]) - profit) <= Decimal("1e-8")
    elif report == "contributions":
        parts = [float(row["linked_contribution"]) for row in rows]
        assert sum(parts) == pytest.approx(span.net, abs=1e-9)
    else:
        effects = [float(row["total_effect"]) for row in rows]
        assert sum(effects) == pytest.approx(told.active_return, abs=1e-9)
    with transaction.atomic(), acting_as(_person("analyst2")):
        record = ExportRecord.objects.get(number=int(answer["X-Helio-Export"]))
        assert record.parameters["in_one"] == "USD"
        assert record.parameters["portfolios"] == ["HA-01", "HA-04"]


def test_what_is_told_of_each_portfolio_is_not_taken_as_one(sign_in):
    answer = _export(sign_in("analyst2"), "positions", in_one="yes")
    assert answer.status_code == 400
    assert "taken as one in bridge, contributions, attribution only" in answer.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_the_same_version_gives_the_same_bytes(sign_in, kind: str):
    first, second = (_export(sign_in("analyst2"), format=kind).content for _ in range(2))
    assert first == second


def test_the_register_issues_the_same_bytes_again(sign_in):
    client = sign_in("analyst2")
    answer = _export(client, format="pdf")
    number = answer["X-Helio-Export"]
    assert client.post(reverse("reports:again", args=[number])).content == answer.content
    [*_, event] = _events("export issued again")
    assert (event.actor, event.detail["export"]) == ("analyst2", int(number))


def test_the_manifest_describes_the_file(sign_in):
    client = sign_in("analyst2")
    answer = _export(client, "transactions", portfolio="HA-01")
    number = int(answer["X-Helio-Export"])
    manifest = json.loads(client.get(reverse("reports:manifest", args=[number])).content)
    assert manifest["files"][0]["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert manifest["row_counts"] == {"transactions": len(_rows(answer.content))}
    assert manifest["exported_by"] == "analyst2"
    assert manifest["parameters"]["portfolios"] == ["HA-01"]
    totals = manifest["control_totals"]["transactions"]
    cents = sum(float(row["cash_effect"] or 0) for row in _rows(answer.content))
    assert float(totals["cash_effect"]) == pytest.approx(cents)


@pytest.mark.parametrize("report", REPORTS)
def test_the_manifest_says_what_every_column_means(sign_in, report: str):
    client = sign_in("analyst2")
    answer = _export(client, report, portfolio="HA-01")
    number = int(answer["X-Helio-Export"])
    manifest = json.loads(client.get(reverse("reports:manifest", args=[number])).content)
    told = {one["name"]: one for one in manifest["columns"][report]}
    assert list(told) == list(_rows(answer.content)[0])
    assert all(one["definition"] and one["unit"] and one["term"] for one in told.values())


def test_each_export_is_an_event_of_the_same_transaction(sign_in, monkeypatch):
    before = len(_events("export"))
    answer = _export(sign_in("analyst2"), portfolio="HA-01")
    [*_, event] = _events("export")
    assert event.detail["export"] == int(answer["X-Helio-Export"])
    assert event.detail["sha256"] == [hashlib.sha256(answer.content).hexdigest()]
    assert event.version_number
    assert event.portfolio_id

    def fail(**_):
        raise DatabaseError

    registered = _registered("analyst2")
    monkeypatch.setattr("reports.exports.actions.record_event", fail)
    with pytest.raises(DatabaseError):
        _export(sign_in("analyst2"))
    assert _registered("analyst2") == registered
    assert len(_events("export")) == before + 1


def _registered(name: str) -> set[int]:
    with transaction.atomic(), acting_as(_person(name)):
        return set(ExportRecord.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("code", ["HA-07", "NO-SUCH"])
def test_a_foreign_portfolio_is_refused_like_one_that_is_not_there(sign_in, code: str):
    before = _registered("auditor1")
    answer = _export(sign_in("analyst2"), portfolio=["HA-01", code])
    assert answer.status_code == 403
    assert f"No access to {code}, or no such portfolio." in answer.content.decode()
    assert _registered("auditor1") == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"report": "secrets"}, "is no report here"),
        ({"format": "exe"}, "is no format here"),
        ({"as_of": "yesterday"}, "is no date"),
        ({"as_of": "1999-01-01", "from": ""}, "no figures before"),
        ({"from": "2025-12-01"}, "is after the last"),
        ({"from": "2001-01-01"}, "three years at most"),
        ({"known_at": "2200-01-01T00:00Z"}, "is still to come"),
        ({"known_at": "2001-01-01T00:00Z"}, "nothing was known yet"),
        ({"known_at": "2025-01-01T12:00Z", "as_of": "2025-06-30"}, "up to 2024-12-31 only"),
        ({"known_at": "whenever"}, "is no time"),
        ({"profile": "lotus"}, "is no profile here"),
    ],
)
def test_what_cannot_be_made_is_refused_in_a_sentence(sign_in, change, sentence: str):
    answer = _export(sign_in("analyst2"), **change)
    assert answer.status_code == 400
    assert sentence in answer.content.decode()


def test_transactions_span_calendar_days_as_known_then(sign_in):
    client = sign_in("analyst2")
    weekend = {"from": "2025-08-30", "as_of": "2025-08-31", "portfolio": "HA-01"}
    answer = _export(client, "transactions", **weekend)
    assert {row["effective_on"] for row in _rows(answer.content)} <= {"2025-08-30", "2025-08-31"}
    span = {"from": "2024-01-01", "as_of": "2024-12-31", "portfolio": "HA-01"}
    now = _rows(_export(client, "transactions", **span).content)
    then = _rows(_export(client, "transactions", known_at="2024-06-30T12:00Z", **span).content)
    assert 0 < len(then) < len(now)
    assert all(row["known_from"] <= "2024-06-30T12:00:00Z" for row in then)


def test_the_excel_profile_follows_the_readers_language_and_is_registered(sign_in):
    client = sign_in("analyst2")
    answer = client.post(
        reverse("reports:export") + "?profile=excel",
        {"report": "positions", "as_of": AS_OF, "format": "csv"},
        headers={"accept-language": "de-DE,de;q=0.9"},
    )
    assert answer.content.startswith("\ufeffportfolio;".encode())
    number = answer["X-Helio-Export"]
    assert client.post(reverse("reports:again", args=[number])).content == answer.content


def test_people_without_portfolios_are_told_so(sign_in):
    answer = _export(sign_in("executive1"))
    assert answer.status_code == 403
    assert "nothing to export" in answer.content.decode()


def test_strangers_see_no_export_of_others_and_auditors_all(sign_in):
    number = _export(sign_in("analyst2"))["X-Helio-Export"]
    for name in ("analyst11", "executive1", "operations1", "analyst1"):
        client = sign_in(name)
        assert client.post(reverse("reports:again", args=[number])).status_code == 404
        assert client.get(reverse("reports:manifest", args=[number])).status_code == 404
        assert (
            f'id="export-{number}"' not in client.get(reverse("reports:reports")).content.decode()
        )
    auditor = sign_in("auditor1")
    assert auditor.post(reverse("reports:again", args=[number])).status_code == 200
    assert f'id="export-{number}"' in auditor.get(reverse("reports:reports")).content.decode()


def test_an_export_closes_when_one_of_its_portfolios_does(sign_in, connect_as):
    client = sign_in("analyst3")
    number = _export(client)["X-Helio-Export"]
    grant = (
        "UPDATE portfolio_user_grant SET valid_until = %s WHERE user_id = %s"
        " AND content_object_id = (SELECT id FROM portfolio WHERE code = 'HA-03')"
    )
    db = connect_as("superuser", autocommit=True)
    db.execute(grant, ["2020-01-01", _person("analyst3").pk])
    assert client.post(reverse("reports:again", args=[number])).status_code == 404
    db.execute(grant, [None, _person("analyst3").pk])
    assert client.post(reverse("reports:again", args=[number])).status_code == 200


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE export_record SET files = '[]'",
        "DELETE FROM export_record",
    ],
)
@pytest.mark.parametrize("role", ["web", "worker"])
def test_nobody_changes_the_register(connect_as, role: str, statement: str):
    with pytest.raises(Exception, match="permission denied"):
        connect_as(role).execute(statement)


def test_a_record_in_the_name_of_another_is_refused(sign_in):
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(_person("analyst2")):
        ExportRecord.objects.create(
            person=_person("analyst1"),
            report="positions",
            parameters={},
            portfolio_ids=list(Portfolio.objects.values_list("pk", flat=True)),
            version_number=1,
            as_of=AS_OF,
            template_version="1",
            row_counts={},
            control_totals={},
            files=[],
            frozen=b"",
        )


def test_the_compliance_pack_holds_everything_and_is_for_auditors(sign_in):
    url = reverse("reports:compliance-pack")
    assert sign_in("analyst2").post(url, {"as_of": AS_OF}).status_code == 403
    answer = sign_in("auditor1").post(url, {"as_of": AS_OF})
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    manifest = json.loads(archive.read("manifest.json"))
    named = {file["name"]: file["sha256"] for file in manifest["files"]}
    assert [name.split("_")[1] for name in named] == [*REPORTS, "access"]
    for name, digest in named.items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    access = _rows(archive.read(next(name for name in named if "access" in name)))
    assert {"portfolio": "HA-01", "holder": "analyst2", "right": "view"}.items() <= next(
        row for row in access if row["holder"] == "analyst2"
    ).items()
    again = sign_in("auditor1").post(reverse("reports:again", args=[answer["X-Helio-Export"]]))
    assert again.content == answer.content


def test_the_command_makes_the_same_file_as_the_button(sign_in, tmp_path):
    out = tmp_path / "positions.csv"
    call_command("export", "positions", user="analyst2", as_of=dt.date(2025, 10, 31), out=out)
    assert out.read_bytes() == _export(sign_in("analyst2")).content
    manifest = json.loads((tmp_path / "positions.csv.manifest.json").read_text())
    assert manifest["files"][0]["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert _events("export")[-2].actor == "analyst2"


def test_the_command_refuses_in_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="No access to HA-07"):
        call_command(
            "export", "positions", user="analyst2", portfolio=["HA-07"], out=tmp_path / "x"
        )
    with pytest.raises(CommandError, match="for auditors"):
        call_command("export", "compliance_pack", user="analyst2", out=tmp_path / "x")


def test_exporting_needs_a_sign_in_and_a_post(sign_in):
    assert _export(Client()).status_code == 302
    assert sign_in("analyst2").get(reverse("reports:export")).status_code == 405
