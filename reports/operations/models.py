"""Reads of what ingestion wrote, without importing ingestion: unmanaged, read-only models.

Whom the tables open to is written in ingestion/landing/sql/010_secure.sql: operations, auditors.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NoReturn

from django.db import models


class ReadOnly(models.Model):
    """A row that this app may only read."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: ingestion alone writes here."""
        raise TypeError("Operations' pages only read. Use manage.py ingest to take data in.")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused: what was received stays."""
        raise TypeError("What was received is never deleted.")


class Counts(ReadOnly):
    """What became of the records received; the parts add up to ``received``."""

    received = models.IntegerField()
    loaded = models.IntegerField()
    superseded = models.IntegerField()
    duplicate = models.IntegerField()
    quarantined = models.IntegerField()
    rejected = models.IntegerField()

    class Meta:
        abstract = True

    @property
    def adds_up(self) -> bool:
        """True when no record was lost between the counts."""
        parts = self.loaded + self.superseded + self.duplicate + self.quarantined + self.rejected
        return self.received == parts


class Source(ReadOnly):
    """A source system with its schedule and its newest input."""

    id = models.IntegerField(primary_key=True)
    name = models.TextField()
    title = models.TextField()
    system = models.TextField()
    load_order = models.IntegerField()
    every_seconds = models.IntegerField()
    grace_seconds = models.IntegerField()
    loaded_at = models.DateTimeField()
    newest_input_at = models.DateTimeField(null=True)
    business_date = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "source"
        ordering = ["load_order", "name"]

    def __str__(self) -> str:
        return self.title

    @property
    def due_at(self) -> dt.datetime | None:
        """When the next input is expected, None before the first."""
        if self.newest_input_at is None:
            return None
        return self.newest_input_at + dt.timedelta(seconds=self.every_seconds)

    @property
    def late_at(self) -> dt.datetime | None:
        """The moment from which pages call it late."""
        due = self.due_at
        return due + dt.timedelta(seconds=self.grace_seconds) if due else None

    @property
    def schedule(self) -> str:
        """How often new data is expected, in words."""
        for seconds, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
            number, rest = divmod(self.every_seconds, seconds)
            if number and not rest:
                return f"every {word}" if number == 1 else f"every {number} {word}s"
        return f"every {self.every_seconds} seconds"


class Batch(Counts):
    """One run of taking in a source's files."""

    id = models.IntegerField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.DO_NOTHING)
    state = models.TextField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    started_by = models.TextField()
    sentence = models.TextField()
    files_received = models.IntegerField()
    files_loaded = models.IntegerField()
    files_duplicate = models.IntegerField()
    files_rejected = models.IntegerField()
    released = models.IntegerField()

    class Meta:
        managed = False
        db_table = "batch"

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it runs."""
        if self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()


class SourceFile(Counts):
    """One delivery of one file."""

    id = models.IntegerField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.DO_NOTHING)
    batch = models.ForeignKey(Batch, on_delete=models.DO_NOTHING, related_name="files")
    duplicate_of = models.ForeignKey("self", on_delete=models.DO_NOTHING, null=True)
    name = models.TextField()
    kind = models.TextField()
    sha256 = models.TextField()
    size = models.BigIntegerField()
    line_count = models.IntegerField()
    received_at = models.DateTimeField()
    received_by = models.TextField()
    way = models.TextField()
    status = models.TextField()
    sentence = models.TextField()

    class Meta:
        managed = False
        db_table = "source_file"


class SourceText(ReadOnly):
    """Some hundred lines of a file as text."""

    pk = models.CompositePrimaryKey("file", "first_line")
    file = models.ForeignKey(SourceFile, on_delete=models.DO_NOTHING)
    first_line = models.IntegerField()
    last_line = models.IntegerField()
    body = models.TextField()

    class Meta:
        managed = False
        db_table = "source_text"


class ExceptionItem(ReadOnly):
    """A record or file that has no effect, and why."""

    id = models.IntegerField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.DO_NOTHING)
    batch = models.ForeignKey(Batch, on_delete=models.DO_NOTHING, related_name="exceptions")
    file = models.ForeignKey(SourceFile, on_delete=models.DO_NOTHING, related_name="exceptions")
    line_no = models.IntegerField(null=True)
    code = models.TextField()
    reason = models.TextField()
    sentence = models.TextField()
    raw_text = models.TextField()
    reference = models.TextField()
    version = models.IntegerField(null=True)
    known_from = models.DateTimeField(null=True)
    state = models.TextField()
    outcome = models.TextField()
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        db_table = "exception_item"
