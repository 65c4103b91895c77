"""Looking as somebody else in the pages: banner, trail, and everything that is refused."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from helio.accounts.viewing import SESSION_KEY

pytestmark = pytest.mark.usefixtures("alpha")


def _person(name: str):
    return get_user_model().objects.get(username=name)


def _client(name: str) -> Client:
    client = Client()
    client.force_login(_person(name), "helio.signin.backend.PasswordBackend")
    return client


@pytest.fixture
def looking(alpha) -> Client:
    """The administrator, looking as analyst2."""
    client = _client("admin")
    data = {"person": _person("analyst2").pk, "reason": "cannot see HA-05"}
    assert client.post(reverse("view-as"), data).status_code == 302
    return client


def test_the_pages_are_the_others_with_a_banner(looking):
    page = looking.get("/").content.decode()
    assert "admin looks as analyst2" in page
    assert "HA-04" in page
    assert looking.get("/portfolios/HA-01/").status_code == 200
    assert looking.get("/portfolios/HA-05/").status_code == 404
    assert "hx-ws:connect" not in page


def test_what_the_other_gets_and_what_is_seen_are_the_same(looking):
    def rows(client: Client) -> str:
        page = client.get("/portfolios/").content.decode()
        return page[page.index("<tbody") : page.index("</tbody>")]

    assert rows(looking) == rows(_client("analyst2"))


def test_begin_pages_and_end_are_on_record(looking, connect_as):
    looking.get("/portfolios/HA-01/")
    assert looking.post(reverse("view-as-end")).status_code == 302
    rows = connect_as("superuser").execute(
        "SELECT action, object, actor, detail ->> 'address' FROM audit_event"
        " WHERE action LIKE 'view-as%' ORDER BY id DESC LIMIT 3"
    )
    assert rows.fetchall() == [
        ("view-as ended", "analyst2", "admin", None),
        ("view-as page", "analyst2", "admin", "/portfolios/HA-01/"),
        ("view-as begun", "analyst2", "admin", None),
    ]
    assert "HA-01" not in looking.get("/").content.decode()


@pytest.mark.parametrize(
    "address",
    ["/admin/", "/accounts/login/", "/preferences/", "/audit/", "/theme/", "/admin/logout/"],
)
def test_pages_of_the_account_are_the_others_own(looking, address):
    assert looking.get(address).status_code == 403


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/reports/export/", {"report": "positions", "portfolio": "HA-01"}),
        ("/preferences/", {"reporting_currency": "EUR"}),
        ("/theme/", {"theme": "dark"}),
        ("/admin/portfolios/portfoliousergrant/add/", {}),
    ],
)
def test_nothing_is_changed_or_exported(looking, address, form, connect_as):
    count = "SELECT count(*) FROM export_record"
    before = connect_as("superuser").execute(count).fetchone()
    answer = looking.post(address, form)
    assert answer.status_code == 403
    assert "Not while you look as somebody else" in answer.content.decode()
    assert connect_as("superuser").execute(count).fetchone() == before


def test_no_file_leaves_by_a_link_either(alpha):
    client = _client("admin")
    client.post(reverse("view-as"), {"person": _person("manager1").pk, "reason": "help"})
    assert client.get("/access/").status_code == 200
    assert client.get("/access/?format=csv").status_code == 403


@pytest.mark.parametrize("name", ["auditor1", "admin"])
def test_superiors_are_not_offered(alpha, name):
    data = {"person": _person(name).pk, "reason": "curious"}
    answer = _client("admin").post(reverse("view-as"), data)
    assert answer.status_code == 200
    assert "Select a valid choice" in answer.content.decode()


@pytest.mark.parametrize("name", ["analyst1", "manager1", "auditor1", "operations1"])
def test_others_do_not_look_as_anybody(alpha, name):
    client = _client(name)
    assert client.get(reverse("view-as")).status_code == 403
    data = {"person": _person("analyst2").pk, "reason": "x"}
    assert client.post(reverse("view-as"), data).status_code == 403


def test_a_number_put_into_another_session_opens_nothing(looking):
    """The number alone is worth nothing: it must be one's own."""
    thief = _client("analyst11")
    session = thief.session
    session[SESSION_KEY] = looking.session[SESSION_KEY]
    session.save()
    page = thief.get("/").content.decode()
    assert "looks as" not in page
    assert "HA-01" not in page


def test_when_the_time_is_over_one_is_oneself_again(looking, connect_as):
    connect_as("superuser", autocommit=True).execute(
        "UPDATE view_as SET ends_at = now() WHERE ended_at IS NULL"
    )
    page = looking.get("/").content.decode()
    assert "looks as" not in page
    assert SESSION_KEY not in looking.session
