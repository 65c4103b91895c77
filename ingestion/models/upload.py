"""Files that a person uploaded: written by the web role, landed and emptied by the worker."""

from django.db import models
from django.db.models.functions import Now

from ingestion.models.source import Batch, Source


class Upload(models.Model):
    """One form with its files; it becomes one batch."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a worker"
        LANDING = "landing", "Being taken in"
        DONE = "done", "Taken in"
        FAILED = "failed", "Not taken in"

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    uploaded_at = models.DateTimeField(db_default=Now())
    uploaded_by_id = models.IntegerField(help_text="The signed identity.")
    uploaded_by = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    heard_at = models.DateTimeField(db_default=Now(), help_text="When the worker last showed life.")
    tries = models.IntegerField(default=0)
    sentence = models.TextField(blank=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True)

    class Meta:
        db_table = "upload"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "id"], name="upload_by_state")]

    def __str__(self) -> str:
        return f"upload {self.pk}"

    @property
    def ended(self) -> bool:
        """True when nothing more will happen to it."""
        return self.state in (self.State.DONE, self.State.FAILED)


class UploadedFile(models.Model):
    """One file of an upload."""

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "uploaded_file"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class UploadPart(models.Model):
    """A piece of an uploaded file, until it has landed."""

    pk = models.CompositePrimaryKey("file", "part_no")
    file = models.ForeignKey(UploadedFile, on_delete=models.CASCADE)
    part_no = models.IntegerField()
    body = models.BinaryField()

    class Meta:
        db_table = "upload_part"
