"""What the checks keep beside their findings: what came twice, what files look like, both books."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ingestion.models.landing import SourceFile
from portfolios.models import Listing, Portfolio
from portfolios.models import fields as columns


class RepeatedRecord(models.Model):
    """A record that had been delivered before; of a file's many, the first few and their number."""

    id = models.AutoField(primary_key=True)
    file = models.ForeignKey(SourceFile, on_delete=models.CASCADE, related_name="+")
    line_no = models.IntegerField()
    record = models.CharField(max_length=20, help_text="Staging table of the record.")
    batch_id = models.IntegerField()
    subject = models.CharField(max_length=255)
    day = models.DateField(null=True)
    of_file = models.IntegerField(help_text="Repeated records of this kind in the whole file.")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, null=True, related_name="+")
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "repeated_record"
        constraints = [
            models.UniqueConstraint(
                fields=["file", "line_no", "record"], name="one_repeat_a_line_and_record"
            ),
        ]


class FileColumns(models.Model):
    """The columns a delimited file came with, to compare with those of its kind before."""

    file = models.OneToOneField(
        SourceFile, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    names = ArrayField(models.TextField())

    class Meta:
        db_table = "file_columns"


class ReconciliationDay(models.Model):
    """How a portfolio compared with its custodian's statement of a day."""

    id = models.BigAutoField(primary_key=True)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="+")
    portfolio_code = models.CharField(max_length=40, blank=True, default="")
    as_at = models.DateField()
    made_at = models.DateTimeField(help_text="The ledger is the one known at this moment.")
    positions = models.IntegerField()
    cash_balances = models.IntegerField()
    position_breaks = models.IntegerField()
    cash_breaks = models.IntegerField()

    class Meta:
        db_table = "reconciliation_day"
        constraints = [
            models.UniqueConstraint(fields=["portfolio", "as_at"], name="one_reconciliation_a_day"),
        ]
        indexes = [models.Index(fields=["-as_at"], name="reconciliation_by_day")]


class ReconciliationLine(models.Model):
    """One holding on which ledger and custodian differ, or that has trades on the way."""

    id = models.BigAutoField(primary_key=True)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="+")
    portfolio_code = models.CharField(max_length=40, blank=True, default="")
    as_at = models.DateField()
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    is_cash = models.BooleanField()
    ledger_settled = columns.units()
    custodian_holds = columns.units()
    break_size = columns.units(help_text="Custodian minus ledger.")
    broken = models.BooleanField(help_text="Beyond the tolerance.")
    pending = columns.units(default=0, help_text="Traded and known, not yet settled.")
    pending_count = models.IntegerField(default=0)

    class Meta:
        db_table = "reconciliation_line"
        constraints = [
            models.UniqueConstraint(
                fields=["portfolio", "as_at", "listing"], name="one_reconciliation_line"
            ),
        ]
        indexes = [models.Index(fields=["-as_at"], name="reconciliation_line_by_day")]


class PublishedFigure(models.Model):
    """A month-end value as it was first shown; a later difference is a restatement."""

    id = models.AutoField(primary_key=True)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, related_name="+")
    valued_on = models.DateField()
    net_asset_value = columns.money()
    wealth_net = models.FloatField()
    version = models.IntegerField()

    class Meta:
        db_table = "published_figure"
        constraints = [
            models.UniqueConstraint(
                fields=["portfolio", "valued_on"], name="one_published_month_end"
            ),
        ]
