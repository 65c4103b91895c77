"""Who gets whose fragment: people who see the same, and nobody else, whatever lies in the store."""

import socket
from contextlib import contextmanager

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from helio.accounts.models import User
from helio.rls.identity import acting_as
from helio.rls.middleware import one_state
from reports.fragments import store as stores
from reports.fragments.audience import Audience
from reports.fragments.store import FragmentStore, client_of
from reports.templatetags import fragments
from reports.templatetags.fragments import PERSONAL, PersonalInFragmentError

pytestmark = pytest.mark.usefixtures("alpha", "_open")

GRANT = """
    INSERT INTO portfolio_user_grant
           (user_id, content_object_id, permission_id, valid_from, valid_until, reason)
    SELECT p.id, o.id, a.id, now(), NULL, 'test'
      FROM person p, portfolio o, auth_permission a
     WHERE p.username = %s AND o.code = %s AND a.codename = 'view_portfolio'
"""
END = """
    UPDATE portfolio_user_grant SET valid_until = clock_timestamp()
     WHERE user_id = (SELECT id FROM person WHERE username = %s)
       AND content_object_id = (SELECT id FROM portfolio WHERE code = %s) AND valid_until IS NULL
"""


# What changes an audience, and what takes it back.
CHANGES = (
    (
        "UPDATE person SET reporting_currency = 'EUR' WHERE username = 'analyst1'",
        "UPDATE person SET reporting_currency = 'USD' WHERE username = 'analyst1'",
    ),
    (
        """INSERT INTO version (number, created_at, as_of, cause, batch_ids, source_ages, steps,
                                changed_portfolios, duration_ms)
           SELECT 1000, created_at, as_of, cause, batch_ids, source_ages, steps,
                  changed_portfolios, duration_ms FROM version ORDER BY number DESC LIMIT 1""",
        "DELETE FROM version WHERE number = 1000",
    ),
    (
        """INSERT INTO person_groups (user_id, group_id) SELECT p.id, g.id
             FROM person p, auth_group g WHERE p.username = 'analyst1' AND g.name = 'manager'""",
        """DELETE FROM person_groups USING auth_group g WHERE g.id = group_id AND g.name = 'manager'
            AND user_id = (SELECT id FROM person WHERE username = 'analyst1')""",
    ),
)


class Remembering(FragmentStore):
    """A store in memory that tells what was asked of it."""

    def __init__(self):
        self.kept, self.hits = {}, []

    def get(self, key):
        if key in self.kept:
            self.hits.append(key)
        return self.kept.get(key)

    def set(self, key, markup):
        self.kept[key] = markup


@pytest.fixture
def _open(django_db_blocker):
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def kept(monkeypatch):
    remembering = Remembering()
    monkeypatch.setattr(fragments, "store", lambda: remembering)
    return remembering


@pytest.fixture
def grants(connect_as):
    """Gives and ends access as the database's superuser; gives back what it ended."""
    with connect_as("superuser", autocommit=True) as owner:
        ended = []

        def change(statement, *of):
            owner.execute(statement, of)
            if statement == END:
                ended.append(of)

        yield change
        for of in ended:
            owner.execute(GRANT, of)


def signed_in(username):
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def get(client, path="/"):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def main(markup):
    """The page without what is the person's own."""
    return markup[markup.index("<main") : markup.index("</main>")]


@contextmanager
def reading(username):
    with one_state(), acting_as(User.objects.get(username=username)):
        yield


def key_of(username, path="/", name="book"):
    with reading(username):
        audience = Audience.in_force()
        assert audience is not None
        return audience.key(RequestFactory().get(path), name)


def codes(markup):
    return {f"HA-{number:02}" for number in range(1, 17) if f"HA-{number:02}" in markup}


def test_a_second_look_is_served_from_the_store(kept):
    client = signed_in("analyst1")
    first = main(get(client))
    assert len(kept.kept) == 2
    assert not kept.hits
    assert main(get(client)) == first
    assert len(kept.hits) == 2


def test_a_second_look_asks_for_no_figure(kept):
    client = signed_in("analyst1")
    get(client)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        get(client)
    sent = " ".join(one["sql"] for one in asked.captured_queries)
    assert len(asked) <= 15
    for relation in ("figures.", "position_daily", "fx_daily", "listing"):
        assert f" {relation}" not in sent


def test_people_with_different_perimeters_share_nothing(kept):
    mine = get(signed_in("analyst1"))
    others = get(signed_in("analyst2"))
    assert not kept.hits
    assert codes(mine) != codes(others)


def test_people_who_see_the_same_share(kept, grants):
    for code in codes(get(signed_in("analyst2"))) - {"HA-11"}:
        grants(GRANT, "analyst12", code)
    try:
        kept.kept.clear()
        mine = get(signed_in("analyst2"))
        same = get(signed_in("analyst12"))
        assert len(kept.hits) == 2
        assert "analyst12" in same
        assert "analyst12" not in mine
        assert "analyst2" not in "".join(kept.kept.values())
    finally:
        for code in codes(mine):
            grants(END, "analyst12", code)


def test_a_grant_that_ends_changes_the_key_at_once(kept, grants):
    client = signed_in("analyst1")
    before, key = get(client), key_of("analyst1")
    assert "HA-02" in codes(before)
    grants(END, "analyst1", "HA-02")
    assert key_of("analyst1") != key
    assert "HA-02" not in codes(get(client))
    assert not kept.hits


def test_a_grant_that_is_given_changes_the_key_at_once(grants):
    key = key_of("analyst11")
    grants(GRANT, "analyst11", "HA-09")
    assert key_of("analyst11") != key
    grants(END, "analyst11", "HA-09")
    assert key_of("analyst11") == key


def test_another_currency_role_address_name_or_version_is_another_key(connect_as):
    key = key_of("analyst1")
    assert key != key_of("analyst1", "/?period=1y")
    assert key != key_of("analyst1", "/portfolios/")
    assert key != key_of("analyst1", name="largest")
    with connect_as("superuser", autocommit=True) as owner:
        for change, back in CHANGES:
            owner.execute(change)
            assert key_of("analyst1") != key
            owner.execute(back)
            assert key_of("analyst1") == key


def test_where_others_commits_show_nothing_is_shared():
    with one_state(repeatable=False), acting_as(User.objects.get(username="analyst1")):
        assert Audience.in_force() is None


def test_without_an_identity_nothing_is_shared():
    with one_state():
        assert Audience.in_force() is None


def test_a_page_as_known_then_is_not_kept(kept):
    get(signed_in("analyst2"), "/?known_at=2025-06-30T18:00Z")
    assert not kept.kept


@pytest.mark.parametrize("name", PERSONAL)
def test_what_is_a_persons_own_is_refused_in_a_fragment(kept, name):
    template = Template(
        f"{{% load fragments %}}{{% fragment 'x' %}}{{{{ {name} }}}}{{% endfragment %}}"
    )
    own = {name: "mine", "frame": type("Frame", (), {"cut": None}), "request": None}
    with pytest.raises(PersonalInFragmentError):
        template.render(Context(own))


def test_what_lies_in_the_store_names_nobody(kept):
    for username, path in (
        ("analyst1", "/"),
        ("manager1", "/"),
        ("manager1", "/portfolios/"),
        ("executive1", "/firm/"),
    ):
        get(signed_in(username), path)
        assert kept.kept
        for markup in kept.kept.values():
            assert username not in markup
            assert "csrf" not in markup.lower()
        kept.kept.clear()


def test_a_hung_store_costs_speed_only(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = client_of(f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        hung = FragmentStore(client, stores.secret())
        monkeypatch.setattr(fragments, "store", lambda: hung)
        whole = get(signed_in("analyst1"))
        assert hung.breaker.is_open
    assert codes(whole) >= {"HA-01"}
