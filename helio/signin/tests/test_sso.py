"""Single sign-on against a small provider: it says who, and nobody else can."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings

from helio.accounts.models import User
from helio.signin.tests import provider as fake
from helio.signin.tests.test_second_factor import add_app


@pytest.fixture(scope="module")
def running() -> Iterator[fake.Provider]:
    with fake.running() as provider:
        yield provider


@pytest.fixture
def provider(running: fake.Provider) -> Iterator[fake.Provider]:
    """The provider with Helio set up for it, saying that ann is signed in."""
    running.claims, running.key, running.algorithm = (
        {"preferred_username": "ann"},
        fake.KEY,
        "RS256",
    )
    with override_settings(
        HELIO_OIDC_ISSUER=running.url,
        HELIO_OIDC_CLIENT_ID=fake.CLIENT,
        HELIO_OIDC_CLIENT_SECRET=fake.SECRET,
    ):
        yield running


def sent_back(client: Client, provider: fake.Provider, address: str = "/accounts/sso/") -> str:
    """The callback that the browser is sent to, before it is followed."""
    answer = client.get(address)
    assert answer["Location"].startswith(f"{provider.url}/authorize?")
    return provider.approve(answer["Location"]).removeprefix("http://testserver")


def test_whom_the_provider_names_is_signed_in(cast, provider, connect_as):
    client = Client()
    answer = client.get(sent_back(client, provider, "/accounts/sso/?next=/portfolios/"))
    assert (answer.status_code, answer["Location"]) == (302, "/portfolios/")
    assert client.get("/portfolios/").status_code == 200
    last = (
        "SELECT object, detail FROM audit_event WHERE action = 'sign-in' ORDER BY id DESC LIMIT 1"
    )
    name, detail = connect_as("superuser").execute(last).fetchone()
    assert (name, detail["proved"]) == ("ann", ["sso"])


@pytest.mark.parametrize(
    "claims",
    [
        {"preferred_username": "somebody new"},
        {"preferred_username": ["ann"]},
        {"preferred_username": None},
    ],
)
def test_nobody_is_added(cast, provider, claims):
    provider.claims = claims
    client, before = Client(), User.objects.count()
    answer = client.get(sent_back(client, provider))
    assert answer.status_code == 403
    assert "Nobody signs in to Helio as" in answer.content.decode()
    assert User.objects.count() == before
    assert client.get("/portfolios/").status_code == 302


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another client"},
        {"iss": "https://another.example"},
        {"exp": 1_000_000_000},
    ],
)
def test_a_token_for_others_of_others_or_of_old_signs_nobody_in(cast, provider, claims):
    provider.claims = {"preferred_username": "ann"} | claims
    client = Client()
    answer = client.get(sent_back(client, provider))
    assert answer.status_code == 403
    assert client.get("/portfolios/").status_code == 302


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(fake.OTHER_KEY, "RS256"), ("x" * 64, "HS256"), (None, "none")],
)
def test_a_token_that_the_provider_did_not_sign_signs_nobody_in(cast, provider, key, algorithm):
    provider.key, provider.algorithm = key, algorithm
    client = Client()
    assert client.get(sent_back(client, provider)).status_code == 403
    assert client.get("/portfolios/").status_code == 302


def test_a_callback_that_another_browser_started_is_refused(cast, provider):
    victim, attacker = Client(), Client()
    assert victim.get(sent_back(attacker, provider)).status_code == 403
    assert victim.get("/portfolios/").status_code == 302


def test_a_code_is_good_once(cast, provider):
    client = Client()
    back = sent_back(client, provider)
    assert client.get(back).status_code == 302
    client.post("/accounts/logout/")
    assert client.get(back).status_code == 403


def test_the_way_back_leads_nowhere_else(cast, provider):
    client = Client()
    back = sent_back(client, provider, "/accounts/sso/?next=https://evil.example/")
    assert client.get(back)["Location"] == "/"


def test_a_closed_account_is_not_signed_in(cast, provider, connect_as):
    provider.claims = {"preferred_username": "abe"}
    db = connect_as("superuser", autocommit=True)
    db.execute("UPDATE person SET is_active = false WHERE username = 'abe'")
    try:
        client = Client()
        assert client.get(sent_back(client, provider)).status_code == 403
    finally:
        db.execute("UPDATE person SET is_active = true WHERE username = 'abe'")


@pytest.mark.parametrize(
    ("proves", "where"), [(False, "/accounts/second-factor/prove/"), (True, "/")]
)
def test_a_second_factor_is_asked_unless_the_provider_asks_for_one(
    cast, provider, browser, connect_as, proves, where
):
    add_app(browser("mia"))
    provider.claims = {"preferred_username": "mia"}
    client = Client()
    with override_settings(HELIO_OIDC_PROVES_FACTOR=proves):
        assert client.get(sent_back(client, provider))["Location"] == where
    connect_as("superuser", autocommit=True).execute("DELETE FROM mfa_authenticator")


def test_without_a_provider_there_is_no_way_in(cast):
    client = Client()
    assert client.get("/accounts/sso/").status_code == 404
    assert client.get("/accounts/sso/sso/callback/?code=x&state=y").status_code == 404
    assert "/accounts/sso/" not in client.get("/accounts/login/").content.decode()
