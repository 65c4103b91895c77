"""Market data facts: prices, fixings, index levels and weights, sessions, corporate actions."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from portfolios.models import fields
from portfolios.models.reference import Listing


class Price(fields.Statement):
    """One released version of a listing's official close, as traded, in the row's own unit."""

    id = models.BigAutoField(primary_key=True)
    # Held by sql/076_facts_refer.sql, a set at a time; price_identity begins with it.
    listing = models.ForeignKey(
        Listing, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    priced_on = models.DateField()
    price = fields.rate()
    unit = models.CharField(max_length=3)
    revision = models.IntegerField()

    class Meta:
        db_table = "price"
        constraints = [
            # Two sources may state the same at the same moment: the file tells them apart.
            models.UniqueConstraint(
                fields=["listing", "priced_on", "revision", "file_id", "known_from"],
                name="price_identity",
            ),
        ]
        indexes = [
            models.Index(fields=["priced_on"], name="price_by_day"),
            # Files are loaded one after the other: ranges of pages tell where a file's prices
            # lie, for next to nothing, where a tree would cost every load.
            BrinIndex(
                fields=["file_id"], name="price_by_file", pages_per_range=32, autosummarize=True
            ),
        ]


class FxFixing(fields.Statement):
    """One released version of a fixing: ``rate`` quote units for one base unit, as quoted."""

    id = models.BigAutoField(primary_key=True)
    fixed_on = models.DateField()
    base_currency = fields.currency()
    quote_currency = fields.currency()
    rate = fields.rate()

    class Meta:
        db_table = "fx_fixing"
        constraints = [
            models.UniqueConstraint(
                fields=["base_currency", "quote_currency", "fixed_on", "known_from", "file_id"],
                name="fx_fixing_identity",
            ),
        ]


class Benchmark(models.Model):
    """An index that portfolios are measured against."""

    id = models.AutoField(primary_key=True)
    code = models.CharField(max_length=20, unique=True)
    currency = fields.currency()

    class Meta:
        db_table = "benchmark"


class IndexLevel(fields.Statement):
    """One released version of an index's total return level at the close of a day."""

    id = models.BigAutoField(primary_key=True)
    benchmark = models.ForeignKey(Benchmark, on_delete=models.PROTECT)
    level_on = models.DateField()
    level = fields.rate()

    class Meta:
        db_table = "index_level"
        constraints = [
            models.UniqueConstraint(
                fields=["benchmark", "level_on", "known_from", "file_id"],
                name="index_level_identity",
            ),
        ]


class IndexWeight(fields.Statement):
    """Target weight of a listing in an index, rebalanced daily."""

    id = models.BigAutoField(primary_key=True)
    benchmark = models.ForeignKey(Benchmark, on_delete=models.PROTECT)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT)
    weight = fields.rate()

    class Meta:
        db_table = "index_weight"
        constraints = [
            models.UniqueConstraint(
                fields=["benchmark", "listing", "known_from", "file_id"],
                name="index_weight_identity",
            ),
        ]


class MarketSession(models.Model):
    """A day on which a venue (operating MIC) trades, as the market data vendor says."""

    id = models.BigAutoField(primary_key=True)
    operating_mic = models.CharField(max_length=4)
    open_on = models.DateField()

    class Meta:
        db_table = "market_session"
        constraints = [
            models.UniqueConstraint(fields=["operating_mic", "open_on"], name="one_session_a_day"),
        ]


class CorporateAction(fields.Statement):
    """A vendor's corporate action terms; what a portfolio booked is in the ledger."""

    id = models.BigAutoField(primary_key=True)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    effective_on = models.DateField()
    terms = models.JSONField(default=dict)

    class Meta:
        db_table = "corporate_action"
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "kind", "effective_on", "known_from", "file_id"],
                name="corporate_action_identity",
            ),
        ]
