"""The page of a source's fetches, and asking for one."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from helio.testing import databases
from ingestion.models import FetchRun, FetchState
from ingestion.ways.tests.servers import vendor

pytestmark = pytest.mark.usefixtures("alpha")

FETCH = 'way = "http"\nurl = "https://vendor.example/fixings"\n'


@pytest.fixture
def sign_in():
    def client(name: str) -> Client:
        client = Client()
        person = get_user_model().objects.get(username=name)
        client.force_login(person, "helio.signin.backend.PasswordBackend")
        return client

    return client


@pytest.fixture
def source(tmp_path):
    with databases.django_connected_to(role="worker"):
        source = vendor(tmp_path, "asked", FETCH)
        FetchRun.objects.filter(source=source).update(state="done", ended_at="2026-01-01T00:00Z")
        FetchState.objects.update_or_create(source=source)
        return source


def address(name):
    return reverse(f"operations:{name}", args=["asked"])


def test_operations_ask_for_a_fetch_once(sign_in, source):
    client = sign_in("operations1")

    first = client.post(address("fetch-now"), follow=True).content.decode()
    second = client.post(address("fetch-now"), follow=True).content.decode()

    assert "is fetched as soon as a worker is free." in first
    assert "is waiting to be fetched already." in second
    with databases.django_connected_to(role="worker"):
        [wish] = FetchRun.objects.filter(source=source, state="asked")
        assert (wish.asked_by, wish.cause) == ("operations1", "person")


@pytest.mark.parametrize("name", ["auditor1", "analyst1", "manager1", "admin"])
def test_others_may_not_ask(sign_in, source, name):
    assert sign_in(name).post(address("fetch-now")).status_code == 403


def test_asking_needs_a_post(sign_in, source):
    assert sign_in("operations1").get(address("fetch-now")).status_code == 405


def test_a_source_without_a_way_says_how_its_files_come(sign_in):
    page = sign_in("operations1").post(
        reverse("operations:fetch-now", args=["custody"]), follow=True
    )
    assert "its files are dropped or uploaded" in page.content.decode()


def test_the_page_shows_the_open_breaker_and_the_last_sentence(sign_in, source):
    with databases.django_connected_to(role="worker"):
        FetchState.objects.filter(source=source).update(
            failures=5, paused_until="2036-01-01T00:00:00Z"
        )
        FetchRun.objects.create(
            source=source,
            state="failed",
            sentence="vendor.example did not answer in time.",
            started_at="2026-01-05T10:00Z",
            ended_at="2026-01-05T10:01Z",
        )

    page = sign_in("auditor1").get(address("fetches")).content.decode()

    assert "After 5 failures in a row nothing is asked until 2036-01-01" in page
    assert "vendor.example did not answer in time." in page
    assert "Fetch now</button>" not in page
