"""A manager's and an administrator's work in the admin: many at once, cover, reviews, teams, roles.

Each test posts as a signed-in person over the web role; the set-up is helio/testing/firm.py.
"""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from helio.accounts.refusals import refusals_in_words
from helio.rls.identity import acting_as
from helio.testing import firm as firms
from helio.testing.firm import Firm
from portfolios import cover
from portfolios.models import Portfolio

pytestmark = pytest.mark.usefixtures("fresh_database")

GRANT = "admin:portfolios_portfoliousergrant_"
TEAM_GRANT = "admin:portfolios_portfoliogroupgrant_"
REQUEST = "admin:accounts_rolerequest_"
TEAM = "admin:accounts_team_"


@pytest.fixture(scope="module")
def firm(fresh_database: str) -> Firm:
    return firms.found(fresh_database)


def _person(name: str):
    return get_user_model().objects.get(username=name)


def _client(name: str) -> Client:
    client = Client()
    client.force_login(_person(name), "helio.signin.backend.PasswordBackend")
    return client


def _sees(name: str) -> list[str]:
    with transaction.atomic(), acting_as(_person(name)):
        return list(Portfolio.objects.order_by("code").values_list("code", flat=True))


def _day(days: int) -> str:
    return (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)).isoformat()


@pytest.fixture
def owner(connect_as):
    return connect_as("superuser", autocommit=True)


@pytest.fixture(autouse=True)
def as_founded(firm, owner):
    """Each test starts with the firm's first grants, roles and teams."""
    yield
    owner.execute("DELETE FROM grant_review")
    owner.execute("DELETE FROM portfolio_user_grant WHERE reason <> 'Set-up'")
    owner.execute("DELETE FROM portfolio_group_grant")
    owner.execute("UPDATE portfolio_user_grant SET valid_until = NULL, end_reason = ''")


# --- many at once -------------------------------------------------------------------------------


def test_several_portfolios_go_to_several_people_in_one_step(firm):
    data = {
        "receivers": [firm.people["new"], firm.people["abe"]],
        "portfolio": [firm.portfolios["L-1"], firm.portfolios["L-2"]],
        "right": "view_portfolio",
        "last_day": _day(5),
        "reason": "project",
    }
    assert _client("mia").post(reverse(GRANT + "add"), data).status_code == 302
    assert _sees("new") == ["L-1", "L-2"]
    assert _sees("abe") == ["L-1", "L-2", "N-1"]


def test_one_that_may_not_be_given_leaves_all_ungiven(firm):
    data = {
        "receivers": [firm.people["new"], firm.people["mia"]],
        "portfolio": [firm.portfolios["L-1"]],
        "right": "view_portfolio",
        "last_day": "",
        "reason": "",
    }
    answer = _client("mia").post(reverse(GRANT + "add"), data)
    assert "Select a valid choice" in answer.content.decode()
    assert _sees("new") == []


def test_the_end_of_several_is_moved_at_once(firm, owner):
    ids = [
        row[0]
        for row in owner.execute(
            "SELECT id FROM portfolio_user_grant WHERE user_id = %s", [firm.people["ann"]]
        )
    ]
    data = {"action": "set_last_day", "_selected_action": ids, "last_day": _day(3)}
    assert _client("mia").post(reverse(GRANT + "changelist"), data).status_code == 302
    until = owner.execute(
        "SELECT valid_until FROM portfolio_user_grant WHERE id = %s", ids
    ).fetchone()[0]
    assert until.date().isoformat() == _day(4)
    data["last_day"] = _day(-3)
    page = _client("mia").post(reverse(GRANT + "changelist"), data, follow=True).content.decode()
    assert "This day is over" in page


# --- teams --------------------------------------------------------------------------------------


def test_a_grant_to_a_team_reaches_its_members_and_ends_with_membership(firm):
    data = {
        "receivers": [firm.teams["London"]],
        "portfolio": [firm.portfolios["L-2"]],
        "right": "view_portfolio",
        "last_day": "",
        "reason": "desk",
    }
    client = _client("mia")
    assert client.post(reverse(TEAM_GRANT + "add"), data).status_code == 302
    assert _sees("new") == ["L-2"]
    page = reverse(TEAM + "change", args=[firm.teams["London"]])
    assert client.post(page, {"members": [firm.people["ann"]]}).status_code == 302
    assert _sees("new") == []
    both = {"members": [firm.people["ann"], firm.people["new"]]}
    assert client.post(page, both).status_code == 302
    assert _sees("new") == ["L-2"]


@pytest.mark.parametrize(
    ("name", "offered"), [("mia", ["London"]), ("root", ["London", "New York"])]
)
def test_teams_are_listed_for_those_who_lead_them(firm, name, offered):
    page = _client(name).get(reverse(TEAM + "changelist")).content.decode()
    assert [team for team in ("London", "New York") if f">{team}<" in page] == offered


def test_a_crafted_member_or_leader_is_refused(firm):
    page = reverse(TEAM + "change", args=[firm.teams["London"]])
    for data in (
        {"members": [firm.people["mia"]]},
        {"members": [firm.people["root"]]},
        {"members": [firm.people["ada"]], "managers": [firm.people["mia"]]},
    ):
        answer = _client("mia").post(page, data)
        assert "Select a valid choice" in answer.content.decode()
    other = reverse(TEAM + "change", args=[firm.teams["New York"]])
    assert _client("mia").get(other).status_code == 302
    assert _client("mia").post(reverse(TEAM + "add"), {"name": "Mine"}).status_code == 403


def test_an_administrator_makes_a_team_and_names_its_leader(firm, owner):
    client = _client("root")
    assert client.post(reverse(TEAM + "add"), {"name": " Tokyo "}).status_code == 302
    group = Group.objects.get(name="Tokyo")
    page = reverse(TEAM + "change", args=[group.pk])
    data = {"managers": [firm.people["max"]], "members": [firm.people["abe"]]}
    assert client.post(page, data).status_code == 302
    found = owner.execute("SELECT user_id FROM team_manager WHERE team_id = %s", [group.pk])
    assert found.fetchall() == [(firm.people["max"],)]
    again = client.post(reverse(TEAM + "add"), {"name": "auditor"}).content.decode()
    assert "exists already" in again


# --- holiday cover ------------------------------------------------------------------------------


def _cover(firm: Firm, absent: str, covering: str, first: int, last: int) -> dict[str, object]:
    return {
        "absent": firm.people[absent],
        "covering": firm.people[covering],
        "first_day": _day(first),
        "last_day": _day(last),
        "reason": "",
    }


def test_cover_is_shown_first_and_given_in_one_step(firm, owner):
    client, data = _client("mia"), _cover(firm, "ann", "new", 0, 6)
    page = client.get(reverse(GRANT + "cover"), data).content.decode()
    assert "L-1 Portfolio L-1" in page
    assert _sees("new") == []
    assert client.post(reverse(GRANT + "cover"), data).status_code == 302
    assert _sees("new") == ["L-1"]
    row = owner.execute(
        "SELECT covers_id, reason, valid_until::date::text FROM portfolio_user_grant"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert row == (firm.people["ann"], "Cover for ann", _day(7))


def test_cover_that_begins_later_opens_nothing_before(firm):
    client, data = _client("mia"), _cover(firm, "ann", "new", 2, 6)
    assert client.post(reverse(GRANT + "cover"), data).status_code == 302
    assert _sees("new") == []


def test_cover_copies_only_what_the_giver_may_give(firm):
    """abe views N-1, which is not mia's; nothing is left to give."""
    client, data = _client("mia"), _cover(firm, "abe", "new", 0, 6)
    assert "Nothing to give" in client.get(reverse(GRANT + "cover"), data).content.decode()
    client.post(reverse(GRANT + "cover"), data)
    assert _sees("new") == []


def test_cover_reaches_through_teams_and_leaves_out_what_is_held(firm):
    with transaction.atomic(), acting_as(_person("mia")):
        planned = cover.plan(
            absent=_person("mia"), cover=_person("ann"), until=dt.datetime.now(dt.UTC)
        )
    assert [one.code for one in planned.given] == ["L-2"]
    assert [one.code for one in planned.held_already] == ["L-1"]


@pytest.mark.parametrize(
    ("covering", "first", "last", "sentence"),
    [
        ("ann", 0, 6, "Nobody covers for themselves"),
        ("mia", 0, 6, "Select a valid choice"),
        ("new", 0, 400, "92 days at most"),
        ("new", 6, 0, "before the first"),
    ],
)
def test_cover_that_makes_no_sense_is_refused_in_words(firm, covering, first, last, sentence):
    data = _cover(firm, "ann", covering, first, last)
    answer = _client("mia").post(reverse(GRANT + "cover"), data)
    assert sentence in answer.content.decode()


def test_crafted_cover_for_oneself_is_refused_by_the_database(firm):
    """The form does not offer it; the verb, called by other means, meets the database."""
    with (
        pytest.raises(PermissionDenied, match="database refused"),
        transaction.atomic(),
        acting_as(_person("root")),
        refusals_in_words(),
    ):
        cover.give(
            absent=_person("abe"),
            cover=_person("root"),
            since=None,
            until=dt.datetime.now(dt.UTC) - dt.timedelta(days=-9),
            reason="",
            by=_person("root"),
        )


# --- reviews ------------------------------------------------------------------------------------


@pytest.fixture
def old_grants(firm, owner):
    """All grants of the firm were given 120 days ago."""
    owner.execute("UPDATE portfolio_user_grant SET valid_from = now() - interval '120 days'")
    yield
    owner.execute("UPDATE portfolio_user_grant SET valid_from = now()")


def _due(name: str) -> list[str]:
    page = _client(name).get(reverse(GRANT + "reviews")).content.decode()
    people = ("ann", "abe", "mia", "max")
    return [who for who in people if f"<td>{who}</td><td>" in page]


@pytest.mark.parametrize(
    ("name", "due"),
    [("mia", ["ann"]), ("max", ["abe"]), ("root", ["ann", "abe", "mia", "max"])],
)
def test_due_grants_are_shown_to_those_who_can_answer_for_them(old_grants, name, due):
    assert _due(name) == due
    assert "overdue" in _client(name).get(reverse(GRANT + "reviews")).content.decode()


def test_young_grants_are_not_due(firm):
    assert "Nothing is due" in _client("mia").get(reverse(GRANT + "reviews")).content.decode()


def _key(owner, firm: Firm, name: str) -> str:
    query = "SELECT id FROM portfolio_user_grant WHERE user_id = %s ORDER BY id LIMIT 1"
    return f"user-{owner.execute(query, [firm.people[name]]).fetchone()[0]}"


def test_a_confirmed_grant_is_not_due_again_and_it_stays_on_record_who_said_so(
    old_grants, firm, owner
):
    data = {"grant": [_key(owner, firm, "ann")], "outcome": "confirm"}
    assert _client("mia").post(reverse(GRANT + "reviews"), data).status_code == 302
    assert _due("mia") == []
    said = owner.execute("SELECT outcome, reviewed_by_id FROM grant_review").fetchall()
    assert said == [("confirmed", firm.people["mia"])]
    noted = (
        "SELECT action, object, actor FROM audit_event"
        " WHERE action LIKE 'access%' ORDER BY id DESC LIMIT 1"
    )
    assert owner.execute(noted).fetchone() == ("access reviewed", "ann", "mia")


def test_an_ended_grant_is_ended_with_a_reason_of_its_own(old_grants, firm, owner):
    data = {"grant": [_key(owner, firm, "ann")], "outcome": "end"}
    _client("mia").post(reverse(GRANT + "reviews"), data)
    assert _sees("ann") == []
    query = "SELECT reason, end_reason FROM portfolio_user_grant WHERE user_id = %s"
    assert owner.execute(query, [firm.people["ann"]]).fetchone() == (
        "Set-up",
        "Not needed any more (review)",
    )


def test_crafted_reviews_of_foreign_or_own_grants_change_nothing(old_grants, firm, owner):
    for name in ("abe", "mia"):
        data = {"grant": [_key(owner, firm, name)], "outcome": "end"}
        _client("mia").post(reverse(GRANT + "reviews"), data)
    assert owner.execute("SELECT count(*) FROM grant_review").fetchone() == (0,)
    assert _sees("abe") == ["N-1"]


# --- roles that take two ------------------------------------------------------------------------


def test_a_role_is_asked_for_by_one_and_approved_by_another(firm, owner):
    role = Group.objects.get(name="auditor")
    data = {"person": firm.people["otto"], "role": role.pk, "reason": "year end"}
    assert _client("root").post(reverse(REQUEST + "add"), data).status_code == 302
    number = owner.execute("SELECT max(id) FROM role_request").fetchone()[0]
    approve = {"action": "approve", "_selected_action": [number]}
    assert _client("root").post(reverse(REQUEST + "changelist"), approve).status_code == 403
    assert not _person("otto").has_role("auditor")
    index = _client("rose").get(reverse("admin:index")).content.decode()
    assert "role requests wait for a second administrator" in index
    assert _client("rose").post(reverse(REQUEST + "changelist"), approve).status_code == 302
    assert _person("otto").has_role("auditor")
    events = owner.execute(
        "SELECT action, actor FROM audit_event"
        " WHERE object = 'otto' AND action LIKE 'role%' ORDER BY id DESC LIMIT 3"
    ).fetchall()
    assert sorted(events) == [
        ("role assigned", "rose"),
        ("role request approved", "rose"),
        ("role request made", "root"),
    ]
    taken = {"action": "take_two_person_roles", "_selected_action": [firm.people["otto"]]}
    _client("root").post(reverse("admin:accounts_user_changelist"), taken)
    assert not _person("otto").has_role("auditor")


@pytest.mark.parametrize("field", ["given_roles", "groups", "teams"])
def test_no_crafted_form_gives_a_role_that_takes_two(firm, field):
    page = reverse("admin:accounts_user_change", args=[firm.people["ann"]])
    data = {
        "username": "ann",
        "reporting_currency": "USD",
        "is_active": "on",
        "given_roles": [Group.objects.get(name="analyst").pk],
        "teams": [firm.teams["London"]],
    }
    data[field] = [Group.objects.get(name="administrator").pk]
    _client("root").post(page, data)
    assert _person("ann").role_names == {"analyst"}


@pytest.mark.parametrize("whom", ["ada", "rose"])
def test_the_password_of_a_superior_is_not_set_in_the_admin(firm, whom, owner):
    before = _person(whom).password
    url = reverse("admin:auth_user_password_change", args=[firm.people[whom]])
    new = {"usable_password": "true", "password1": "Wq8-tiger-lamp", "password2": "Wq8-tiger-lamp"}
    assert _client("root").post(url, new).status_code == 403
    assert _person(whom).password == before


# --- other ways in ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mia", "root"])
def test_guardians_own_pages_do_not_exist(firm, name):
    for address in (
        "/admin/portfolios/portfolio/1/permissions/",
        f"/admin/portfolios/portfolio/1/permissions/user-manage/{firm.people['ann']}/",
        "/admin/portfolios/portfolio/1/permissions/group-manage/1/",
        "/admin/guardian/userobjectpermission/add/",
        "/admin/auth/group/add/",
    ):
        assert _client(name).get(address).status_code == 404, address
    with pytest.raises(NoReverseMatch):
        reverse("admin:portfolios_portfolio_permissions")


@pytest.mark.parametrize("name", ["ann", "ada", "otto", "eva"])
@pytest.mark.parametrize("page", ["cover", "reviews"])
def test_the_pages_of_the_admin_are_for_those_who_give_access(firm, name, page):
    assert _client(name).get(reverse(GRANT + page)).status_code == 302


def test_an_inline_that_is_not_there_takes_nothing(firm):
    page = reverse("admin:accounts_user_change", args=[firm.people["ann"]])
    data = {
        "username": "ann",
        "reporting_currency": "USD",
        "is_active": "on",
        "portfoliousergrant_set-TOTAL_FORMS": 1,
        "portfoliousergrant_set-INITIAL_FORMS": 0,
        "portfoliousergrant_set-0-content_object": firm.portfolios["N-1"],
        "portfoliousergrant_set-0-user": firm.people["ann"],
        "given_roles": [Group.objects.get(name="analyst").pk],
        "teams": [firm.teams["London"]],
    }
    assert _client("root").post(page, data).status_code == 302
    assert _sees("ann") == ["L-1"]
