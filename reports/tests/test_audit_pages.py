"""Pages of the audit trail: who may enter, what they filter, what leaves as CSV."""

import csv
import io

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.usefixtures("alpha")


@pytest.fixture
def sign_in():
    def client(name: str) -> Client:
        client = Client()
        person = get_user_model().objects.get(username=name)
        client.force_login(person, "helio.signin.backend.PasswordBackend")
        return client

    return client


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize("view", ["audit:trail", "audit:csv"])
@pytest.mark.parametrize("name", ["analyst1", "manager1", "executive1", "admin"])
def test_others_are_turned_away(sign_in, name: str, view: str):
    assert sign_in(name).get(reverse(view)).status_code == 403


def test_operations_does_not_read_the_trail(sign_in):
    for view in ("audit:trail", "audit:csv"):
        assert sign_in("operations1").get(reverse(view)).status_code == 403


@pytest.mark.parametrize(
    ("view", "query"),
    [
        ("audit:trail", {"from": "yesterday"}),
        ("audit:trail", {"order": "x"}),
    ],
)
def test_an_unknown_filter_is_a_400_with_a_sentence(sign_in, view: str, query: dict[str, str]):
    answer = sign_in("auditor1").get(reverse(view), query)
    assert answer.status_code == 400
    assert "Not understood" in answer.content.decode()


def test_the_trail_filters_and_leaves_as_csv(sign_in):
    client = sign_in("auditor1")
    client.post(reverse("reports:export"), {"report": "positions", "portfolio": "HA-01"})
    query = {"action": "export", "person": "auditor1"}
    page = client.get(reverse("audit:trail"), query).content.decode()
    assert "HA-01" in page
    rows = _rows(client.get(reverse("audit:csv"), query).content)
    assert [(row["action"], row["actor"], row["portfolio"]) for row in rows] == [
        ("export", "auditor1", "HA-01")
    ]
    assert _rows(client.get(reverse("audit:csv"), query | {"portfolio": "HA-02"}).content) == []


def test_every_batch_is_in_the_trail(sign_in):
    rows = _rows(sign_in("auditor1").get(reverse("audit:csv"), {"action": "ingest"}).content)
    assert {row["object"] for row in rows} >= {"custody", "blotter", "vendor", "reference"}
    assert {row["recorded_by"] for row in rows} == {"helio_worker"}


def test_an_auditor_verifies_the_chain_and_the_page_says_when(sign_in):
    client = sign_in("auditor1")
    assert client.get(reverse("audit:verify")).status_code == 405
    page = client.post(reverse("audit:verify"), follow=True).content.decode()
    assert "The chain is intact" in page
    assert "chain verified" in page
