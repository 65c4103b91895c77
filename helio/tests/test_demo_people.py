"""The demo's people: adding them again changes nothing but a password that is another now."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from helio.accounts.models import User
from helio.testing import databases

pytestmark = pytest.mark.usefixtures("alpha")
PEOPLE = "SELECT id, username, password FROM person ORDER BY id"
GRANTS = "SELECT * FROM portfolio_user_grant ORDER BY id"


def test_adding_them_again_changes_nothing(alpha, connect_as):
    with connect_as("superuser", autocommit=True) as owner:
        before = owner.execute(PEOPLE).fetchall(), owner.execute(GRANTS).fetchall()
        databases.manage("demo_people", role="migrate", database=alpha)
        assert (owner.execute(PEOPLE).fetchall(), owner.execute(GRANTS).fetchall()) == before


def test_another_password_is_brought_up_to_date(alpha, connect_as):
    with connect_as("superuser", autocommit=True) as owner:
        owner.execute("UPDATE person SET password = '!' WHERE username = 'analyst1'")
        databases.manage("demo_people", role="migrate", database=alpha)
        [(encoded,)] = owner.execute(
            "SELECT password FROM person WHERE username = 'analyst1'"
        ).fetchall()
    assert User(password=encoded).check_password(settings.HELIO_DEMO_PASSWORD)


def test_a_superiors_password_is_set_on_the_command_line(alpha, connect_as, monkeypatch):
    """In the pages nobody may: see helio/rls/sql/093_groups.sql."""
    new = "a lamp for the tiger"
    with databases.django_connected_to(role="migrate"):
        monkeypatch.setattr("builtins.input", lambda: new)
        call_command("set_password", "auditor1", password_stdin=True)
        monkeypatch.setattr("builtins.input", lambda: "12345678")
        with pytest.raises(CommandError, match="too common"):
            call_command("set_password", "auditor1", password_stdin=True)
    query = "SELECT password FROM person WHERE username = 'auditor1'"
    [(encoded,)] = connect_as("superuser").execute(query).fetchall()
    assert User(password=encoded).check_password(new)
    with pytest.raises(CommandError, match="migration role"):
        call_command("set_password", "auditor1", password_stdin=True)
