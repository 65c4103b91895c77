"""What every answer says to the browser, and from where a form is taken."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from helio.testing import databases, firm

OPEN = ("/accounts/login/",)
PRINT = (
    "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE,"
    " s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.SECURE_SSL_REDIRECT)"
)
OWN = (
    *("/accounts/", "/accounts/password/", "/accounts/reauthenticate/"),
    *("/portfolios/", "/glossary/", "/admin/"),
)


def policy(answer) -> dict[str, list[str]]:
    directives = [part.split() for part in answer["Content-Security-Policy"].split(";")]
    return {name: values for name, *values in directives}


def test_no_page_allows_script_or_style_but_our_own_files(cast, browser):
    client = browser("mia")
    for address in (*OPEN, *OWN):
        told = policy((Client() if address in OPEN else client).get(address))
        assert told["script-src"] == told["style-src"] == ["'self'"], address
        assert told["form-action"] == told["base-uri"] == ["'self'"], address
        assert told["object-src"] == told["frame-ancestors"] == ["'none'"], address
        assert "unsafe" not in str(told), address


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://testserver", 302),
        ("http://testserver:9999", 403),
        ("https://testserver", 403),
        ("http://evil.example", 403),
        ("null", 403),
    ],
)
def test_a_form_is_taken_from_our_own_origin_by_scheme_and_port(cast, origin, status):
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    answer = client.post(
        "/accounts/login/",
        {
            "username": "ann",
            "password": firm.PASSWORD,
            "csrfmiddlewaretoken": client.cookies["csrftoken"].value,
        },
        headers={"Origin": origin},
    )
    assert answer.status_code == status


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(cast, browser):
    cookies = browser("ann").cookies
    for name in ("sessionid", "csrftoken", "helio_device"):
        assert cookies[name]["httponly"], name
        assert cookies[name]["samesite"] == "Lax", name


def test_behind_tls_cookies_are_secure_and_browsers_are_told_to_stay():
    """In a process of its own: these follow from the origins at the start."""
    told = subprocess.run(
        [
            *(sys.executable, "manage.py", "shell", "-v", "0", "-c"),
            PRINT,
        ],
        cwd=settings.BASE_DIR,
        env=databases.serving_environment(databases.DATABASE, "web")
        | {"HELIO_ALLOWED_ORIGINS": "https://helio.example.com", "HELIO_TRUSTED_PROXY": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["True", "True", "31536000", "True"]


def test_who_is_sent_to_sign_in_is_sent_nowhere_else(cast):
    answer = Client().post(
        "/accounts/login/?next=https://evil.example/",
        {"username": "ann", "password": firm.PASSWORD, "next": "https://evil.example/"},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")
