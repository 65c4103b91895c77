"""Portfolio access in the admin: what managers may do, and every crafted way around it.

Each test posts as a signed-in person over the web role; the set-up is helio/testing/firm.py.
"""

import datetime as dt
from collections.abc import Callable

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from helio.accounts.refusals import refusals_in_words
from helio.rls.identity import acting_as
from helio.testing import firm as firms
from helio.testing.firm import Firm
from portfolios import access
from portfolios.models import Portfolio
from portfolios.signals import access_changed

pytestmark = pytest.mark.usefixtures("fresh_database")
Connect = Callable[..., psycopg.Connection]

LIST = "admin:portfolios_portfoliousergrant_changelist"
ADD = "admin:portfolios_portfoliousergrant_add"
CHANGE = "admin:portfolios_portfoliousergrant_change"
PEOPLE_LIST = "admin:accounts_user_changelist"
PERSON = "admin:accounts_user_change"


@pytest.fixture(scope="module")
def firm(fresh_database: str) -> Firm:
    return firms.found(fresh_database)


def _person(name: str):
    return get_user_model().objects.get(username=name)


def _client(name: str) -> Client:
    client = Client()
    client.force_login(_person(name), "helio.signin.backend.PasswordBackend")
    return client


def _grants(connect_as: Connect) -> list[tuple]:
    query = """
        SELECT username, code, codename, valid_until, reason FROM portfolio_user_grant g
        JOIN person ON person.id = user_id JOIN portfolio p ON p.id = content_object_id
        JOIN auth_permission a ON a.id = permission_id ORDER BY g.id
    """
    return connect_as("superuser").execute(query).fetchall()


def _give(client: Client, firm: Firm, to: str, code: str, right: str = "view_portfolio", **more):
    data = {
        "receivers": [firm.people[to]],
        "portfolio": firm.portfolios[code],
        "right": right,
        "last_day": "",
        "reason": "cover",
    }
    return client.post(reverse(ADD), data | more)


# --- what works ---------------------------------------------------------------------------------


def test_a_manager_gives_view_access_with_an_end_and_ends_it(firm: Firm, connect_as: Connect):
    told: list[list[int]] = []

    def note(**news) -> None:
        told.append(news["user_ids"])

    access_changed.connect(note)
    client = _client("mia")
    last_day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9)
    answer = _give(client, firm, "new", "L-2", last_day=last_day.isoformat())
    assert answer.status_code == 302, answer.content.decode()
    given = _grants(connect_as)[-1]
    assert given[:3] == ("new", "L-2", "view_portfolio")
    assert given[3].date() == last_day + dt.timedelta(days=1)
    with transaction.atomic(), acting_as(_person("new")):
        assert list(Portfolio.objects.values_list("code", flat=True)) == ["L-2"]
    grant_id = _newest(connect_as)
    ended = {"action": "end_now", "_selected_action": [grant_id]}
    assert client.post(reverse(LIST), ended).status_code == 302
    assert _grants(connect_as)[-1][3] <= dt.datetime.now(dt.UTC)
    assert told == [[firm.people["new"]]] * 2
    access_changed.disconnect(note)


def _newest(connect_as: Connect) -> int:
    query = "SELECT max(id) FROM portfolio_user_grant"
    return connect_as("superuser").execute(query).fetchone()[0]


def test_each_change_of_access_leaves_an_event(firm: Firm, connect_as: Connect):
    query = "SELECT action, object, portfolio_id, actor FROM audit_event ORDER BY id DESC LIMIT 2"
    rows = connect_as("superuser").execute(query).fetchall()
    assert rows == [
        ("access ended", "new", firm.portfolios["L-2"], "mia"),
        ("access given", "new", firm.portfolios["L-2"], "mia"),
    ]


def test_an_administrator_gives_the_right_to_manage_without_seeing_the_portfolio(
    firm: Firm, connect_as: Connect
):
    client = _client("root")
    assert _give(client, firm, "max", "L-1", "manage_portfolio").status_code == 302
    assert _grants(connect_as)[-1][:3] == ("max", "L-1", "manage_portfolio")
    page = client.get(reverse(LIST)).content.decode()
    assert "L-1 Portfolio L-1" in page
    with transaction.atomic(), acting_as(_person("root")):
        assert access.directory()
        assert not Portfolio.objects.exists()
    connect_as("superuser", autocommit=True).execute(
        "UPDATE portfolio_user_grant SET valid_until = now() WHERE id = %s", [_newest(connect_as)]
    )


def test_a_manager_gives_several_portfolios_at_once(firm: Firm, connect_as: Connect):
    both = [firm.portfolios["L-1"], firm.portfolios["L-2"]]
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    answer = _give(
        _client("mia"), firm, "abe", "L-1", portfolio=both, last_day=tomorrow.isoformat()
    )
    assert answer.status_code == 302
    assert [row[:2] for row in _grants(connect_as)[-2:]] == [("abe", "L-1"), ("abe", "L-2")]


def test_access_that_stands_is_not_given_twice(firm: Firm, connect_as: Connect):
    before = _grants(connect_as)
    answer = _give(_client("mia"), firm, "ann", "L-1")
    assert "This access was given already and has no end: ann: L-1." in answer.content.decode()
    assert _grants(connect_as) == before


def test_a_manager_sees_grants_of_managed_portfolios_only(firm: Firm):
    page = _client("mia").get(reverse(LIST)).content.decode()
    assert "L-1 Portfolio L-1" in page
    assert "N-1" not in page


def test_a_manager_gives_and_takes_the_analyst_role_in_the_team(firm: Firm, connect_as: Connect):
    client = _client("mia")
    url = reverse(PERSON, args=[firm.people["new"]])
    assert client.post(url, {"is_analyst": "on"}).status_code == 302
    assert _roles(connect_as, "new") == ["London", "analyst"]
    assert client.post(url, {}).status_code == 302
    assert _roles(connect_as, "new") == ["London"]


def _roles(connect_as: Connect, name: str) -> list[str]:
    query = """
        SELECT name FROM person_groups JOIN auth_group ON auth_group.id = group_id
        JOIN person ON person.id = user_id WHERE username = %s ORDER BY name
    """
    return [row[0] for row in connect_as("superuser").execute(query, [name]).fetchall()]


# --- who may not enter --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ann", "new", "eva", "ada", "otto"])
@pytest.mark.parametrize("view", ["admin:index", LIST, ADD, PEOPLE_LIST])
def test_people_without_an_admin_role_are_turned_away(firm: Firm, name: str, view: str):
    assert _client(name).get(reverse(view)).status_code == 302


def test_the_admin_has_no_sign_in_page_of_its_own(firm: Firm):
    answer = Client().get(reverse("admin:login"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


# --- crafted requests ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "code", "right"),
    [
        ("new", "N-1", "view_portfolio"),  # outside the manager's perimeter
        ("mia", "L-1", "view_portfolio"),  # to oneself
        ("new", "L-1", "manage_portfolio"),  # more than view
        ("new", "L-1", "delete_portfolio"),  # a right that is no access at all
    ],
)
def test_a_crafted_grant_is_refused_by_form_and_by_database(
    firm: Firm, connect_as: Connect, to: str, code: str, right: str
):
    before = _grants(connect_as)
    answer = _give(_client("mia"), firm, to, code, right)
    assert answer.status_code == 200
    assert "Select a valid choice" in answer.content.decode()
    with (
        pytest.raises(PermissionDenied, match="database refused"),
        transaction.atomic(),
        acting_as(_person("mia")),
        refusals_in_words(),
    ):
        access.give(
            to=_person(to),
            portfolio_ids=[firm.portfolios[code]],
            codename=right,
            until=None,
            reason="",
            by=_person("mia"),
        )
    assert _grants(connect_as) == before


def test_a_right_that_ended_while_the_form_was_open_gives_a_sentence(
    firm: Firm, connect_as: Connect, monkeypatch: pytest.MonkeyPatch
):
    names = [access.Named(firm.portfolios["N-1"], "N-1", "as offered before")]
    monkeypatch.setattr(access, "directory", lambda: names)
    answer = _give(_client("mia"), firm, "new", "N-1")
    assert answer.status_code == 403
    assert "The database refused this change" in answer.content.decode()


def test_a_grant_in_the_name_of_another_is_refused(firm: Firm, connect_as: Connect):
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(_person("mia")):
        access.give(
            to=_person("new"),
            portfolio_ids=[firm.portfolios["L-1"]],
            codename="view_portfolio",
            until=None,
            reason="",
            by=_person("max"),
        )


def test_a_foreign_grant_cannot_be_opened_changed_or_ended(firm: Firm, connect_as: Connect):
    before = _grants(connect_as)
    foreign = _grant_id(connect_as, "abe", "N-1")
    client = _client("mia")
    url = reverse(CHANGE, args=[foreign])
    assert client.get(url).status_code == 302
    assert client.post(url, {"end_now": "on"}).status_code == 302
    client.post(reverse(LIST), {"action": "end_now", "_selected_action": [foreign]})
    assert _grants(connect_as) == before


def _grant_id(connect_as: Connect, name: str, code: str = "L-1") -> int:
    query = """
        SELECT g.id FROM portfolio_user_grant g JOIN person ON person.id = user_id
        JOIN portfolio ON portfolio.id = content_object_id WHERE username = %s AND code = %s
    """
    return connect_as("superuser").execute(query, [name, code]).fetchone()[0]


def test_a_manager_ends_no_manager_and_not_oneself(firm: Firm, connect_as: Connect):
    before = _grants(connect_as)
    own = _grant_id(connect_as, "mia")
    client = _client("mia")
    client.post(reverse(LIST), {"action": "end_now", "_selected_action": [own]})
    answer = client.post(reverse(CHANGE, args=[own]), {"end_now": "on", "end_reason": ""})
    assert answer.status_code == 403
    assert _grants(connect_as) == before


def test_fields_that_are_not_on_the_form_change_nothing(firm: Firm, connect_as: Connect):
    grant = _grant_id(connect_as, "ann")
    data = {
        "end_reason": "longer",
        "reason": "made up",
        "last_day": "",
        "user": firm.people["mia"],
        "content_object": firm.portfolios["N-1"],
        "permission": 1,
        "granted_by": firm.people["root"],
        "form-0-user": firm.people["mia"],
    }
    assert _client("mia").post(reverse(CHANGE, args=[grant]), data).status_code == 302
    changed = [row for row in _grants(connect_as) if row[0] == "ann"]
    assert changed == [("ann", "L-1", "view_portfolio", None, "Set-up")]


def test_rows_edited_in_the_list_are_ignored(firm: Firm, connect_as: Connect):
    before = _grants(connect_as)
    data = {
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 1,
        "form-0-id": _grant_id(connect_as, "ann"),
        "form-0-user": firm.people["mia"],
        "_save": "Save",
    }
    _client("mia").post(reverse(LIST), data)
    assert _grants(connect_as) == before


def test_nobody_deletes_a_grant(firm: Firm, connect_as: Connect):
    before = _grants(connect_as)
    grant = _grant_id(connect_as, "ann")
    for name in ("mia", "root"):
        url = reverse("admin:portfolios_portfoliousergrant_delete", args=[grant])
        assert _client(name).post(url, {"post": "yes"}).status_code == 403
        data = {"action": "delete_selected", "_selected_action": [grant], "post": "yes"}
        _client(name).post(reverse(LIST), data)
    assert _grants(connect_as) == before


def test_a_manager_cannot_raise_anybody(firm: Firm, connect_as: Connect):
    client = _client("mia")
    query = "SELECT id FROM auth_group WHERE name = 'administrator'"
    administrator = connect_as("superuser").execute(query).fetchone()[0]
    data = {
        "is_superuser": "on",
        "is_staff": "on",
        "groups": [administrator],
        "username": "mine",
        "teams": [firm.teams["New York"]],
        "password": "x",
    }
    client.post(reverse(PERSON, args=[firm.people["new"]]), data)
    assert _roles(connect_as, "new") == ["London"]
    facts = "SELECT username, is_superuser, is_staff FROM person WHERE id = %s"
    row = connect_as("superuser").execute(facts, [firm.people["new"]]).fetchone()
    assert row == ("new", False, False)
    assert client.post(reverse("admin:accounts_user_add"), data).status_code == 403


@pytest.mark.parametrize("name", ["max", "abe", "root", "mia"])
def test_a_manager_changes_no_role_outside_the_team_nor_their_own(
    firm: Firm, connect_as: Connect, name: str
):
    before = _roles(connect_as, name)
    client = _client("mia")
    client.post(reverse(PERSON, args=[firm.people[name]]), {"is_analyst": "on"})
    data = {"action": "give_analyst", "_selected_action": [firm.people[name]]}
    client.post(reverse(PEOPLE_LIST), data)
    assert _roles(connect_as, name) == before


def test_a_manager_resets_nobodys_password(firm: Firm):
    url = reverse("admin:auth_user_password_change", args=[firm.people["ann"]])
    answer = _client("mia").post(url, {"password1": "x" * 12, "password2": "x" * 12})
    assert answer.status_code == 403


def test_an_administrator_makes_no_superuser(firm: Firm, connect_as: Connect):
    url = reverse(PERSON, args=[firm.people["ann"]])
    client = _client("root")
    data = {
        "username": "ann",
        "reporting_currency": "USD",
        "teams": [firm.teams["London"]],
        "is_active": "on",
        "groups": [],
        "is_superuser": "on",
        "is_staff": "on",
        "user_permissions": [1],
    }
    assert client.post(url, data).status_code == 302
    facts = "SELECT is_superuser, is_staff FROM person WHERE username = 'ann'"
    assert connect_as("superuser").execute(facts).fetchone() == (False, False)
    with pytest.raises(DatabaseError), transaction.atomic(), acting_as(_person("root")):
        get_user_model().objects.filter(username="ann").update(is_superuser=True)


def test_an_administrator_does_not_change_themselves(firm: Firm):
    url = reverse(PERSON, args=[firm.people["root"]])
    assert _client("root").post(url, {"username": "boss"}).status_code == 403
