"""Every variable is read in settings.py, by a typed reader, and documented."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from helio import env
from helio.up import environment

ROOT = Path(settings.BASE_DIR)
DOCUMENTED = set(
    re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/configuration.md").read_text(), re.M)
)


def test_docs_name_exactly_the_variables_that_settings_read() -> None:
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "helio/settings.py").read_text()))
    assert read == DOCUMENTED


def test_up_passes_every_variable_on_to_whom_it_concerns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or a rule that an operator sets, such as who needs a second factor, holds nowhere."""
    # The one process that runs us all decides on these, or works out what the others get.
    of_up = {"HELIO_EMBEDDED", "DATABASE_MIGRATE_URL", "HELIO_DEMO_PASSWORD"}
    for name in DOCUMENTED:
        monkeypatch.setenv(name, "set by the operator")
    web, worker = (set(environment.for_role(role, 8000, None)) for role in ("web", "worker"))
    assert DOCUMENTED - of_up - (web | worker) == set()
    secrets = {"HELIO_IDENTITY_KEY", "HELIO_OIDC_CLIENT_SECRET", "DATABASE_URL"}
    assert secrets <= web
    assert not secrets & worker
    assert "HELIO_SECRETS_DIR" in worker - web


def test_env_example_names_only_documented_variables() -> None:
    named = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    documented = (ROOT / "docs/configuration.md").read_text()
    assert named
    assert not {name for name in named if f"`{name}`" not in documented}


@pytest.mark.parametrize(("written", "read"), [("1", True), ("No", False), ("", True)])
def test_boolean_reads_words(monkeypatch: pytest.MonkeyPatch, written: str, read: bool) -> None:
    monkeypatch.setenv("X", written)
    assert env.boolean("X", default=True) is read


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("maybe", lambda: env.boolean("X", default=True)),
        ("80000", lambda: env.integer("X", 1, least=1, most=65535)),
        ("-1", lambda: env.integer("X", 1, least=0, most=9)),
        ("loud", lambda: env.choice("X", "INFO", ("INFO", "ERROR"))),
        ("usd", lambda: env.code("X", "USD", "[A-Z]{3}", "use an ISO 4217 code")),
        ("mysql://h/d", lambda: env.url("X", ("postgresql",))),
        ("https://h/path", lambda: env.origins("X", [])),
        ("example.com", lambda: env.origins("X", [])),
        ("short", lambda: env.secret("X", "", shortest=32)),
        (__file__, lambda: env.folder("X", Path())),
    ],
)
def test_bad_value_is_refused_with_the_variables_name(
    monkeypatch: pytest.MonkeyPatch, value: str, read: object
) -> None:
    monkeypatch.setenv("X", value)
    assert callable(read)
    with pytest.raises(ImproperlyConfigured, match=r"^X\b"):
        read()


def test_messages_never_repeat_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "hunter2")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.secret("X", "", shortest=32)
    assert "hunter2" not in str(refusal.value)
    monkeypatch.setenv("X", "mysql://me:hunter2@h/d")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.url("X", ("postgresql",))
    assert "hunter2" not in str(refusal.value)


def test_origins_keep_scheme_and_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "https://a.example, http://b.example:8080")
    assert env.origins("X", []) == ["https://a.example", "http://b.example:8080"]


def test_content_security_policy_allows_nothing_inline() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert not [value for values in directives.values() for value in values if "unsafe" in value]
    assert directives["script-src"] == directives["style-src"] == ["'self'"]
