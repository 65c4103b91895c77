"""Findings: what the checks of data quality raised, who takes care of each, and its history."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from portfolios.models import Listing, Portfolio


class QualityRun(models.Model):
    """One run of the checks: what it looked at, what it raised, and what broke while looking."""

    id = models.AutoField(primary_key=True)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    cause = models.TextField()
    everything = models.BooleanField(default=False)
    batch_to = models.IntegerField(help_text="Every batch up to this number was looked at.")
    version_to = models.IntegerField(help_text="Figures were looked at up to this version.")
    marks = models.JSONField(default=dict, help_text="State of what carries no batch number.")
    raised = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    steps = models.JSONField(default=dict, help_text="Milliseconds each check took.")
    problems = models.JSONField(default=dict, help_text="Checks that failed, with the sentence.")

    class Meta:
        db_table = "quality_run"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"quality run {self.pk}"


class Finding(models.Model):
    """One thing that one check found: code, source, subject and day say which.

    A check that runs again changes nothing; when the cause is gone it closes its finding itself,
    and when the cause is back the same finding is opened again.
    """

    class Severity(models.TextChoices):
        NOTE = "note", "Note"
        WARNING = "warning", "Warning"
        ERROR = "error", "Error"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        RESOLVED = "resolved", "Resolved"
        DISMISSED = "dismissed", "Dismissed"

    id = models.AutoField(primary_key=True)
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=10, choices=Severity.choices)
    source = models.CharField(max_length=80, help_text="System, or the two that disagree.")
    subject = models.CharField(max_length=255)
    finding_day = models.DateField(null=True)
    sentence = models.TextField()
    evidence = models.JSONField(default=dict, help_text="numbers, and rows with file and line.")
    portfolio = models.ForeignKey(
        Portfolio, on_delete=models.PROTECT, null=True, related_name="findings"
    )
    portfolio_code = models.CharField(
        max_length=40, blank=True, default="", help_text="Operations do not see portfolios."
    )
    listing = models.ForeignKey(
        Listing, on_delete=models.PROTECT, null=True, related_name="findings"
    )
    known_from = models.DateTimeField(null=True, help_text="Since when its cause is known.")
    still_true = models.BooleanField(default=True, help_text="The check finds it still.")
    closed_because = models.TextField(blank=True, help_text="Why the check needs nobody any more.")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    raised_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    first_batch = models.IntegerField(help_text="Newest batch when it was first seen.")
    last_batch = models.IntegerField(help_text="Newest batch when the check last changed it.")
    first_version = models.IntegerField()
    last_version = models.IntegerField()

    class Meta:
        db_table = "finding"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "source", "subject", "finding_day"],
                name="finding_identity",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["state", "severity"], name="finding_by_state"),
            models.Index(fields=["portfolio"], name="finding_by_portfolio"),
            # What the trust strip of every page counts.
            models.Index(
                fields=["portfolio", "listing"],
                condition=Q(state__in=["open", "acknowledged"]) & ~Q(severity="note"),
                name="finding_in_the_strip",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"


class FindingEvent(models.Model):
    """One step in a finding's history; written once, never changed."""

    class Action(models.TextChoices):
        RAISED = "raised", "Raised"
        CLOSED = "closed", "Closed by the check"
        REOPENED = "reopened", "Opened again"
        TAKEN = "taken", "Taken"
        ASSIGNED = "assigned", "Assigned"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        RESOLVED = "resolved", "Resolved"
        DISMISSED = "dismissed", "Dismissed"

    id = models.AutoField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=12, choices=Action.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=12, choices=Finding.State.choices)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "finding_event"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.action} {self.finding_id}"
