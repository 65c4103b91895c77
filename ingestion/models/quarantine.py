"""What could not take effect, and the register of every version of every event."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from ingestion.models.landing import SourceFile
from ingestion.models.source import Batch, Source


class ExceptionItem(models.Model):
    """A record or file that has no effect, and why; nothing is ever dropped silently."""

    class State(models.TextChoices):
        HELD = "held", "Still held"
        RELEASED = "released", "Released"
        REJECTED = "rejected", "Rejected"
        SKIPPED = "skipped", "Skipped"
        DISMISSED = "dismissed", "Set aside by a person"
        MENDED = "mended", "Mended and sent again"
        TAKEN = "taken", "Taken instead of the first"
        RESENT = "resent", "Sent again, and still without effect"

    id = models.AutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="exceptions")
    file = models.ForeignKey(SourceFile, on_delete=models.PROTECT, related_name="exceptions")
    line_no = models.IntegerField(null=True, help_text="Empty: the whole file.")
    code = models.CharField(max_length=40)
    reason = models.TextField(help_text="The bare fact, e.g. the unknown code.")
    sentence = models.TextField()
    raw_text = models.TextField(blank=True)
    reference = models.CharField(max_length=255, help_text="Order, posting or file.")
    version = models.IntegerField(null=True)
    known_from = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    outcome = models.CharField(max_length=60, default="still held")
    raised_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)
    settled_in = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, related_name="settled"
    )
    record = models.CharField(max_length=20, blank=True, help_text="Staging table of the record.")
    staged = models.JSONField(null=True, help_text="The record as staged, for its replay.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who looks after it.",
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(blank=True, db_default="", help_text="Why it was set aside.")

    class Meta:
        db_table = "exception_item"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "line_no", "record", "code"],
                name="one_exception_a_line",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["state", "source"], name="exception_by_state"),
            models.Index(fields=["source", "reference"], name="exception_by_reference"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.reference}"

    @property
    def is_open(self) -> bool:
        """True while somebody may still do something about it."""
        return self.state in (self.State.HELD, self.State.REJECTED)


class EventVersion(models.Model):
    """Every version of every event ever delivered: held, cancelled and effective alike.

    The same identity again is a duplicate; a transaction is known until a higher version is.
    """

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=40)
    reference = models.CharField(max_length=60)
    version = models.IntegerField()
    status = models.CharField(max_length=6)
    content = models.CharField(max_length=32, help_text="Digest of what it says.")
    known_from = models.DateTimeField()
    held = models.BooleanField(default=False)
    batch_id = models.IntegerField()
    file_id = models.IntegerField()
    line_no = models.IntegerField()

    class Meta:
        db_table = "event_version"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reference", "version"], name="event_version_identity"
            ),
        ]
