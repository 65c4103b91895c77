"""Fetching a source: what is remembered between runs, and every run."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from ingestion.models.source import Batch, Source


class FetchState(models.Model):
    """What all workers share about a source: when it is next, its memory, its circuit breaker."""

    source = models.OneToOneField(
        Source, on_delete=models.PROTECT, primary_key=True, related_name="fetch_state"
    )
    next_at = models.DateTimeField(null=True, help_text="When it is fetched next; or never.")
    rule = models.CharField(max_length=64, blank=True, help_text="Digest of its definition then.")
    memory = models.JSONField(default=dict, help_text="ETag, high-water mark: what to ask next.")
    failures = models.IntegerField(default=0, help_text="In a row.")
    paused_until = models.DateTimeField(null=True, help_text="The breaker is open until then.")
    folder_sentence = models.TextField(blank=True, help_text="What is wrong in its folder.")

    class Meta:
        db_table = "fetch_state"

    def __str__(self) -> str:
        return f"{self.source} {self.breaker}"

    @property
    def breaker(self) -> str:
        """State of the circuit breaker, in a word: closed, open, or half-open."""
        return self.breaker_at(timezone.now())

    def breaker_at(self, now: datetime) -> str:
        """The state at a moment; half-open means that the next fetch is a trial."""
        if self.paused_until is None:
            return "closed"
        return "open" if now < self.paused_until else "half-open"


class FetchRun(models.Model):
    """One fetch of a source: asked for by a person, by the clock or by a command."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked for"
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        INTERRUPTED = "interrupted", "Interrupted"

    ACTIVE = (State.QUEUED, State.RUNNING)

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="fetches")
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    cause = models.CharField(max_length=20, default="schedule")
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.CharField(max_length=150, blank=True)
    asked_by_id = models.IntegerField(null=True, help_text="The signed identity, if a person.")
    heard_at = models.DateTimeField(db_default=Now(), help_text="When it last showed life.")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    worker = models.CharField(max_length=60, blank=True, help_text="The task that works on it.")
    sentence = models.TextField(blank=True, help_text="How it ended, in words.")
    files = models.IntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0, help_text="Questions asked, retries included.")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True)

    class Meta:
        db_table = "fetch_run"
        ordering = ["-id"]
        constraints = [
            # Two workers cannot fetch one source at once, whoever told them to.
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(state__in=("queued", "running")),
                name="one_fetch_of_a_source_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["source"], condition=Q(state="asked"), name="one_wish_for_a_fetch_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["source", "-id"], name="fetch_run_by_source")]

    def __str__(self) -> str:
        return f"fetch {self.pk} of {self.source}"

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it runs."""
        if self.ended_at is None or self.started_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()


class RemoteFile(models.Model):
    """A file on a server that was taken: the same name, size and time is not taken again."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    modified_at = models.DateTimeField()
    definition_digest = models.CharField(max_length=64)
    rejected = models.BooleanField(default=False)

    class Meta:
        db_table = "remote_file"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "name", "size", "modified_at"], name="remote_file_taken_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
