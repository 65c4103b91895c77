"""One audit event a row; the database numbers, dates, signs and chains it (see sql/)."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Value
from django.db.models.functions import Now


class EventQuerySet(models.QuerySet["Event"]):
    """Named reads of the trail; what a reader may see is decided by the database."""

    def between(self, start: dt.date | None, end: dt.date | None) -> EventQuerySet:
        """Events of the UTC days from ``start`` to ``end``, both included, either open."""
        events = self
        if start:
            events = events.filter(at__gte=_midnight(start))
        if end:
            events = events.filter(at__lt=_midnight(end + dt.timedelta(days=1)))
        return events

    def newest_first(self) -> EventQuerySet:
        """Events in the order of a reader, the newest on top."""
        return self.order_by("-id")

    def last_verification(self) -> Event | None:
        """The newest verification of the chain that this reader may see."""
        return self.filter(action=VERIFIED).newest_first().first()


VERIFIED = "audit verified"


class Event(models.Model):
    """What happened, to what, by whom; the database refuses to change or remove it."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now(), db_index=True)
    actor_id = models.IntegerField(null=True, help_text="From the signed identity.")
    actor = models.TextField(db_default=Value(""))
    recorded_by = models.TextField(db_default=Value(""), help_text="The database login.")
    action = models.TextField(db_index=True)
    object = models.TextField()
    portfolio_id = models.IntegerField(null=True, db_index=True)
    version_number = models.IntegerField(null=True)
    detail = models.JSONField(
        encoder=DjangoJSONEncoder, db_default=Value({}, output_field=models.JSONField())
    )
    previous_hash = models.BinaryField(db_default=Value(b""), unique=True)
    hash = models.BinaryField(db_default=Value(b""))

    objects = EventQuerySet.as_manager()

    class Meta:
        db_table = "audit_event"
        verbose_name = "audit event"

    def __str__(self) -> str:
        return f"{self.id} {self.action} {self.object}"

    @property
    def detail_text(self) -> str:
        """The detail as one line of JSON."""
        return json.dumps(self.detail, ensure_ascii=False, sort_keys=True)

    @property
    def hash_text(self) -> str:
        """The hash as people compare it."""
        return bytes(self.hash).hex()

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused, as the database would."""
        raise TypeError("An audit event stays. Record another one that says what was wrong.")


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
