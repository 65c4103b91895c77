"""Files as received, byte for byte, and as lines that can be read back by number."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from ingestion.models.source import Batch, Counts, Source, counts_add_up


class SourceFile(Counts):
    """One delivery of one file. The same bytes again are recorded, and have no effect."""

    class Status(models.TextChoices):
        LANDED = "landed", "Landed, not yet loaded"
        LOADED = "loaded", "Loaded"
        DUPLICATE = "duplicate", "Same bytes as an earlier file"
        REJECTED = "rejected", "Rejected whole"
        OPENED = "opened", "An archive; its members are files of their own"

    id = models.AutoField(primary_key=True)
    source = models.ForeignKey(Source, on_delete=models.PROTECT)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="files")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="members")
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="repeats"
    )
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=40, blank=True, help_text="Kind of file in the definition.")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    line_count = models.IntegerField(default=0)
    received_at = models.DateTimeField(db_default=Now())
    received_by = models.CharField(max_length=60)
    way = models.CharField(max_length=20, help_text="How it came: inbox, http, upload …")
    made_at = models.DateTimeField(null=True, help_text="When its sender made it, as it says.")
    sequence = models.CharField(max_length=20, blank=True)
    definition_digest = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.LANDED)
    sentence = models.TextField(blank=True)
    bytes_are_text = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Its bytes are its text in UTF-8: they are kept once, as text.",
    )
    states_days = models.BooleanField(
        default=False,
        db_default=False,
        help_text="What it lacks of an account and day that it states is gone.",
    )
    bytes_expired_at = models.DateTimeField(
        null=True, help_text="When its raw bytes were let go; its lines and its hash stay."
    )

    class Meta:
        db_table = "source_file"
        ordering = ["id"]
        constraints = [
            counts_add_up("source_file_counts_add_up"),
            # Two arrivals of the same bytes at one moment: the second waits here, then is a repeat.
            models.UniqueConstraint(
                fields=["source", "sha256"],
                condition=Q(duplicate_of__isnull=True),
                name="one_original_of_the_same_bytes",
            ),
        ]
        indexes = [
            models.Index(fields=["source", "status"], name="source_file_by_status"),
            models.Index(fields=["batch"], name="source_file_by_batch"),
        ]

    def __str__(self) -> str:
        return self.name


class SourcePart(models.Model):
    """A piece of a file's bytes, where its text does not give them; all in order are the file."""

    pk = models.CompositePrimaryKey("file", "part_no")
    file = models.ForeignKey(SourceFile, on_delete=models.CASCADE)
    part_no = models.IntegerField()
    body = models.BinaryField()

    class Meta:
        db_table = "source_part"


class SourceText(models.Model):
    """Up to 500 lines of a file as text, so that one line is read without the others."""

    pk = models.CompositePrimaryKey("file", "first_line")
    file = models.ForeignKey(SourceFile, on_delete=models.CASCADE)
    first_line = models.IntegerField()
    last_line = models.IntegerField()
    body = models.TextField()

    class Meta:
        db_table = "source_text"
