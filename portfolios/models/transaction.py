"""The unified ledger: one append-only table of everything that happened to a portfolio."""

from django.db import models

from portfolios.models import fields
from portfolios.models.reference import Listing, Portfolio


class Transaction(fields.Lineage):
    """One version of one ledger event, signed from the portfolio's point of view."""

    class Kind(models.TextChoices):
        BUY = "BUY", "Purchase"
        SELL = "SELL", "Sale"
        SUBSCRIPTION = "SUBSCRIPTION", "Subscription"
        REDEMPTION = "REDEMPTION", "Redemption"
        FX = "FX", "Currency deal"
        DIVIDEND = "DIVIDEND", "Dividend"
        SPLIT = "SPLIT", "Split"
        TRANSFER_IN = "TRANSFER_IN", "Transfer in kind, in"
        TRANSFER_OUT = "TRANSFER_OUT", "Transfer in kind, out"
        MGMT_FEE = "MGMT_FEE", "Management fee"
        CUSTODY_FEE = "CUSTODY_FEE", "Safekeeping fee"

    # Both are held by sql/076_facts_refer.sql, a set at a time.
    portfolio = models.ForeignKey(
        Portfolio, on_delete=models.PROTECT, db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    effective_on = models.DateField(help_text="Trade date at the venue, value date or ex-date.")
    settles_on = models.DateField(null=True)
    executed_at = models.DateTimeField(null=True, help_text="Orders events inside a day.")
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, null=True, db_constraint=False)
    units = fields.units(null=True)
    unit_price = fields.rate(null=True)
    price_unit = models.CharField(max_length=3, blank=True)
    currency = fields.currency(blank=True)
    gross_amount = fields.money(null=True)
    charges = fields.money(null=True)
    tax_withheld = fields.money(null=True)
    cash_effect = fields.money(null=True)
    second_currency = fields.currency(blank=True)
    second_cash_effect = fields.money(null=True)
    split_new = fields.units(null=True)
    split_old = fields.units(null=True)
    remark = models.TextField(blank=True)
    source = models.CharField(max_length=40)
    source_reference = models.CharField(max_length=60)
    source_version = models.IntegerField()

    class Meta:
        db_table = "transaction"
        constraints = [
            # The portfolio is part of the key, so that a clash tells nobody of a foreign record.
            models.UniqueConstraint(
                fields=["portfolio", "source", "source_reference", "source_version", "known_from"],
                name="transaction_identity",
            ),
        ]
        indexes = [
            models.Index(fields=["portfolio", "effective_on"], name="transaction_by_day"),
            models.Index(fields=["portfolio", "listing"], name="transaction_by_listing"),
            models.Index(fields=["source", "source_reference"], name="transaction_by_reference"),
            models.Index(fields=["file_id", "line_no"], name="transaction_by_line"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.source_reference} v{self.source_version}"
