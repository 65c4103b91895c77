"""A log line is one line, says what happened, and gives no secret away."""

import io
import json
import logging
import logging.config
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.test import Client, RequestFactory

from helio.logs import STRUCK, Redactor, logging_config
from helio.signin import origin

PLANTED = 'pl4nted s\u00e9cret "quoted"'
FORGED = 'admin\n{"event": "sign-in", "user": "root"}\r\n\x1b[2J\u2028\x85end'


@pytest.fixture
def lines() -> Any:
    """What loggers write that know the planted secret, line by line."""
    written = io.StringIO()
    logging.config.dictConfig(logging_config("INFO", [PLANTED]))
    own = next(one for one in logging.getLogger().handlers if type(one) is logging.StreamHandler)
    own.setStream(written)
    yield lambda: written.getvalue().splitlines()
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.parametrize("name", ["django.request", "helio", "celery.worker", "some.package"])
def test_nothing_that_people_send_makes_a_second_line(lines: Any, name: str) -> None:
    logging.getLogger(name).warning("Not Found: %s", FORGED)
    structlog.get_logger(name).warning("signed in", user=FORGED, agent=FORGED)
    written = lines()
    assert len(written) == 2
    assert all(json.loads(line) and line.isascii() and "\x1b" not in line for line in written)


@pytest.mark.parametrize(
    "text",
    [
        PLANTED,
        "connection to postgresql://helio_web:PLANTED@db.example/helio failed",
        "redis://:PLANTED@cache:6379/0 is away",
        "host=db password=PLANTED user=x",
        "{'password': 'PLANTED', 'username': 'ann'}",
        '{"client_secret": "PLANTED"}',
        "Authorization: Bearer PLANTED",
        "Authorization: Basic PLANTED",
        "Cookie: sessionid=PLANTED; theme=dark",
        "SECRET_KEY = PLANTED",
        "HELIO_IDENTITY_KEY: PLANTED",
        "https://source.example/feed?api_key=PLANTED&page=2",
        "access_token=PLANTED",
    ],
)
def test_no_secret_reaches_a_line_not_even_in_a_traceback(lines: Any, text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error")
        structlog.get_logger("helio").exception("it.failed", why=text)
        logging.getLogger("x").error("failed with %s", text)
    written = lines()
    assert len(written) == 3
    for line in written:
        assert "PLANTED" not in line
        assert PLANTED not in line
        assert json.dumps(PLANTED)[1:-1] not in line
        assert STRUCK in line
        assert json.loads(line)


@pytest.mark.parametrize(
    "text",
    [
        "GET https://source.example:8443/feed?page=2 answered 404",
        "The password is too short.",
        "portfolio HA-01 at 2025-10-31T18:00:00Z",
        "no such token",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert Redactor([])(None, "", text) == text


def test_the_secrets_of_this_process_are_known_to_its_logs() -> None:
    redactor = settings.LOGGING["formatters"]["json"]["processors"][-1]
    for secret in (settings.SECRET_KEY, settings.IDENTITY_KEY, settings.HELIO_DEMO_PASSWORD):
        assert secret not in redactor.struck(f"it was {secret} all along")


def test_no_error_is_mailed() -> None:
    for name in ("django", "django.request", "django.security"):
        assert not [
            one for one in logging.getLogger(name).handlers if "Email" in type(one).__name__
        ]


def test_the_page_of_an_error_says_nothing_of_it(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(request: Any) -> None:
        raise ValueError(f"{PLANTED} {settings.SECRET_KEY}")

    monkeypatch.setattr("helio.signin.views.SignInView.get", broken)
    answer = Client(raise_request_exception=False).get("/accounts/login/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "pl4nted" not in text
    assert settings.SECRET_KEY not in text
    assert "Traceback" not in text


def test_names_of_devices_cannot_forge_anything() -> None:
    request = RequestFactory().get("/", HTTP_USER_AGENT=FORGED, REMOTE_ADDR="10.0.0.1\n")
    assert origin.device(request).isprintable()
    assert origin.address(request) == "10.0.0.1"


@pytest.mark.parametrize(
    ("trusted", "header", "address"),
    [
        (False, "203.0.113.9", "10.0.0.1"),
        (True, "", "10.0.0.1"),
        (True, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
    ],
)
def test_only_a_trusted_proxy_says_where_somebody_is(
    settings: Any, trusted: bool, header: str, address: str
) -> None:
    settings.HELIO_TRUSTED_PROXY = trusted
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=header)
    assert origin.address(request) == address


def test_tasks_carry_json_and_nothing_that_runs() -> None:
    from helio.celery import app

    assert app.conf.accept_content == app.conf.result_accept_content == ["json"]
    assert (app.conf.task_serializer, app.conf.result_serializer) == ("json", "json")
