"""What the sign-in tables say to the person they are about; written by functions only (sql/)."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from helio.signin.origin import device_words


class Session(models.Model):
    """One of the person's own sessions, without its data: the database shows nobody else's."""

    session_key = models.TextField(primary_key=True, help_text="SHA-256 of what the cookie holds.")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+"
    )
    started_at = models.DateTimeField()
    used_at = models.DateTimeField()
    idle_until = models.DateTimeField()
    expire_date = models.DateTimeField()
    address = models.TextField()
    device = models.TextField()

    class Meta:
        managed = False
        db_table = "person_session"
        ordering = ["-used_at"]

    def __str__(self) -> str:
        return self.device_words

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: sessions are written by helio/signin/store.py."""
        raise TypeError("A session is written by its store: see helio/signin/store.py.")

    @property
    def device_words(self) -> str:
        """Browser and system, as far as they are known."""
        return device_words(self.device)


class PasswordDue(models.Model):
    """The person's password was set by somebody else; kept by a trigger."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, primary_key=True, related_name="+"
    )
    since = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "password_due"

    def __str__(self) -> str:
        return f"since {self.since:%Y-%m-%d}"
