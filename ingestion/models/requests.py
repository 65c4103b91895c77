"""What operations asked for: rejects to mend and send again, and work for the worker."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from ingestion.models.landing import SourceFile
from ingestion.models.quarantine import ExceptionItem
from ingestion.models.source import Batch, Source


class Resend(models.Model):
    """Lines of a file that were handed out to be mended; its number is in the new file's name."""

    id = models.AutoField(primary_key=True)
    file = models.ForeignKey(SourceFile, on_delete=models.PROTECT, related_name="resends")
    exception_ids = ArrayField(models.IntegerField(), help_text="In the order of the lines.")
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)

    class Meta:
        db_table = "resend"
        ordering = ["id"]


class WorkRequest(models.Model):
    """Something a person asked the worker to do; in the database, so that no broker loses it."""

    class Kind(models.TextChoices):
        REPLAY = "replay", "Try held records again"
        RUN = "run", "Run a source again"
        TAKE = "take", "Take the other content of a record"

    class State(models.TextChoices):
        ASKED = "asked", "Waiting for the worker"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    id = models.AutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.ASKED, db_default="asked"
    )
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    item = models.ForeignKey(
        ExceptionItem, on_delete=models.PROTECT, null=True, help_text="The record to take."
    )
    reason = models.TextField(blank=True, db_default="", help_text="Why, as the person said.")
    done_at = models.DateTimeField(null=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True)
    sentence = models.TextField(blank=True, db_default="")

    class Meta:
        db_table = "work_request"
        ordering = ["id"]
        indexes = [models.Index(fields=["state", "id"], name="work_request_by_state")]
