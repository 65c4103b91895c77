"""Where data comes from, and one run of taking it in."""

from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from ingestion.schedule import Schedule


class Source(models.Model):
    """One source system as its definition says, and how fresh its data is."""

    id = models.AutoField(primary_key=True)
    name = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    system = models.CharField(max_length=40, help_text="Whose keys its records carry.")
    load_order = models.IntegerField(help_text="Lower first: whom others name comes first.")
    every_seconds = models.IntegerField(help_text="How often new data is expected.")
    grace_seconds = models.IntegerField(help_text="How late data may be before pages say so.")
    definition = models.TextField()
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(db_default=Now())
    newest_input_at = models.DateTimeField(null=True, help_text="When its newest file arrived.")
    business_date = models.DateField(null=True, help_text="Newest day its facts are about.")
    due_local_time = models.TimeField(null=True, help_text="Daily then; else every so often.")
    due_zone = models.CharField(max_length=60, default="UTC")
    due_on = models.CharField(max_length=20, default="days", help_text="Days, or an exchange.")
    way = models.CharField(max_length=20, default="folder", help_text="How its files are fetched.")
    confirmed_at = models.DateTimeField(null=True, help_text="When it last said: nothing new.")
    keep_bytes_days = models.IntegerField(null=True, help_text="Raw bytes expire then; or never.")

    class Meta:
        db_table = "source"
        ordering = ["load_order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(keep_bytes_days__isnull=True) | Q(keep_bytes_days__gte=30),
                name="source_keeps_bytes_for_a_month",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rule(self) -> Schedule:
        """When its input is expected."""
        return Schedule(
            every=timedelta(seconds=self.every_seconds),
            grace=timedelta(seconds=self.grace_seconds),
            at=self.due_local_time,
            zone=self.due_zone,
            on=self.due_on,
        )

    @property
    def due_at(self) -> datetime | None:
        """When the next input is expected, None before the first."""
        heard = [moment for moment in (self.newest_input_at, self.confirmed_at) if moment]
        return self.rule.due_after_input(max(heard)) if heard else None

    @property
    def late_at(self) -> datetime | None:
        """The moment from which pages call it late."""
        due = self.due_at
        return due + self.rule.grace if due else None

    @property
    def schedule(self) -> str:
        """When new data is expected, in words."""
        return self.rule.words


class SourceRank(models.Model):
    """Which source decides a kind of fact where several state it: the lowest rank, from then on.

    A definition that changes adds rows and changes none, so that what was believed then stays.
    """

    UNSAID: Final = 50

    id = models.AutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="ranks")
    record = models.CharField(max_length=20)
    rank = models.IntegerField(help_text="Lower decides first.")
    known_from = models.DateTimeField()

    class Meta:
        db_table = "source_rank"
        ordering = ["record", "known_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "record", "known_from"], name="source_rank_identity"
            ),
        ]


def counts_add_up(name: str) -> models.CheckConstraint:
    """The constraint that no record of a delivery is ever lost between the counts."""
    return models.CheckConstraint(
        condition=Q(
            received=F("loaded")
            + F("superseded")
            + F("duplicate")
            + F("quarantined")
            + F("rejected")
        ),
        name=name,
    )


class Counts(models.Model):
    """What became of the records received; they always add up."""

    received = models.IntegerField(default=0)
    loaded = models.IntegerField(default=0)
    superseded = models.IntegerField(default=0)
    duplicate = models.IntegerField(default=0)
    quarantined = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def adds_up(self) -> bool:
        """True when no record was lost between the counts."""
        parts = self.loaded + self.superseded + self.duplicate + self.quarantined + self.rejected
        return self.received == parts


class Batch(Counts):
    """One run of taking in a source's files."""

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        INTERRUPTED = "interrupted", "Interrupted; its files went to a later batch"

    id = models.AutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField(db_default=Now())
    heard_at = models.DateTimeField(db_default=Now(), help_text="When it last showed life.")
    ended_at = models.DateTimeField(null=True)
    started_by = models.CharField(max_length=60)
    sentence = models.TextField(blank=True)
    files_received = models.IntegerField(default=0)
    files_loaded = models.IntegerField(default=0)
    files_duplicate = models.IntegerField(default=0)
    files_rejected = models.IntegerField(default=0)
    released = models.IntegerField(default=0, help_text="Held records that took effect now.")

    class Meta:
        db_table = "batch"
        ordering = ["-id"]
        constraints = [counts_add_up("batch_counts_add_up")]
        indexes = [models.Index(fields=["source", "-id"], name="batch_by_source")]

    def __str__(self) -> str:
        return f"batch {self.pk}"

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it runs."""
        if self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()
