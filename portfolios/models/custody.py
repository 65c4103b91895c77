"""The custodian's settled positions and postings: for reconciliation only, never for value."""

from django.db import models

from portfolios.models import fields
from portfolios.models.reference import Listing, Portfolio


class CustodyHolding(fields.Statement):
    """What one custody account held at the end of a day, by settlement date."""

    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT)
    account = models.CharField(max_length=40)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT)
    as_at = models.DateField()
    units = fields.units()
    units_blocked = fields.units(default=0)
    market_price = fields.rate(null=True)
    market_value = fields.money(null=True)

    class Meta:
        db_table = "custody_holding"
        constraints = [
            models.UniqueConstraint(
                fields=["portfolio", "account", "listing", "as_at", "known_from", "file_id"],
                name="custody_holding_identity",
            ),
        ]
        indexes = [models.Index(fields=["file_id", "line_no"], name="custody_holding_by_line")]


class CustodyPosting(fields.Statement):
    """One line of a custody statement, signed from the portfolio's point of view."""

    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT)
    account = models.CharField(max_length=40)
    posting_no = models.CharField(max_length=40)
    code = models.CharField(max_length=10)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, null=True)
    booked_on = models.DateField()
    dealt_on = models.DateField(null=True)
    value_on = models.DateField()
    units = fields.units(null=True)
    unit_price = fields.rate(null=True)
    currency = fields.currency(blank=True)
    amount = fields.money(null=True)
    narrative = models.TextField(blank=True)

    class Meta:
        db_table = "custody_posting"
        constraints = [
            models.UniqueConstraint(
                fields=["portfolio", "account", "posting_no", "known_from"],
                name="custody_posting_identity",
            ),
        ]
        indexes = [models.Index(fields=["file_id", "line_no"], name="custody_posting_by_line")]
