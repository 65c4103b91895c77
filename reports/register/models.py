"""One export a row: what was asked, at which version, what came out, and the dataset itself."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now


class ExportQuerySet(models.QuerySet["ExportRecord"]):
    """Named reads; the database shows people their own exports and auditors all."""

    def for_register(self) -> ExportQuerySet:
        """Exports with the person, newest first, without the heavy dataset."""
        return self.defer("frozen").select_related("person").order_by("-number")


class ExportRecord(models.Model):
    """An export as registered. Append-only: nobody has the right to change or delete a row."""

    number = models.BigAutoField(primary_key=True)
    created_at = models.DateTimeField(db_default=Now())
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports"
    )
    report = models.CharField(max_length=40)
    parameters = models.JSONField(encoder=DjangoJSONEncoder)
    portfolio_ids = ArrayField(models.IntegerField())
    version_number = models.IntegerField()
    as_of = models.DateField()
    template_version = models.CharField(max_length=20)
    row_counts = models.JSONField(help_text="Rows by dataset.")
    control_totals = models.JSONField(help_text="Sums by dataset and column, exact decimals.")
    files = models.JSONField(help_text="Name, media type, size and SHA-256 of each file.")
    frozen = models.BinaryField(help_text="The datasets as compressed canonical JSON.")
    remarks = models.JSONField(
        default=list, db_default=[], help_text="What is unknown or closed, in sentences."
    )

    objects = ExportQuerySet.as_manager()

    class Meta:
        db_table = "export_record"
        indexes = [models.Index(fields=["person", "-number"], name="export_by_person")]

    def __str__(self) -> str:
        return f"export {self.number}"

    @property
    def title(self) -> str:
        """The report's name as people read it."""
        return self.report.replace("_", " ").capitalize()

    @property
    def kind(self) -> str:
        """The kind of file that is handed over: a zip when there are several."""
        return "ZIP" if len(self.files) > 1 else str(self.parameters["format"]).upper()

    @property
    def rows(self) -> int:
        """Rows of all datasets together."""
        return sum(self.row_counts.values())

    def manifest(self) -> dict[str, Any]:
        """What anybody needs to check the files: see interface.md, Files out."""
        return {
            "export": self.number,
            "report": self.report,
            "parameters": self.parameters,
            "version": self.version_number,
            "as_of": self.as_of.isoformat(),
            "exported_by": self.person.get_username(),
            "exported_at": self.created_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "template_version": self.template_version,
            "row_counts": self.row_counts,
            "control_totals": self.control_totals,
            "files": self.files,
            "remarks": self.remarks,
        }
