"""View-as: an administrator sees the pages as somebody else does, to read and nothing else.

What it may and may not is decided in the database (helio/rls/sql/101_viewing.sql, 102_view_as.sql).
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

# Where the session keeps the number of the view-as in force.
SESSION_KEY: Final = "view_as"


class ViewAs(models.Model):
    """One administrator, one other person, a quarter of an hour, and why."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    started_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "view_as"
        verbose_name = "view-as"

    def __str__(self) -> str:
        return f"{self.actor} as {self.person}"

    @property
    def lasts(self) -> bool:
        """True until it was ended or its time is over."""
        return self.ended_at is None and self.ends_at > timezone.now()

    @property
    def minutes_left(self) -> int:
        """Whole minutes until it ends by itself."""
        return max(0, (self.ends_at - timezone.now()) // dt.timedelta(minutes=1))


def begin(*, person_id: int, reason: str, by: models.Model) -> ViewAs:
    """A new view-as; the database refuses one of a superior, or by anybody but an administrator."""
    made = ViewAs.objects.create(actor_id=by.pk, person_id=person_id, reason=reason)
    made.refresh_from_db()
    return made


def end(*, number: int) -> int:
    """1 when it was ended now, 0 when it is not one's own."""
    return ViewAs.objects.filter(pk=number, ended_at=None).update(ended_at=timezone.now())


def lasting(number: int) -> ViewAs | None:
    """The view-as of that number while it lasts, as far as the person who asks may know."""
    found = ViewAs.objects.select_related("actor", "person").filter(pk=number).first()
    return found if found is not None and found.lasts else None
